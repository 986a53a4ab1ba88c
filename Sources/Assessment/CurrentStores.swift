import Synchronization
import TrustStores

/// The stores and rules that judgements use now. A reload swaps them whole; a judgement keeps the snapshot
/// that it began with.
package final class CurrentStores: Sendable {
    private let loader: TrustStoreLoader
    private let rules: StoreRules
    private let current: Mutex<StoreSet>

    /// Loads everything once; throws the first error, as does a rule that names a store which is not there.
    package init(loader: TrustStoreLoader, rules: StoreRules = StoreRules()) throws(TrustStoreError) {
        let stores = try loader.load()
        try rules.check(against: stores)
        (self.loader, self.rules) = (loader, rules)
        current = Mutex(stores)
    }

    package var snapshot: (stores: StoreSet, rules: StoreRules) { (current.withLock { $0 }, rules) }

    /// Reads everything again. When anything is wrong the old stores stay, and the error says what.
    package func reload() throws(TrustStoreError) {
        let stores = try loader.load(reusing: current.withLock { $0 })
        try rules.check(against: stores)
        current.withLock { $0 = stores }
    }
}
