import Certificates

/// An anchor that a store no longer has. Its conditions would vanish with it: they say why it went.
package struct FormerAnchor: Sendable, Equatable {
    package let sha256: SHA256Digest
    /// The newest version that we know which had it.
    package let lastVersion: String
    package let conditions: [AnchorCondition]
}

/// A named, dated list of anchors and the client that uses it.
package struct TrustStore: Sendable {
    /// What an answer of this store is worth.
    package enum Basis: String, Sendable, CaseIterable {
        case full
        /// Judged with another programme's data.
        case approximate
        /// In the list, with its conditions and block lists; for what purposes, the list does not say.
        case membership
    }

    /// Where it came from.
    package enum Origin: String, Sendable { case shipped, system, custom, request }

    /// Under which it answers: its own name, or `mozilla@2.60` beside another version of it in one request.
    package private(set) var name: String
    /// As its publisher writes it; for a list without one, the first 12 hex digits of the SHA-256 over the
    /// sorted hashes of its certificates.
    package let version: String
    /// Upstream's date of the list, not ours; nil when unknown.
    package let published: Instant?
    package let origin: Origin
    package let client: ClientName
    package let completes: Client.Completion
    /// The version of the client that the store is judged as, where conditions depend on it.
    package let clientVersion: ClientVersion?
    package let basis: Basis
    /// Why it is not full; nil where it is.
    package let basisReason: String?
    /// Sorted by hash, each certificate once.
    package let anchors: [Anchor]
    /// Anchors of earlier versions that are gone, with what was said of them last.
    package let former: [FormerAnchor]
    /// False for a version of another line (the JDK 17 beside 25): never what the bare name means, whatever
    /// its date.
    let isNewestCandidate: Bool
    private let places: [Entity: [Int]]

    package init(
        name: String, version: String? = nil, published: Instant? = nil, origin: Origin, client: Client,
        clientVersion: ClientVersion? = nil, basis: Basis = .membership,
        basisReason: String? = nil, anchors: [Anchor],
        former: [FormerAnchor] = [], isNewestCandidate: Bool = true
    ) {
        var seen = Set<SHA256Digest>()
        let kept = anchors.filter { seen.insert($0.certificate.sha256).inserted }
            .sorted { $0.certificate.sha256 < $1.certificate.sha256 }
        self.name = name
        self.version = version ?? Self.fingerprint(kept)
        reference = "\(name)@\(self.version)"
        (self.published, self.origin, self.basis, self.anchors) = (published, origin, basis, kept)
        (self.client, completes) = (client.name, client.completes)
        (self.clientVersion, self.former) = (clientVersion, former)
        self.basisReason = basisReason
        self.isNewestCandidate = isNewestCandidate
        places = Dictionary(grouping: kept.indices) { Entity(kept[$0].certificate) }
    }

    /// The same anchors judged as another client: `corp/java`.
    package func judged(as client: Client) -> TrustStore {
        TrustStore(
            name: "\(name)/\(client.name)", version: version, published: published, origin: origin,
            client: client, basis: basis, anchors: anchors)
    }

    /// Whose client is for the request to choose: a programme's list has its own.
    package var takesClients: Bool { origin == .custom || origin == .request }

    /// Without the client that it is judged as: `corp` of `corp/java`.
    package var listName: String { name.split(separator: "/").first.map(String.init) ?? name }

    /// `mozilla@2.92`: names exactly this version.
    package let reference: String

    /// The same, to answer beside a newer version of itself.
    func byReference() -> TrustStore {
        var copy = self
        copy.name = reference
        return copy
    }

    /// Seconds after which a shipped list is stale. The programmes publish every few weeks to months; of what
    /// changed in 180 days much is known by its date only to whoever has a newer list.
    package static let lifetime: Int64 = 180 * 86_400

    /// Seconds since upstream's date of a shipped list; nil for operators' and this machine's own, which do
    /// not age: they are what they are.
    package func age(at now: Instant) -> Int64? {
        guard origin == .shipped, let published else { return nil }
        return now - published
    }

    package func isStale(at now: Instant) -> Bool { (age(at: now) ?? 0) > Self.lifetime }

    /// This store's anchors with the subject and the key of `certificate`: several where a CA renewed its
    /// own. A cross-sign of an anchor finds the anchor.
    package func anchors(matching certificate: Certificate) -> [Anchor] {
        (places[Entity(certificate)] ?? []).map { anchors[$0] }
    }

    private static func fingerprint(_ anchors: [Anchor]) -> String {
        String(SHA256Digest(of: anchors.flatMap { $0.certificate.sha256.bytes }).hex.prefix(12))
    }
}
