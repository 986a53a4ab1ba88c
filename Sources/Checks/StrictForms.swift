import Reports

/// Forms that libcrypto looks at under X509_V_FLAG_X509_STRICT; what it does not say itself is added here.
extension Check {
    /// RFC 5280 §4.2.1.9, TLS BR 7.1.2.7: an end entity of a public CA is no CA itself. libcrypto adds:
    /// no path length in others (80, 81), keyCertSign only in CAs (82).
    static let basicConstraintsForm = Check(
        id: .profileBasicConstraints, title: "Basic constraints are formed as RFC 5280 asks", kind: .profile,
        reference: .rfc(5280, "4.2.1.9"), severity: .warning
    ) { context in
        context.profile == .webpki && context.leaf.isCA && context.path.certificates.count > 1
            ? .failed(.endEntityIsCA, at: 0, expected: "cA FALSE", presented: "cA TRUE") : .passed
    }

    /// RFC 5280 §4.2.1.1, §4.2.1.2: key identifiers are there (85, 86).
    /// TLS BR 7.1.2.1.3: a root may leave the authority's out; where it has one, with the key identifier
    /// alone.
    static let keyIdentifierForm = Check(
        id: .profileKeyIdentifiers, title: "Key identifiers are there", kind: .profile,
        reference: .rfc(5280, "4.2.1.1"), severity: .warning
    ) { context in
        guard context.profile == .webpki, let anchor = context.path.anchor, anchor.isSelfIssued,
            let identifier = anchor.extensions.authorityKeyIdentifier
        else { return .passed }
        let depth = context.path.certificates.count - 1
        var failures: [Failure] = []
        if identifier.keyID == nil {
            failures.append(
                Failure(
                    .authorityKeyIdentifierAbsent, at: depth, expected: "a key identifier",
                    presented: "an authorityKeyIdentifier without one"))
        }
        if identifier.hasIssuerAndSerial {
            failures.append(
                Failure(
                    .authorityIssuerPresent, at: depth, expected: "a key identifier alone",
                    presented: "issuer or serial of an issuer"))
        }
        return .of(failures)
    }

    /// RFC 5280 §4.1.2.1: extensions need version 3 (93); TLS BR 7.1.1: all certificates are of version 3.
    static let versionForm = Check(
        id: .profileVersion, title: "Certificates are of version 3", kind: .profile,
        reference: .rfc(5280, "4.1.2.1"), severity: .warning
    ) { context in
        guard context.profile == .webpki else { return .passed }
        return .of(
            context.path.belowAnchor.compactMap { depth in
                let version = context.path.certificates[depth].version
                guard version != 3 else { return nil }
                return Failure(.versionTooLow, at: depth, expected: "3", presented: String(version))
            })
    }
}
