import Certificates
import TrustStores

/// The trust stores as resources. Names in paths are percent-encoded: a version may hold `+`.
struct StorePages {
    let stores: StoreSet
    let now: Instant

    func list() -> Answer { answer(StoreJSON.list(stores)) }

    /// A line for every store whose newest list is stale, and one for the list of transparency logs.
    var staleLines: [String] {
        let stale = stores.newest.filter { $0.isStale(at: now) }.compactMap { store in
            store.published.map { "store_stale \(store.reference), \(age($0))" }
        }
        guard let logs = stores.logs, logs.isStale(at: now) else { return stale }
        return stale + ["ct_list_stale \(logs.version), \(age(logs.published))"]
    }

    private func age(_ published: Instant) -> String {
        "published \(published.date), \((now - published) / 86_400) days ago"
    }

    func show(_ name: String) throws(Problem) -> Answer {
        answer(StoreJSON.store(try find(name), in: stores))
    }

    /// `expiring=12mo`: only anchors that end within that span from now, or have ended.
    func anchors(_ name: String, query: Substring) throws(Problem) -> Answer {
        let store = try find(name)
        var until: Instant?
        let pairs: [(name: String, value: String)]
        do throws(QueryString.Malformed) {
            pairs = try QueryString.parse(query)
        } catch {
            throw Problem(.queryMalformed, "'\(error.parameter)' is not percent-encoded UTF-8.")
        }
        for (name, value) in pairs {
            guard name == "expiring", until == nil, let days = Self.days(value) else {
                throw Problem(.queryMalformed, "Only 'expiring' is known here, once, as 90d, 12mo or 1y.")
            }
            until = now + days * 86_400
        }
        return answer(StoreJSON.anchors(store, until: until))
    }

    /// Whole days, at most 9999 of a unit; a year has 365 and a month a twelfth of them.
    static func days(_ text: String) -> Int64? {
        for (unit, scale) in [("mo", (365, 12)), ("d", (1, 1)), ("y", (365, 1))] as [(String, (Int64, Int64))]
        where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count)
            guard (1...4).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            return Int64(digits).map { $0 * scale.0 / scale.1 }
        }
        return nil
    }

    private func find(_ encoded: String) throws(Problem) -> TrustStore {
        guard let name = QueryString.decode(encoded[...], plus: false), let store = stores.lookup(name) else {
            throw Problem(.notFound, "No such trust store is loaded; /v1/trust-stores lists them.")
        }
        return store
    }

    private func answer(_ bytes: [UInt8]) -> Answer {
        Answer(type: "application/json", bytes + [0x0A], headers: [("Cache-Control", "no-cache")])
    }
}
