import Reports
import TrustStores

extension ReportWriter {
    /// A note for each list that is too old to be the last word.
    func staleLists(_ judgement: Judgement) -> [Finding] {
        judgement.asked.filter { $0.store.isStale(at: question.checkedAt) }.map { judge in
            let store = judge.store
            var stale = finding(
                .anchorStoreStale, .storeStale, severity: .info, reference: .catenary("trust data"))
            stale.kind = .client
            stale.store = store.name
            stale.message = "the list \(store.reference) was published more than 180 days ago"
            stale.expected = "published within \(TrustStore.lifetime / 86_400) days"
            stale.presented = store.published?.description
            return stale
        }
    }
}
