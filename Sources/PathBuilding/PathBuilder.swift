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
        /// Index into `known`.
        let number: Int
        let parent: Int
        /// Certificates before this one.
        let depth: Int
    }

    /// A certificate that was met. A mesh meets each of its certificates on many partial paths, so what does
    /// not depend on the path is found out once.
    struct Known {
        let certificate: Certificate
        /// The same number for the same subject and key.
        let entity: Int
        /// Index into `lists`; nil until its issuers are asked for.
        var list: Int?
        /// Whether the signature holds under the key of that entity.
        var outcomes: [Int: SignatureOutcome] = [:]
    }

    struct Step {
        let issuer: Int
        let entity: Int
        let isAnchor: Bool
    }

    let builder: PathBuilder
    let prunes: Bool
    var result = SearchResult()
    private var nodes: [Node] = []
    private var known: [Known] = []
    private var numbers: [SHA256Digest: Int] = [:]
    private var entities: [Entity: Int] = [:]
    /// Issuers in the order in which they are tried: the same for all that name the same issuer and key.
    private var lists: [[Step]] = []
    private var named: [IssuerNamed: Int] = [:]

    private struct IssuerNamed: Hashable {
        let issuer: [UInt8]
        let keyID: [UInt8]?
    }

    private struct Entity: Hashable {
        let certificate: Certificate

        static func == (a: Entity, b: Entity) -> Bool { a.certificate.isSameEntity(as: b.certificate) }
        func hash(into hasher: inout Hasher) {
            hasher.combine(certificate.subjectHash)
            hasher.combine(certificate.spkiSHA256)
        }
    }

    init(builder: PathBuilder, prunes: Bool) { (self.builder, self.prunes) = (builder, prunes) }

    mutating func run(from leaf: Certificate) {
        if builder.pool.count > builder.budget.certificates { result.exhausted.insert(.certificates) }
        if builder.anchors.contains(where: { $0.contains(leaf.sha256) }) {
            result.paths.append(CandidatePath(certificates: [leaf], end: .anchor))
        }
        nodes = [Node(number: number(of: leaf), parent: -1, depth: 0)]
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
        let steps = issuers(of: node.number)
        for step in steps {
            result.steps += 1
            guard result.steps <= builder.budget.steps else {
                result.exhausted.insert(.steps)
                return false
            }
            if let cause = refusal(of: step, after: index) {
                if cause == .depth {
                    result.exhausted.insert(.depth)
                    isCut = true
                }
                prune(node, step, cause)
                continue
            }
            guard let outcome = known[node.number].outcomes[step.entity] ?? signature(node.number, step)
            else {
                result.exhausted.insert(.signatures)
                return false
            }
            if let cause = Self.refusal(outcome) {
                prune(node, step, cause)
                if prunes || !mayExplain(certificate(node), known[step.issuer].certificate) { continue }
            }
            if step.isAnchor {
                guard emit(index, known[step.issuer].certificate) else { return false }
            } else {
                nodes.append(Node(number: step.issuer, parent: index, depth: node.depth + 1))
            }
            extended = true
        }
        if !extended, !prunes { deadEnd(index, isCut: isCut) }
        return true
    }

    private func certificate(_ node: Node) -> Certificate { known[node.number].certificate }

    private mutating func prune(_ node: Node, _ step: Step, _ cause: SearchResult.Pruned.Cause) {
        result.pruned.append(
            .init(
                subject: certificate(node).sha256, issuer: known[step.issuer].certificate.sha256, cause: cause
            ))
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

    private func refusal(of step: Step, after index: Int) -> SearchResult.Pruned.Cause? {
        var at = index
        while at >= 0 {
            if known[nodes[at].number].entity == step.entity { return .repetition }
            at = nodes[at].parent
        }
        if step.isAnchor { return nil }
        if nodes[index].depth >= builder.budget.depth { return .depth }
        if prunes, !known[step.issuer].certificate.isCA { return .notACA }
        return nil
    }

    /// Nil when the budget does not allow the check. All certificates of one key are settled by one check.
    private mutating func signature(_ child: Int, _ step: Step) -> SignatureOutcome? {
        let (subject, issuer) = (known[child].certificate, known[step.issuer].certificate)
        if !builder.cache.hasEdge(from: issuer, to: subject) {
            guard result.signatures < builder.budget.signatures else { return nil }
            result.signatures += 1
        }
        let outcome = builder.cache.signature(of: subject, by: issuer)
        known[child].outcomes[step.entity] = outcome
        return outcome
    }

    private mutating func number(of certificate: Certificate) -> Int {
        if let number = numbers[certificate.sha256] { return number }
        let number = known.count
        numbers[certificate.sha256] = number
        let entity = entities[Entity(certificate: certificate), default: number]
        entities[Entity(certificate: certificate)] = entity
        known.append(Known(certificate: certificate, entity: entity))
        return number
    }

    private mutating func issuers(of number: Int) -> [Step] {
        if let list = known[number].list { return lists[list] }
        let child = known[number].certificate
        let key = IssuerNamed(
            issuer: child.issuer.der, keyID: child.extensions.authorityKeyIdentifier?.keyID)
        let list = named[key] ?? lists.count
        if list == lists.count {
            lists.append(ranked(child))
            named[key] = list
        }
        known[number].list = list
        return lists[list]
    }

    private mutating func ranked(_ child: Certificate) -> [Step] {
        var seen: Set<SHA256Digest> = []
        var found: [(rank: Int, step: Step)] = []
        func step(_ issuer: Certificate, isAnchor: Bool) -> Step {
            let number = number(of: issuer)
            return Step(issuer: number, entity: known[number].entity, isAnchor: isAnchor)
        }
        for index in builder.anchors {
            for anchor in index.issuers(of: child) where seen.insert(anchor.sha256).inserted {
                found.append((rank(anchor, child), step(anchor, isAnchor: true)))
            }
        }
        for issuer in builder.pool.issuers(of: child, amongFirst: builder.budget.certificates) {
            // After every anchor.
            found.append((6 + rank(issuer, child), step(issuer, isAnchor: false)))
        }
        return found.indices.sorted { (found[$0].rank, $0) < (found[$1].rank, $1) }.map { found[$0].step }
    }

    /// 0 to 5, best first.
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
            out.append(certificate(nodes[at]))
            at = nodes[at].parent
        }
        return out.reversed()
    }
}
