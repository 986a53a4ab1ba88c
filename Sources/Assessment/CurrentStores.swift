import Certificates
import Reports
import Synchronization
import TrustStores
import Validation

/// The stores and rules that judgements use now. A reload swaps them whole; a judgement keeps the snapshot
/// that it began with.
package final class CurrentStores: Sendable {
    /// Reads every store; given those of now, whose certificates need not be parsed again.
    package typealias Load = @Sendable (StoreSet?) throws(TrustStoreError) -> StoreSet

    struct Snapshot: Sendable {
        let stores: StoreSet
        /// Made once: it indexes all anchors.
        let validator: Validator
        let rules: RuleVersions

        init(_ stores: StoreSet, _ cache: CertificateCache) {
            self.stores = stores
            validator = Validator(stores: stores, cache: cache)
            rules = stores.ruleVersions
        }
    }

    package let rules: StoreRules
    let cache = CertificateCache()
    private let load: Load
    private let current: Mutex<Snapshot>

    /// Loads everything once; throws the first error, as does a rule that names a store which is not there.
    package init(rules: StoreRules = StoreRules(), load: @escaping Load) throws(TrustStoreError) {
        let stores = try load(nil)
        try rules.check(against: stores)
        (self.rules, self.load) = (rules, load)
        current = Mutex(Snapshot(stores, cache))
    }

    package var stores: StoreSet { snapshot.stores }

    var snapshot: Snapshot { current.withLock { $0 } }

    /// Reads everything again. When anything is wrong the old stores stay, and the error says what.
    package func reload() throws(TrustStoreError) {
        let stores = try load(self.stores)
        try rules.check(against: stores)
        let fresh = Snapshot(stores, cache)
        current.withLock { $0 = fresh }
    }
}
