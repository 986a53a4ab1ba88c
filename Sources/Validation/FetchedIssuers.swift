import Certificates
import Reports

/// Issuers that were fetched because nobody sent them (RFC 5280 §4.2.2.1). Only what verifies as the issuer
/// of a certificate that is known already enters the search; the rest is told in findings.
struct FetchedIssuers: Sendable {
    /// Of one answer. The largest public bag of cross-signs, that of the US Federal PKI, holds about thirty.
    static let certificatesOfOneAnswer = 64

    enum Outcome: Sendable, Equatable {
        /// It brought an issuer, or one that was sent all the same.
        case issuer
        /// Certificates, none of which issued anything here.
        case unrelated
        case undecodable
        case failed(FetchFailure)
    }

    /// In the order asked; none that was sent.
    private(set) var certificates: [Certificate] = []
    private(set) var outcomes: [(wanted: Wanted, outcome: Outcome)] = []
    /// Where each came from, and how many fetched ones stand between it and what was sent.
    private(set) var sources: [SHA256Digest: (url: String, level: Int)] = [:]
    /// Asked for, with whatever success.
    private(set) var asked: Set<String> = []
    /// Asked for in vain: another time there may be an answer.
    private(set) var failed: Set<String> = []

    /// - Parameter sent: what the server sent and what counts as sent, end entity included.
    init(_ fetched: [Fetched], sent: [Certificate], cache: CertificateCache) {
        let issuers = fetched.filter { $0.wanted.kind == .issuer }
        guard !issuers.isEmpty else { return }
        var known = sent
        let isSent = Set(sent.map(\.sha256))
        for answer in issuers {
            asked.insert(answer.wanted.url)
            switch answer.result {
            case .failure(let failure):
                failed.insert(answer.wanted.url)
                outcomes.append((answer.wanted, .failed(failure)))
            case .success(let octets):
                let found = Self.decode(octets, cache)
                let verified = found.filter { issuer in
                    known.contains { child in
                        child != issuer && issuer.subjectMatches(issuerOf: child)
                            && cache.signature(of: child, by: issuer) == .valid
                    }
                }
                outcomes.append(
                    (
                        answer.wanted,
                        found.isEmpty ? .undecodable : verified.isEmpty ? .unrelated : .issuer
                    ))
                let level = (sources[answer.wanted.certificate]?.level ?? 0) + 1
                for issuer in verified where !isSent.contains(issuer.sha256) {
                    guard sources[issuer.sha256] == nil else { continue }
                    sources[issuer.sha256] = (answer.wanted.url, level)
                    certificates.append(issuer)
                    known.append(issuer)
                }
            }
        }
    }

    /// DER, PEM or PKCS#7 of certificates only, whatever the server calls it: many call it nothing or
    /// wrongly.
    private static func decode(_ octets: Octets, _ cache: CertificateCache) -> [Certificate] {
        // As much as so many certificates of the largest size allowed; nothing that is larger is a chain.
        guard octets.count <= Certificate.sizeLimit * certificatesOfOneAnswer else { return [] }
        let bytes = octets.array
        if let one = try? cache.certificate(der: bytes) { return [one] }
        let list =
            (try? PKCS7.certificates(der: bytes))
            ?? (try? PEM.decode(bytes, limit: certificatesOfOneAnswer)) ?? []
        return list.prefix(certificatesOfOneAnswer).compactMap { try? cache.certificate(der: $0) }
    }

    /// Of these certificates the ones that were fetched.
    func among(_ path: some Sequence<Certificate>) -> [Certificate] {
        sources.isEmpty ? [] : path.filter { sources[$0.sha256] != nil }
    }
}
