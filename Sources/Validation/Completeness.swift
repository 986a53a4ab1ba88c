import Certificates
import Checks
import Reports

/// Whether the server sends all that it should, what it forgot, and how asking for it went. Completeness is
/// apart from trust.
struct Completeness {
    let question: Question
    let chain: Chain
    let judgement: Judgement

    /// What was sent, with one anchor, forms a path; an anchor that is not self-signed ends it only for
    /// custom and request stores. Nil when no anchor is known for the chain at all and nothing was fetched.
    var isComplete: Bool? {
        guard !judgement.paths.isEmpty else { return forgotten == nil ? nil : false }
        return judgement.paths.contains { $0.fetched.isEmpty && isWhole($0) }
    }

    private func isWhole(_ path: JudgedPath) -> Bool {
        guard let anchor = path.path.anchor else { return false }
        return anchor.isSelfIssued
            || judgement.asked.contains { store in
                (store.store.origin == .custom || store.store.origin == .request)
                    && store.anchors.contains(anchor.sha256)
            }
    }

    /// What the server forgot and the certificate after which it belongs.
    private var forgotten: (after: Certificate, certificates: [Certificate])? {
        let best = judgement.paths.first(where: isWhole) ?? judgement.paths.first ?? judgement.nearMiss
        guard let best else { return nil }
        // A root that was fetched is nothing that a server sends.
        var missing = best.fetched.filter { !$0.isSelfIssued }
        if missing.isEmpty, let anchor = best.path.anchor, !anchor.isSelfIssued { missing = [anchor] }
        guard let first = missing.first, let place = best.certificates.firstIndex(of: first), place > 0 else {
            return nil
        }
        return (best.certificates[place - 1], missing)
    }

    var missing: [Presented.Missing] {
        switch isComplete {
        case true: return []
        case false:
            guard let (after, certificates) = forgotten else { return [] }
            return certificates.map { certificate in
                .init(
                    subject: certificate.subject.text, sha256: certificate.sha256,
                    url: chain.fetched.sources[certificate.sha256]?.url
                        ?? after.extensions.issuerURLs.first)
            }
        case nil:
            guard let nearMiss = judgement.nearMiss, nearMiss.path.end == .issuerAbsent,
                let top = nearMiss.certificates.last
            else { return [] }
            return [.init(subject: top.issuer.text, url: top.extensions.issuerURLs.first)]
        }
    }

    // MARK: findings

    func findings(_ answers: [StoreAnswer]) -> [Finding] {
        complete(answers).map { [$0] + asking } ?? asking
    }

    private func complete(_ answers: [StoreAnswer]) -> Finding? {
        switch isComplete {
        case true: return nil
        case false:
            guard let (after, certificates) = forgotten else { return nil }
            let curt = judgement.asked.contains { $0.store.completes == .nothing }
            let urls = certificates.compactMap { chain.fetched.sources[$0.sha256]?.url }
            var finding = Finding(
                presentation: .chainComplete, .issuerNotSent, curt ? .error : .warning, after,
                expected: certificates.map(\.subject.text).joined(separator: ", "),
                presented: urls.isEmpty ? nil : "fetched from \(urls.joined(separator: ", "))",
                .rfc(8446, "4.4.2"))
            finding.fix = Fix(.sendIntermediate, fix(after, certificates))
            return finding
        case nil:
            guard let missing = missing.first else { return nil }
            let isOpen = judgement.open.contains { !$0.urls.isEmpty }
            var open = Finding(
                presentation: .chainComplete, isOpen ? .issuerNotFetched : .issuerAbsent, .info,
                judgement.nearMiss?.certificates.last, expected: missing.subject,
                presented: missing.url.map { "AIA says \($0)" }, .rfc(8446, "4.4.2"))
            open.status = .notEstablished
            if isOpen, question.options.aia == true {
                open.fix = Fix(.sendIntermediate, "send it, or ask again later")
            }
            return open
        }
    }

    private func fix(_ after: Certificate, _ certificates: [Certificate]) -> String {
        let names = certificates.map { "“\($0.subject.display)”" }.joined(separator: " and ")
        let place = after == chain.leaf ? "the leaf" : "“\(after.subject.display)”"
        let command = question.target.map { target in
            let host = target.host.contains(":") ? "[\(target.host)]" : target.host
            return ": catenary repair " + (target.port == 443 ? host : "\(host):\(target.port)")
        }
        return "send \(names) after \(place)" + (command ?? "")
    }

    /// How asking for issuers went, where it did not go well.
    private var asking: [Finding] {
        var out = chain.fetched.outcomes.compactMap { outcome($0.wanted, $0.outcome) }
        if let loop { out.append(loop) }
        if judgement.isCut {
            var cut = Finding(
                presentation: .chainAIA, .aiaExhausted, .info, nil,
                expected: "at most \(MissingIssuers.urlsOfOneChain) addresses and "
                    + "\(MissingIssuers.levels) issuers above each other", .rfc(5280, "4.2.2.1"))
            cut.status = .notEstablished
            out.append(cut)
        }
        return out
    }

    private func outcome(_ wanted: Wanted, _ outcome: FetchedIssuers.Outcome) -> Finding? {
        let child = (chain.sent + chain.fetched.certificates).first { $0.sha256 == wanted.certificate }
        func finding(_ reason: Reason, _ presented: String) -> Finding {
            Finding(
                presentation: .chainAIA, reason, .info, child, presented: presented, .rfc(5280, "4.2.2.1"))
        }
        switch outcome {
        case .issuer: return nil
        case .unrelated: return finding(.fetchedUnrelated, wanted.url)
        case .undecodable: return finding(.fetchedUndecodable, wanted.url)
        case .failed(let failure):
            // Where a name leads that the policy refuses is nobody's business.
            var open =
                failure.code == .refused
                ? finding(.addressRefused, wanted.url)
                : finding(.issuerNotFetched, "\(wanted.url): \(failure.detail)")
            open.status = .notEstablished
            if failure.code != .refused { open.fix = nil }
            return open
        }
    }

    /// Nothing reaches an anchor, and a fetched issuer names only what was fetched already.
    private var loop: Finding? {
        guard judgement.paths.isEmpty else { return nil }
        let fetched = chain.fetched
        let ends = judgement.search.deadEnds.compactMap(\.certificates.last)
        let turning = fetched.certificates.first { issuer in
            let urls = MissingIssuers.urls(of: issuer)
            return !issuer.isSelfIssued && ends.contains(issuer) && !urls.isEmpty
                && urls.allSatisfy { fetched.asked.contains($0) && !fetched.failed.contains($0) }
        }
        return turning.map {
            Finding(
                presentation: .chainAIA, .aiaLoop, .info, $0, presented: MissingIssuers.urls(of: $0).first,
                .rfc(5280, "4.2.2.1"))
        }
    }
}
