import Certificates
import PathBuilding
import Reports
import TrustStores

/// All that can be reached from the end entity upwards over what was sent and fetched, and where an issuer is
/// missing: neither there nor known as a self-signed anchor. An anchor that is an intermediate ends a path of
/// its own stores; to all others its certificate is one that nobody sent.
struct MissingIssuers: Sendable {
    /// Certificates looked at: real chains have fewer than ten, cross-signs included.
    static let certificates = 64
    /// URLs of one certificate. Chromium asks at most five (kMaxFetchesPerCert of its
    /// cert_issuer_source_aia.cc).
    static let urlsOfOneCertificate = 5
    /// URLs asked for one chain, over all rounds: three certificates that each name five.
    static let urlsOfOneChain = 16
    /// Fetched issuers above each other: public chains have at most four intermediates.
    static let levels = 4

    /// One certificate that was reached.
    private struct Step {
        let certificate: Certificate
        /// Index into `steps`; -1 at the end entity.
        let parent: Int
        var isClosed = false
        var knownIssuer: Certificate?
    }

    /// A way from the end entity to a certificate whose issuer is missing.
    struct OpenEnd: Sendable {
        let path: CandidatePath
        /// Where the issuer may still be had: not asked yet, or asked in vain.
        let urls: [String]
        /// An anchor of some store that is not self-signed: who lacks it wants it sent.
        let knownIssuer: Certificate?
    }

    private var steps: [Step] = []
    private let fetched: FetchedIssuers

    init(
        leaf: Certificate, pool: IssuerIndex, anchors: [IssuerIndex], fetched: FetchedIssuers,
        cache: CertificateCache
    ) {
        self.fetched = fetched
        var seen: Set = [leaf.sha256]
        // As many checks as one search may spend.
        var checks = SearchBudget().signatures
        steps = [Step(certificate: leaf, parent: -1)]
        var next = 0
        while next < steps.count {
            let child = steps[next].certificate
            func issued(_ issuer: Certificate) -> Bool {
                checks -= 1
                return checks >= 0 && cache.signature(of: child, by: issuer) == .valid
            }
            steps[next].isClosed = child.isSelfIssued && issued(child)
            for issuer in steps[next].isClosed ? [] : pool.issuers(of: child) where issuer != child {
                let isIssuer = issued(issuer)
                // Another signature under a key that the child names will not be found elsewhere, either.
                if isIssuer || child.keyIdentifierMatches(issuer) == true { steps[next].isClosed = true }
                guard isIssuer, steps.count < Self.certificates, seen.insert(issuer.sha256).inserted else {
                    continue
                }
                steps.append(Step(certificate: issuer, parent: next))
            }
            for anchor in anchors.flatMap({ $0.issuers(of: child) }) where !steps[next].isClosed {
                guard issued(anchor) else { continue }
                if anchor.isSelfIssued {
                    steps[next].isClosed = true
                } else {
                    steps[next].knownIssuer = anchor
                }
            }
            next += 1
        }
    }

    /// Shortest first.
    var openEnds: [OpenEnd] {
        steps.indices.filter { !steps[$0].isClosed }.map { index in
            var certificates: [Certificate] = []
            var at = index
            while at >= 0 {
                certificates.append(steps[at].certificate)
                at = steps[at].parent
            }
            let top = steps[index]
            return OpenEnd(
                path: CandidatePath(certificates: certificates.reversed(), end: .issuerAbsent),
                urls: Self.urls(of: top.certificate).filter {
                    !fetched.asked.contains($0) || fetched.failed.contains($0)
                }, knownIssuer: top.knownIssuer)
        }
    }

    /// What to ask for: issuers that are missing; when there is nothing to ask for, others in place of those
    /// that are there, as Chrome does when a path fails.
    func wanted() -> [Wanted] {
        let missing = urls(steps.filter { !$0.isClosed })
        return missing.isEmpty ? urls(steps.filter { !$0.certificate.isSelfIssued }) : missing
    }

    /// There is more to ask for than may be asked.
    var isCut: Bool {
        steps.contains { step in
            !step.isClosed && Self.urls(of: step.certificate).contains { !fetched.asked.contains($0) }
                && (isTooHigh(step.certificate) || fetched.asked.count >= Self.urlsOfOneChain)
        }
    }

    private func urls(_ steps: [Step]) -> [Wanted] {
        var seen = fetched.asked
        var out: [Wanted] = []
        for step in steps where !isTooHigh(step.certificate) {
            for url in Self.urls(of: step.certificate) where seen.insert(url).inserted {
                guard seen.count <= Self.urlsOfOneChain else { return out }
                out.append(Wanted(kind: .issuer, url: url, certificate: step.certificate.sha256))
            }
        }
        return out
    }

    private func isTooHigh(_ certificate: Certificate) -> Bool {
        (fetched.sources[certificate.sha256]?.level ?? 0) >= Self.levels
    }

    /// http before https, whose own certificate somebody has to judge.
    static func urls(of certificate: Certificate) -> [String] {
        let all = certificate.extensions.issuerURLs.prefix(urlsOfOneCertificate)
        return all.filter { $0.lowercased().hasPrefix("http://") }
            + all.filter { $0.lowercased().hasPrefix("https://") }
    }
}
