import Certificates
import Reports
import TrustStores

struct Question {
    var evidence: Evidence
    var options: Options
    var target: Target?
    var stores: [TrustStore]
    var storesFrom: StoresFrom
    var at: Instant
    var checkedAt: Instant
    var id: String
}

struct Validator: Sendable {
    init(stores: StoreSet, cache: CertificateCache) {}

    func judge(_ question: Question) -> Report {
        var report = Report(
            id: question.id, checkedAt: question.checkedAt, at: question.at, verdict: .indeterminate,
            state: .unknown, summary: "Not judged yet.")
        report.target = question.target
        report.storesFrom = question.storesFrom
        return report
    }
}
