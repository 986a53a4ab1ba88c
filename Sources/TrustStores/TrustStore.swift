import Certificates

/// A named, dated list of anchors and the client that uses it.
package struct TrustStore: Sendable {
    /// What an answer of this store is worth.
    package enum Basis: String, Sendable, CaseIterable {
        case full
        /// Judged with another programme's data.
        case approximate
        /// In the list or not; conditions are carried but not evaluated.
        case membership
    }

    /// Where it came from.
    package enum Origin: String, Sendable { case shipped, system, custom, request }

    package let name: String
    /// As its publisher writes it; for a list without one, the first 12 hex digits of the SHA-256 over the
    /// sorted hashes of its certificates.
    package let version: String
    /// Upstream's date of the list, not ours; nil when unknown.
    package let published: Instant?
    package let origin: Origin
    package let client: ClientName
    package let completes: Client.Completion
    package let basis: Basis
    /// Sorted by hash, each certificate once.
    package let anchors: [Anchor]
    private let places: [Entity: [Int]]

    package init(
        name: String, version: String? = nil, published: Instant? = nil, origin: Origin, client: Client,
        basis: Basis = .membership, anchors: [Anchor]
    ) {
        var seen = Set<SHA256Digest>()
        let kept = anchors.filter { seen.insert($0.certificate.sha256).inserted }
            .sorted { $0.certificate.sha256 < $1.certificate.sha256 }
        self.name = name
        self.version = version ?? Self.fingerprint(kept)
        (self.published, self.origin, self.basis, self.anchors) = (published, origin, basis, kept)
        (self.client, completes) = (client.name, client.completes)
        places = Dictionary(grouping: kept.indices) { Entity(kept[$0].certificate) }
    }

    /// `mozilla@2.92`: names exactly this version.
    package var reference: String { "\(name)@\(version)" }

    /// This store's anchors with the subject and the key of `certificate`: several where a CA renewed its
    /// own. A cross-sign of an anchor finds the anchor.
    package func anchors(matching certificate: Certificate) -> [Anchor] {
        (places[Entity(certificate)] ?? []).map { anchors[$0] }
    }

    private static func fingerprint(_ anchors: [Anchor]) -> String {
        String(SHA256Digest(of: anchors.flatMap { $0.certificate.sha256.bytes }).hex.prefix(12))
    }
}
