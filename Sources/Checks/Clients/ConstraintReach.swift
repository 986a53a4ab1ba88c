import Certificates
import Reports

extension ClientRule {
    /// Name constraints that reach further than libcrypto's comparison.
    ///
    /// - A wildcard that covers an excluded name: all but the OpenSSL family and GnuTLS refuse it, whatever
    ///   name is asked for (ran).
    /// - GnuTLS: an address, though the CA permits names of other kinds only (ran); by RFC 5280 §4.2.1.10
    ///   what no subtree of its kind restricts is permitted.
    static let nameConstraints = ClientRule(
        .clientNameConstraints, "Name constraints hold as the client reads them", .rfc(5280, "4.2.1.10"),
        .wildcardCoversExcluded, .addressUnconstrained
    ) { context in
        .of(
            context.path.certificates.indices.dropFirst().flatMap { depth -> [Failure] in
                guard let constraints = context.path.certificates[depth].extensions.nameConstraints else {
                    return []
                }
                let failures = [covered(constraints, context.leaf), unconstrained(constraints, context.leaf)]
                return failures.compactMap { $0 }.map { failure in
                    var placed = failure
                    // Whose rule it is: a client may ignore the anchor's constraints.
                    if context.place(depth) == .anchor { placed.place = .anchor }
                    return placed
                }
            })
    }

    private static func covered(_ constraints: NameConstraints, _ leaf: Certificate) -> Failure? {
        for case .dns(let base) in constraints.excluded.map(\.base) {
            let excluded = base.lowercased()
            guard let dot = excluded.firstIndex(of: "."), dot != excluded.startIndex,
                let name = leaf.dnsNames.first(where: { $0.lowercased() == "*" + excluded[dot...] })
            else { continue }
            return Failure(
                .wildcardCoversExcluded, at: 0, expected: "nothing that may stand for \(base)",
                presented: name)
        }
        return nil
    }

    private static func unconstrained(_ constraints: NameConstraints, _ leaf: Certificate) -> Failure? {
        let bases = constraints.permitted.map(\.base)
        guard let address = leaf.ipAddresses.first, !bases.isEmpty,
            !bases.contains(where: { if case .ip = $0 { true } else { false } })
        else { return nil }
        return Failure(
            .addressUnconstrained, at: 0, expected: "a permitted subtree of addresses",
            presented: IPAddress(octets: address)?.text ?? Hex.encode(address))
    }
}
