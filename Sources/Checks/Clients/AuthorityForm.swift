import Certificates
import Reports

extension ClientRule {
    /// RFC 5280 §4.2.1.9 by its parts, of anchors too. libcrypto's `not_a_ca` at the anchor is any form it
    /// does not like, and it likes an anchor without basicConstraints that has keyCertSign; Firefox, the JDK
    /// and Go ask version 3 for basicConstraints, Chromium and GnuTLS only refuse cA FALSE (ran).
    ///
    /// An end entity that is a CA is `profile.basic_constraints` in the webpki profile, and said here else.
    static let basicConstraints = ClientRule(
        .clientBasicConstraints, "CAs say so, and end entities do not", .rfc(5280, "4.2.1.9"),
        .basicConstraintsAbsent, .authorityFlagFalse, .endEntityIsCA
    ) { context in
        var failures = context.path.certificates.indices.dropFirst().compactMap { depth -> Failure? in
            let certificate = context.path.certificates[depth]
            if certificate.extensions[OIDs.basicConstraints] == nil, certificate.version == 3 {
                return Failure(
                    .basicConstraintsAbsent, at: depth, expected: "basicConstraints with cA TRUE")
            }
            guard certificate.extensions.basicConstraints?.ca == false else { return nil }
            return Failure(.authorityFlagFalse, at: depth, expected: "cA TRUE", presented: "cA FALSE")
        }
        if context.profile != .webpki, context.leaf.isCA, context.path.certificates.count > 1 {
            failures.append(Failure(.endEntityIsCA, at: 0, expected: "cA FALSE", presented: "cA TRUE"))
        }
        return .of(failures)
    }
}
