import Certificates
import Reports

extension Check {
    /// RFC 5280 §4.2.1.10: only in CA certificates; at least one subtree in each list; no minimum or maximum;
    /// a dNSName base is a domain without a leading dot.
    static let constraintForm = Check(
        id: .profileNameConstraints, title: "Name constraints are formed as RFC 5280 asks", kind: .profile,
        reference: .rfc(5280, "4.2.1.10"), severity: .warning
    ) { context in
        .of(
            context.path.certificates.indices.flatMap { depth -> [Failure] in
                guard let constraints = context.path.certificates[depth].extensions.nameConstraints else {
                    return []
                }
                var out: [Failure] = []
                if depth == 0 {
                    out.append(Failure(.extensionMisplaced, at: 0, presented: "nameConstraints"))
                }
                if constraints.hasEmptyList {
                    out.append(Failure(.nameConstraintsMalformed, at: depth, presented: "no subtree"))
                }
                for subtree in constraints.permitted + constraints.excluded {
                    if subtree.hasBounds {
                        out.append(
                            Failure(.nameConstraintsMalformed, at: depth, presented: "minimum or maximum"))
                    }
                    if case .dns(let base) = subtree.base, base.hasPrefix(".") {
                        out.append(
                            Failure(
                                .nameConstraintsMalformed, at: depth, expected: String(base.dropFirst()),
                                presented: base))
                    }
                }
                return out
            })
    }
}
