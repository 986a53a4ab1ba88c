import Certificates

/// Every loaded store, immutable: a reload makes another one, and judgements that run keep theirs.
package struct StoreSet: Sendable {
    /// Every version of every store, by name in order of loading, newest version first.
    package let all: [TrustStore]
    package let clients: [ClientName: Client]
    /// The stores asked when neither the request nor a rule names any.
    package let defaultNames: [String]
    /// The union of all anchors by certificate, sorted by hash.
    package let anchors: [Certificate]
    /// What was left out while loading, and why: a certificate of the system's bundle that cannot be parsed.
    package let notices: [TrustStoreError]
    /// Certificate Transparency logs; nil when the trust data has no list.
    package let logs: CTLogList?
    package let blocks: [BlockList]
    /// One store of each name, at its newest version: what `stores=all` means.
    package let newest: [TrustStore]

    /// Positions in `all`, newest version first.
    private let byName: [String: [Int]]
    private let names: [String]
    private let holders: [Entity: [Holder]]

    private struct Holder: Sendable {
        let store: Int
        let certificate: Certificate
    }

    package init(
        _ stores: [TrustStore], clients: [Client] = [], defaultNames: [String] = ["mozilla"],
        notices: [TrustStoreError] = [], logs: CTLogList? = nil, blocks: [BlockList] = []
    ) {
        var names = [String]()
        for store in stores where !names.contains(store.name) { names.append(store.name) }
        let ordered = names.flatMap { name in
            stores.filter { $0.name == name }.sorted { StoreVersion.isNewer($0, $1) }
        }
        var union = [SHA256Digest: Certificate]()
        var holders = [Entity: [Holder]]()
        for (at, store) in ordered.enumerated() {
            for anchor in store.anchors {
                union[anchor.certificate.sha256] = anchor.certificate
                holders[Entity(anchor.certificate), default: []]
                    .append(Holder(store: at, certificate: anchor.certificate))
            }
        }
        all = ordered
        byName = Dictionary(grouping: ordered.indices) { ordered[$0].name }
        anchors = union.values.sorted { $0.sha256 < $1.sha256 }
        self.clients = Dictionary(clients.map { ($0.name, $0) }) { first, _ in first }
        (self.names, self.holders, self.defaultNames, self.notices) = (names, holders, defaultNames, notices)
        (self.logs, self.blocks) = (logs, blocks)
        newest = names.compactMap { name in ordered.first { $0.name == name } }
    }

    /// `mozilla` is the newest version of that name, `mozilla@2.92` exactly that one. A query string reads
    /// `+` as a space and Debian writes `~` and `+`, so `_`, `+`, `~` and a space are one character in a
    /// version.
    package func lookup(_ reference: String) -> TrustStore? {
        let parts = reference.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let positions = byName[String(first)] else { return nil }
        guard parts.count == 2 else { return positions.first.map { all[$0] } }
        let wanted = StoreVersion.folded(String(parts[1]))
        return positions.first { StoreVersion.folded(all[$0].version) == wanted }.map { all[$0] }
    }

    /// The stores that were asked for, in that order, each once; `all` is every one at its newest version.
    /// Throws `store_unknown` for a name that is not loaded.
    package func resolve(_ references: [String]) throws(TrustStoreError) -> [TrustStore] {
        var found = [TrustStore]()
        for reference in references {
            let wanted: [TrustStore]
            if reference == StoreName.everything {
                wanted = newest
            } else if let store = lookup(reference) {
                wanted = [store]
            } else {
                throw TrustStoreError(.unknown, unknownDetail(reference))
            }
            for store in wanted where !found.contains(where: { $0.reference == store.reference }) {
                found.append(store)
            }
        }
        // Answers are by name: of several versions the newest bears it.
        return found.map { store in
            let isAlone = found.count { $0.name == store.name } == 1
            return isAlone || lookup(store.name)?.reference == store.reference ? store : store.byReference()
        }
    }

    /// The reference comes from a request: only a well-formed name is repeated.
    private func unknownDetail(_ reference: String) -> String {
        let name = String(reference.prefix { $0 != "@" })
        if let positions = byName[name] {
            let versions = positions.map { all[$0].version }.joined(separator: ", ")
            return "no such version of '\(name)'; loaded: \(versions)"
        }
        let shown = StoreName.isWellFormed(name) ? "no store '\(name)' is loaded" : "no such store is loaded"
        return "\(shown); loaded: \(names.joined(separator: ", "))"
    }

    /// The anchors, in whatever store, with the subject and the key of `certificate`.
    package func anchors(matching certificate: Certificate) -> [Certificate] {
        var seen = Set<SHA256Digest>()
        return (holders[Entity(certificate)] ?? []).map(\.certificate).filter {
            seen.insert($0.sha256).inserted
        }
    }

    /// The stores, older versions included, that hold an anchor with the subject and the key of
    /// `certificate`.
    package func stores(holding certificate: Certificate) -> [TrustStore] {
        var seen = Set<Int>()
        return (holders[Entity(certificate)] ?? []).map(\.store).filter { seen.insert($0).inserted }.map {
            all[$0]
        }
    }

    /// The lists that `client` refuses by.
    package func blocks(for client: ClientName) -> [BlockList] {
        blocks.filter { $0.clients.contains(client) }
    }

    /// The programmes whose anchors are held to public rules (Certificate Transparency, maximum validity).
    package static let programmes: Set = ["mozilla", "chrome", "apple", "microsoft", "android", "java"]

    /// Whether a path that ends at `anchor` is a public one, whichever store was asked.
    package func isPublic(_ anchor: Certificate) -> Bool {
        (holders[Entity(anchor)] ?? []).contains {
            all[$0.store].origin == .shipped && Self.programmes.contains(all[$0.store].name)
        }
    }

    /// A request's own anchors as the store `request`, judged as libcrypto.
    package func request(anchors: [Certificate]) -> TrustStore {
        let client = clients[.libcrypto] ?? Client(name: .libcrypto, completes: .nothing)
        return TrustStore(
            name: StoreName.request, origin: .request, client: client,
            anchors: anchors.map { Anchor(certificate: $0) })
    }
}

/// The order of a store's versions.
enum StoreVersion {
    static func folded(_ version: String) -> String {
        String(version.map { "+~ ".contains($0) ? "_" : $0 })
    }

    /// By upstream's date, then by version with runs of digits compared as numbers: 2.100 is newer than 2.92.
    static func isNewer(_ a: TrustStore, _ b: TrustStore) -> Bool {
        if a.isNewestCandidate != b.isNewestCandidate { return a.isNewestCandidate }
        if let x = a.published, let y = b.published, x != y { return x > y }
        let (x, y) = (parts(a.version), parts(b.version))
        for (p, q) in zip(x, y) where p != q {
            if let m = Int(p), let n = Int(q) { return m > n }
            return p > q
        }
        return x.count > y.count
    }

    private static func parts(_ version: String) -> [String] {
        var out = [String]()
        var digits: Bool?
        for c in version where c.isLetter || c.isNumber || c == "." || c == "_" {
            if c == "." || c == "_" {
                digits = nil
            } else if digits == c.isNumber, let last = out.popLast() {
                out.append(last + String(c))
            } else {
                out.append(String(c))
                digits = c.isNumber
            }
        }
        return out
    }
}
