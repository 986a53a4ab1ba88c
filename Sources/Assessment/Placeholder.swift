import Certificates
import Reports
import TrustStores

enum Validator {
    static func judge(
        _ evidence: Evidence, options: Options, target: Target?, stores: StoreSet, storesFrom: StoresFrom,
        at: Instant, now: Instant, id: String
    ) -> Report {
        var report = Report(
            id: id, checkedAt: now, at: at, verdict: .indeterminate, state: .unknown,
            summary: "Not judged yet.")
        report.target = target
        report.storesFrom = storesFrom
        return report
    }
}
