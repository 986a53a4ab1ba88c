import Certificates
import Reports

extension Check {
    /// RFC 5280 §4.2.2.1 (AIA is non-critical and holds at least one description), §4.2.1.11
    /// (policyConstraints is critical and not empty), §4.2.1.14 (inhibitAnyPolicy is critical), §4.2 (no
    /// extension twice).
    static let extensionForm = Check(
        id: .profileExtensions, title: "Extensions are formed as RFC 5280 asks", kind: .profile,
        reference: .rfc(5280, "4.2"), severity: .warning
    ) { context in
        .of(context.path.belowAnchor.flatMap { failures(context.path.certificates[$0].extensions, at: $0) })
    }

    private static func failures(_ extensions: Extensions, at depth: Int) -> [Failure] {
        var out: [Failure] = []
        if let access = extensions[OIDs.authorityInfoAccess] {
            if extensions.malformed.contains(OIDs.authorityInfoAccess) {
                out.append(Failure(.extensionMalformed, at: depth, presented: "authorityInfoAccess"))
            }
            if access.critical { out.append(criticality("authorityInfoAccess", critical: true, depth)) }
        }
        if extensions[OIDs.policyConstraints]?.critical == false {
            out.append(criticality("policyConstraints", critical: false, depth))
        }
        if extensions[OIDs.inhibitAnyPolicy]?.critical == false {
            out.append(criticality("inhibitAnyPolicy", critical: false, depth))
        }
        for oid in extensions.repeated {
            out.append(Failure(.extensionMalformed, at: depth, presented: "\(oid) twice"))
        }
        return out
    }

    private static func criticality(_ name: String, critical: Bool, _ depth: Int) -> Failure {
        Failure(
            .extensionCriticality, at: depth, expected: critical ? "not critical" : "critical",
            presented: "\(name) \(critical ? "critical" : "not critical")")
    }
}
