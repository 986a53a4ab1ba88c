import Certificates

/// A small PKI as a plain graph, and by brute force over that graph what RFC 5280 says of it. DER is made
/// from it and never read by it, so that it can testify against a validator.
///
/// Certificates are edges from the issuer's identity to the subject's; an identity is a name with one of its
/// keys.
package struct PlainPKI: Sendable, CustomStringConvertible {
    package struct Identity: Hashable, Sendable {
        package var name: Int
        /// Belongs to one name only.
        package var key: Int

        package init(name: Int, key: Int) { (self.name, self.key) = (name, key) }
    }

    package struct Edge: Hashable, Sendable {
        package var issuer: Identity
        package var subject: Identity
        package var notBefore: Instant
        /// Inclusive.
        package var notAfter: Instant
        package var isCA = true
        package var pathLen: Int?
        /// DNS subtrees; empty: no constraint of this kind.
        package var permitted: [String] = []
        package var excluded: [String] = []
        /// Presented identifiers of the end entity.
        package var dnsNames: [String] = []

        package init(issuer: Identity, subject: Identity, notBefore: Instant, notAfter: Instant) {
            (self.issuer, self.subject) = (issuer, subject)
            (self.notBefore, self.notAfter) = (notBefore, notAfter)
        }

        var selfIssued: Bool { issuer.name == subject.name }
    }

    package enum Fault: Hashable, Sendable {
        case notYetValid, expired, notCA, pathLengthExceeded, nameExcluded, nameNotPermitted
    }

    /// A fault and the certificate that has it or imposes it, by its place in the path (0: the end entity).
    package struct PlacedFault: Hashable, Sendable {
        package var fault: Fault
        package var depth: Int

        package init(fault: Fault, depth: Int) { (self.fault, self.depth) = (fault, depth) }
    }

    package let seed: UInt64
    package var edges: [Edge]
    /// Indices into `edges`: the end entity, then the rest in the order sent.
    package var presented: [Int]
    package var anchors: [Int]
    /// The reference identifier asked for.
    package var name: String
    /// Whether the certificates carry subject and authority key identifiers.
    package var showsIdentifiers: Bool

    package init(
        seed: UInt64, edges: [Edge], presented: [Int], anchors: [Int], name: String, showsIdentifiers: Bool
    ) {
        (self.seed, self.edges, self.presented) = (seed, edges, presented)
        (self.anchors, self.name, self.showsIdentifiers) = (anchors, name, showsIdentifiers)
    }

    // MARK: The answer

    /// Every way from the end entity to an anchor: names and keys match, no identity twice (RFC 4158 §5.2),
    /// only presented certificates inside, an anchor at the end. An anchor does not end the search: what was
    /// sent of it may stand inside a longer path.
    package func candidatePaths() -> Set<[Int]> {
        guard let first = presented.first else { return [] }
        var found = Set<[Int]>()
        func extend(_ path: [Int]) {
            let issuer = edges[path[path.count - 1]].issuer
            guard !path.contains(where: { edges[$0].subject == issuer }) else { return }
            for anchor in anchors where edges[anchor].subject == issuer { found.insert(path + [anchor]) }
            for next in presented where edges[next].subject == issuer { extend(path + [next]) }
        }
        extend([first])
        return found
    }

    /// All that is wrong with a path (RFC 5280 §6.1), the reference identifier aside. Those of the anchor, at
    /// the last depth, are conditions of whoever trusts it, not of the path.
    package func faults(of path: [Int], at: Instant) -> Set<PlacedFault> {
        var faults = Set<PlacedFault>()
        for depth in path.indices {
            for fault in self.faults(in: path, depth: depth, at: at) {
                faults.insert(PlacedFault(fault: fault, depth: depth))
            }
        }
        return faults
    }

    private func faults(in path: [Int], depth: Int, at: Instant) -> [Fault] {
        let edge = edges[path[depth]]
        var faults = [Fault]()
        if at < edge.notBefore { faults.append(.notYetValid) }
        if at > edge.notAfter { faults.append(.expired) }
        guard depth > 0 else { return faults }
        if !edge.isCA { faults.append(.notCA) }
        // §6.1.4 (l): self-issued intermediates do not count.
        let below = path[1..<depth].filter { !edges[$0].selfIssued }.count
        if let limit = edge.pathLen, below > limit { faults.append(.pathLengthExceeded) }
        let names = edges[path[0]].dnsNames
        if names.contains(where: { name in edge.excluded.contains { Self.lies(name, within: $0) } }) {
            faults.append(.nameExcluded)
        }
        if !edge.permitted.isEmpty,
            !names.allSatisfy({ name in edge.permitted.contains { Self.lies(name, within: $0) } })
        {
            faults.append(.nameNotPermitted)
        }
        return faults
    }

    /// The candidate paths without a fault below their anchor.
    package func validPaths(at: Instant) -> Set<[Int]> {
        candidatePaths().filter { path in
            faults(of: path, at: at).allSatisfy { $0.depth == path.count - 1 }
        }
    }

    /// The candidate paths without any fault, also not of their anchor, good for the reference identifier: it
    /// matches, and nobody excludes it, though a wildcard may hide it (CVE-2025-61727).
    package func trustedPaths(at: Instant) -> Set<[Int]> {
        guard nameMatches else { return [] }
        return candidatePaths().filter { path in
            faults(of: path, at: at).isEmpty
                && !path.dropFirst().contains { index in
                    edges[index].excluded.contains { Self.lies(name, within: $0) }
                }
        }
    }

    package func isTrusted(at: Instant) -> Bool { !trustedPaths(at: at).isEmpty }

    /// RFC 9525 §6.3: equal, or a wildcard for the whole left label.
    package var nameMatches: Bool {
        guard let first = presented.first else { return false }
        let parent = name.drop { $0 != "." }
        return edges[first].dnsNames.contains { $0 == name || $0.hasPrefix("*.") && $0.dropFirst() == parent }
    }

    /// RFC 5280 §4.2.1.10: the base itself, or labels added on the left.
    private static func lies(_ name: String, within base: String) -> Bool {
        name == base || name.hasSuffix("." + base)
    }

    /// The first seconds at which an answer may change.
    package var boundaries: [Instant] {
        Set(edges.flatMap { [$0.notBefore, $0.notAfter + 1] }).sorted()
    }

    /// The same certificates sent in another order, the end entity first.
    package func reordered(_ random: inout RandomSource) -> PlainPKI {
        var other = self
        other.presented = presented.prefix(1) + presented.dropFirst().shuffled(using: &random)
        other.anchors.shuffle(using: &random)
        return other
    }

    package var description: String {
        let rows = edges.indices.map { index -> String in
            let edge = edges[index]
            func text(_ identity: Identity) -> String { "\(identity.name)/\(identity.key)" }
            var row = "\(index): \(text(edge.issuer)) → \(text(edge.subject)) "
            row += "\(edge.notBefore.date)…\(edge.notAfter.date)"
            if anchors.contains(index) { row += " anchor" }
            if presented.contains(index) { row += " sent" }
            if !edge.isCA { row += " not-a-CA" }
            if let pathLen = edge.pathLen { row += " pathLen \(pathLen)" }
            if !edge.permitted.isEmpty { row += " permitted \(edge.permitted)" }
            if !edge.excluded.isEmpty { row += " excluded \(edge.excluded)" }
            if !edge.dnsNames.isEmpty { row += " \(edge.dnsNames)" }
            return row
        }
        return "seed \(seed), \(name)\n" + rows.joined(separator: "\n")
    }
}
