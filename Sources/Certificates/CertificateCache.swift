import Synchronization

/// Certificates by the SHA-256 of their DER, and signatures once found good. Both are bounded; nothing in
/// here is trusted beyond the bytes it was computed from.
package final class CertificateCache: Sendable {
    private struct Edge: Hashable {
        let issuer: SHA256Digest
        let subject: SHA256Digest
    }

    private struct Shelves {
        var authorities: LRU<SHA256Digest, Certificate>
        var others: LRU<SHA256Digest, Certificate>
        var edges: LRU<Edge, Void>
    }

    private let shelves: Mutex<Shelves>
    private let shortcuts: Bool

    /// A parsed certificate holds about 20 kB. CA certificates have a shelf of their own, so that a flood of
    /// leaves cannot push them out: the web has about 2,000 intermediates in use. An edge is 64 bytes and its
    /// links. Without `shortcuts` every key is decoded and every signature checked by libcrypto's own road:
    /// what the shorter ones are compared with.
    package init(
        authorities: Int = 2_000, others: Int = 1_000, edges: Int = 20_000, shortcuts: Bool = true
    ) {
        self.shortcuts = shortcuts
        shelves = Mutex(
            Shelves(
                authorities: LRU(capacity: authorities), others: LRU(capacity: others),
                edges: LRU(capacity: edges)))
    }

    /// The certificate of these bytes, parsed now or before.
    package func certificate(der: [UInt8]) throws(CertificateError) -> Certificate {
        let digest = SHA256Digest(of: der)
        let known = shelves.withLock { $0.authorities.value(for: digest) ?? $0.others.value(for: digest) }
        if let known { return known }
        let fresh = try Certificate.parse(der: der, shortcuts: shortcuts)
        shelves.withLock {
            if fresh.isCA {
                $0.authorities.insert(fresh, for: digest)
            } else {
                $0.others.insert(fresh, for: digest)
            }
        }
        return fresh
    }

    /// As `Certificate.signature(by:)`. Successes are remembered under both hashes; a failure never is, since
    /// one flipped bit of memory would outlive its cause.
    package func signature(of subject: Certificate, by issuer: Certificate) -> SignatureOutcome {
        let edge = Edge(issuer: issuer.sha256, subject: subject.sha256)
        if shelves.withLock({ $0.edges.value(for: edge) != nil }) { return .valid }
        let outcome = subject.signature(by: issuer, shortcuts: shortcuts)
        if outcome == .valid { shelves.withLock { $0.edges.insert((), for: edge) } }
        return outcome
    }

    /// The signature has been found good before.
    package func hasEdge(from issuer: Certificate, to subject: Certificate) -> Bool {
        let edge = Edge(issuer: issuer.sha256, subject: subject.sha256)
        return shelves.withLock { $0.edges.value(for: edge) != nil }
    }
}
