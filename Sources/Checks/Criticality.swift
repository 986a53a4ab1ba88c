import Certificates
import Reports

extension Check {
    /// RFC 5280 §4.2.1.1, §4.2.1.2, §4.2.1.9, §4.2.1.11, §4.2.1.14, §4.2.2.1: "Conforming CAs MUST mark this
    /// extension as critical", or non-critical. That binds who issues; validation (§6.1) never looks at the
    /// flag of an extension that it understands, and PKITS has valid paths with non-critical
    /// policyConstraints and basicConstraints. So it is asked of public certificates only. libcrypto adds
    /// basicConstraints (89) and key identifiers (90, 91).
    static let criticality = Check(
        id: .profileCriticality, title: "Extensions are critical where RFC 5280 says so", kind: .profile,
        reference: .rfc(5280, "4.2"), severity: .warning, profiles: [.webpki]
    ) { context in
        .of(
            context.path.certificates.indices.flatMap { depth in
                wanted.compactMap { oid, name, critical -> Failure? in
                    guard let item = context.path.certificates[depth].extensions[oid],
                        item.critical != critical
                    else { return nil }
                    return Failure(
                        .extensionCriticality, at: depth, expected: critical ? "critical" : "not critical",
                        presented: "\(name) \(item.critical ? "critical" : "not critical")")
                }
            })
    }

    private static let wanted: [(oid: OID, name: String, critical: Bool)] = [
        (OIDs.authorityInfoAccess, "authorityInfoAccess", false),
        (OIDs.policyConstraints, "policyConstraints", true),
        (OIDs.inhibitAnyPolicy, "inhibitAnyPolicy", true),
    ]
}
