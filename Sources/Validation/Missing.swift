import Certificates
import PathBuilding
import Reports

extension Validator {
    /// What may change the answer and is not in the evidence yet: issuers that were not sent, when `aia`
    /// allows it. Nothing is fetched here; whoever does appends what comes to `evidence.fetched` and asks
    /// again. What was asked once is never wanted again.
    package func missing(_ question: Question) -> [Wanted] {
        question.options.aia == true ? missingIssuers(question) : []
    }

    private func missingIssuers(_ question: Question) -> [Wanted] {
        let chain = Chain(question, cache: cache)
        guard let leaf = chain.leaf else { return [] }
        let asked = asked(question, posted: chain.posted)
        let found = search(chain, from: leaf, at: question.at)
        let isHeld = asked.allSatisfy { store in
            found.paths.contains { $0.anchor.map { store.anchors.contains($0.sha256) } == true
                && $0.issuersHold(at: question.at) }
        }
        return isHeld ? [] : missingIssuers(chain, of: leaf).wanted()
    }

    func missingIssuers(_ chain: Chain, of leaf: Certificate) -> MissingIssuers {
        MissingIssuers(
            leaf: leaf, pool: chain.pool(without: leaf), anchors: sources(chain), fetched: chain.fetched,
            cache: cache)
    }
}

extension CandidatePath {
    /// Nothing above the end entity has ended or not begun: other issuers would make no difference.
    fileprivate func issuersHold(at: Instant) -> Bool {
        certificates.dropFirst().allSatisfy { issuer in
            (issuer.notBefore ?? .latest) <= at && at <= (issuer.notAfter ?? .earliest)
        }
    }
}

/// The certificates of a question, decoded.
struct Chain: Sendable {
    let presentation: Presentation
    /// From `anchors`.
    let posted: [Certificate]
    /// From `intermediates`: they count as sent.
    let extra: [Certificate]
    let fetched: FetchedIssuers

    var leaf: Certificate? { presentation.leaf }
    /// In the order sent.
    var sent: [Certificate] { presentation.certificates + extra }

    init(_ question: Question, cache: CertificateCache) {
        presentation = Presentation(evidence: question.evidence, cache: cache)
        posted = question.options.anchors.compactMap { try? cache.certificate(der: $0) }
        extra = question.options.intermediates.compactMap { try? cache.certificate(der: $0) }
        fetched = FetchedIssuers(
            question.evidence.fetched, sent: presentation.certificates + extra, cache: cache)
    }

    /// What may stand between end entity and anchor.
    func pool(without leaf: Certificate) -> IssuerIndex {
        IssuerIndex((sent + fetched.certificates).filter { $0 != leaf })
    }
}
