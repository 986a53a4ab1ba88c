import Certificates

/// Finds every certification path from an end entity to any anchor, within a budget (RFC 4158).
///
/// Partial paths are extended breadth first: real paths are short, so that no mesh of dead ends can spend the
/// budget before a short good path is found. At each certificate issuers are tried in this order:
/// 1. anchors before others; an anchor emits a path and does not end the search;
/// 2. valid at `at` before not (validity ranks, it never prunes);
/// 3. key identifiers equal, then unknown, then different (RFC 4158 §3.5.12);
/// 4. in the order given.
///
/// A step is pruned when it repeats a subject and key, when the signature is bad, or when a would-be
/// intermediate is no CA. When no path is found at all, a second search without the last two shows what was
/// there.
package struct PathBuilder {
    package let anchors: [IssuerIndex]
    package let pool: IssuerIndex
    package let cache: CertificateCache
    package let at: Instant
    package let budget: SearchBudget

    /// `anchors`: indices looked at in order. `pool`: what may stand between.
    package init(
        anchors: [IssuerIndex], pool: IssuerIndex, cache: CertificateCache, at: Instant,
        budget: SearchBudget = SearchBudget()
    ) {
        (self.anchors, self.pool, self.cache) = (anchors, pool, cache)
        (self.at, self.budget) = (at, budget)
    }

    package func search(from leaf: Certificate) -> SearchResult {
        var strict = Search(builder: self, prunes: true)
        strict.run(from: leaf)
        guard strict.result.paths.isEmpty else { return strict.result }
        var lenient = Search(builder: self, prunes: false)
        lenient.result.signatures = strict.result.signatures
        lenient.run(from: leaf)
        var result = lenient.result
        result.pruned = strict.result.pruned
        result.exhausted.formUnion(strict.result.exhausted)
        return result
    }
}

/// One breadth-first run. Partial paths share their beginnings: each node knows its parent.
private struct Search {
    struct Node {
        let certificate: Certificate
        let parent: Int
        /// Certificates before this one.
        let depth: Int
    }

    let builder: PathBuilder
    let prunes: Bool
    var result = SearchResult()
    private var nodes: [Node] = []
    private var outcomes: [Edge: SignatureOutcome] = [:]

    /// By the issuer's key: all certificates of one CA verify with one check.
    private struct Edge: Hashable {
        let child, key: SHA256Digest
    }

    init(builder: PathBuilder, prunes: Bool) { (self.builder, self.prunes) = (builder, prunes) }

    mutating func run(from leaf: Certificate) {
        if builder.pool.count > builder.budget.certificates { result.exhausted.insert(.certificates) }
        if builder.anchors.contains(where: { $0.contains(leaf.sha256) }) {
            result.paths.append(CandidatePath(certificates: [leaf], end: .anchor))
        }
        nodes = [Node(certificate: leaf, parent: -1, depth: 0)]
        var next = 0
        while next < nodes.count {
            guard expand(next) else { return }
            next += 1
        }
    }

    /// False when the budget ends the search.
    private mutating func expand(_ index: Int) -> Bool {
        let node = nodes[index]
        var extended = false
        var isCut = false
        for (issuer, isAnchor) in issuers(of: node.certificate) {
            result.steps += 1
            guard result.steps <= builder.budget.steps else {
                result.exhausted.insert(.steps)
                return false
            }
            if let cause = refusal(of: issuer, isAnchor: isAnchor, after: index) {
                if cause == .depth {
                    result.exhausted.insert(.depth)
                    isCut = true
                }
                result.pruned.append(
                    .init(subject: node.certificate.sha256, issuer: issuer.sha256, cause: cause))
                continue
            }
            guard let outcome = signature(of: node.certificate, by: issuer) else {
                result.exhausted.insert(.signatures)
                return false
            }
            if let cause = Self.refusal(outcome) {
                result.pruned.append(
                    .init(subject: node.certificate.sha256, issuer: issuer.sha256, cause: cause))
                if prunes || !mayExplain(node.certificate, issuer) { continue }
            }
            if isAnchor {
                guard emit(index, issuer) else { return false }
            } else {
                nodes.append(Node(certificate: issuer, parent: index, depth: node.depth + 1))
            }
            extended = true
        }
        if !extended, !prunes { deadEnd(index, isCut: isCut) }
        return true
    }

    /// An algorithm that libcrypto does not know says nothing against the step.
    private static func refusal(_ outcome: SignatureOutcome) -> SearchResult.Pruned.Cause? {
        switch outcome {
        case .valid, .algorithmUnknown: nil
        case .bad: .signatureBad
        case .algorithmMismatch: .algorithmMismatch
        case .keyUndecodable: .keyUndecodable
        }
    }

    /// A bad signature under a key that the child does not even name is another CA of that name, not a
    /// forgery.
    private func mayExplain(_ child: Certificate, _ issuer: Certificate) -> Bool {
        child.keyIdentifierMatches(issuer) != false
    }

    private mutating func emit(_ index: Int, _ anchor: Certificate) -> Bool {
        guard result.paths.count < builder.budget.paths else {
            result.exhausted.insert(.paths)
            return false
        }
        result.paths.append(CandidatePath(certificates: path(to: index) + [anchor], end: .anchor))
        return true
    }

    private mutating func deadEnd(_ index: Int, isCut: Bool) {
        guard result.deadEnds.count < builder.budget.paths else { return }
        let certificates = path(to: index)
        let top = certificates[certificates.count - 1]
        let selfSigned = top.isSelfIssued && builder.cache.signature(of: top, by: top) == .valid
        result.deadEnds.append(
            CandidatePath(
                certificates: certificates, end: selfSigned ? .selfSigned : isCut ? .depth : .issuerAbsent))
    }

    private func refusal(of issuer: Certificate, isAnchor: Bool, after index: Int) -> SearchResult.Pruned
        .Cause?
    {
        var at = index
        while at >= 0 {
            if nodes[at].certificate.isSameEntity(as: issuer) { return .repetition }
            at = nodes[at].parent
        }
        if isAnchor { return nil }
        if nodes[index].depth >= builder.budget.depth { return .depth }
        if prunes, !issuer.isCA { return .notACA }
        return nil
    }

    /// Nil when the budget does not allow the check.
    private mutating func signature(of child: Certificate, by issuer: Certificate) -> SignatureOutcome? {
        let edge = Edge(child: child.sha256, key: issuer.spkiSHA256)
        if let known = outcomes[edge] { return known }
        if !builder.cache.hasEdge(from: issuer, to: child) {
            guard result.signatures < builder.budget.signatures else { return nil }
            result.signatures += 1
        }
        let outcome = builder.cache.signature(of: child, by: issuer)
        outcomes[edge] = outcome
        return outcome
    }

    private func issuers(of child: Certificate) -> [(certificate: Certificate, isAnchor: Bool)] {
        var seen: Set<SHA256Digest> = []
        var found: [(certificate: Certificate, isAnchor: Bool)] = []
        for index in builder.anchors {
            for anchor in index.issuers(of: child) where seen.insert(anchor.sha256).inserted {
                found.append((anchor, true))
            }
        }
        let anchors = found.count
        for issuer in builder.pool.issuers(of: child, amongFirst: builder.budget.certificates) {
            found.append((issuer, false))
        }
        guard found.count > 1 else { return found }
        let ranked = found.enumerated().sorted { a, b in
            (a.offset < anchors ? 0 : 1, rank(a.element.certificate, child), a.offset)
                < (b.offset < anchors ? 0 : 1, rank(b.element.certificate, child), b.offset)
        }
        return ranked.map(\.element)
    }

    private func rank(_ issuer: Certificate, _ child: Certificate) -> Int {
        let valid =
            issuer.notBefore.map { $0 <= builder.at } == true
            && issuer.notAfter.map { builder.at <= $0 } == true
        let identifier =
            switch child.keyIdentifierMatches(issuer) {
            case true: 0
            case nil: 1
            case false: 2
            }
        return (valid ? 0 : 3) + identifier
    }

    private func path(to index: Int) -> [Certificate] {
        var out: [Certificate] = []
        var at = index
        while at >= 0 {
            out.append(nodes[at].certificate)
            at = nodes[at].parent
        }
        return out.reversed()
    }
}
