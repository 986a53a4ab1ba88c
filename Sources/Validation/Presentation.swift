import Certificates
import PathBuilding
import Reports

/// The certificates as they were presented, and how well they were.
struct Presentation: Sendable {
    /// In the order sent, undecodable ones left out.
    let certificates: [Certificate]
    /// Positions of those that could not be decoded, with the reason.
    let undecodable: [(position: Int, error: CertificateError)]
    let leaf: Certificate?

    init(evidence: Evidence, cache: CertificateCache) {
        var good: [Certificate] = []
        var bad: [(position: Int, error: CertificateError)] = []
        var first: Certificate?
        for (position, der) in evidence.presented.enumerated() {
            do {
                let certificate = try cache.certificate(der: der)
                if position == 0 { first = certificate }
                good.append(certificate)
            } catch {
                bad.append((position, error))
            }
        }
        certificates = good
        undecodable = bad
        // In a handshake the end entity is the first certificate sent (RFC 8446 §4.4.2).
        leaf = evidence.source == .handshake ? first : Self.endEntity(of: good, cache: cache)
    }

    /// Of posted certificates: the first that is not a CA among those that issued none of the others, else
    /// the first of those.
    private static func endEntity(of certificates: [Certificate], cache: CertificateCache) -> Certificate? {
        // As many checks as one search may spend; beyond them the name alone decides.
        var checks = SearchBudget().signatures
        let byIssuer = Dictionary(grouping: certificates, by: \.issuerHash)
        let lowest = certificates.filter { candidate in
            let children = byIssuer[candidate.subjectHash] ?? []
            return !children.contains { child in
                guard child != candidate, candidate.subjectMatches(issuerOf: child) else { return false }
                checks -= 1
                return checks < 0 || cache.signature(of: child, by: candidate) == .valid
            }
        }
        return lowest.first { !$0.isCA } ?? lowest.first ?? certificates.first
    }

    var duplicates: [Certificate] {
        var seen: Set<SHA256Digest> = []
        var reported: Set<SHA256Digest> = []
        return certificates.filter { !seen.insert($0.sha256).inserted && reported.insert($0.sha256).inserted }
    }

    /// Sent, and on none of these paths, not even as the anchor's own certificate or a twin of it.
    func unrelated(to paths: [CandidatePath]) -> [Certificate] {
        let used = Set(paths.flatMap { $0.certificates.map(\.sha256) })
        let anchors = paths.compactMap(\.anchor)
        var reported: Set<SHA256Digest> = []
        return certificates.filter { certificate in
            !used.contains(certificate.sha256) && certificate != leaf
                && !anchors.contains { $0.isSameEntity(as: certificate) }
                && reported.insert(certificate.sha256).inserted
        }
    }

    /// Self-signed certificates that need not be sent.
    var anchorsSent: [Certificate] {
        var reported: Set<SHA256Digest> = []
        return certificates.filter {
            $0 != leaf && $0.isSelfIssued && $0.isCA && reported.insert($0.sha256).inserted
        }
    }

    /// Each certificate of `path` that was sent comes before its issuer, nothing of the path before the end
    /// entity.
    func isInOrder(_ path: CandidatePath?) -> Bool {
        guard let path else { return certificates.first == leaf }
        var last = -1
        for certificate in path.certificates {
            guard let position = certificates.firstIndex(of: certificate) else { continue }
            guard position > last else { return false }
            last = position
        }
        return certificates.first == leaf
    }

    /// The order in which the certificates of `path` were sent, and how they should be: names for a finding.
    func order(_ path: CandidatePath) -> (expected: String, presented: String) {
        let sent = path.certificates.filter { certificates.contains($0) }
        let asSent = sent.sorted { a, b in
            (certificates.firstIndex(of: a) ?? 0) < (certificates.firstIndex(of: b) ?? 0)
        }
        func names(_ list: [Certificate]) -> String { list.map(\.subject.display).joined(separator: ", ") }
        return (names(sent), names(asSent))
    }
}
