import Reports

extension Check {
    /// RFC 5280 §4.2: a critical extension that is not recognised, or any that cannot be decoded, is refused.
    /// libcrypto says the first (34). The second it may overlook: `X509_check_purpose` answers -1, which is
    /// not zero, for a leaf whose extendedKeyUsage or nameConstraints is malformed, so its flag is looked at
    /// in every profile.
    static let extensionsUnderstood = Check(
        id: .pathCriticalExtension, title: "Extensions are decoded and critical ones understood", kind: .path,
        reference: .rfc(5280, "4.2")
    ) { context in
        .of(
            context.path.certificates.indices.compactMap { depth in
                let certificate = context.path.certificates[depth]
                guard certificate.hasInvalidExtension else { return nil }
                return Failure(
                    .extensionMalformed, at: depth,
                    presented: certificate.extensions.malformed.map(\.description).joined(separator: ", "),
                    native: LibcryptoTable.native(41))
            })
    }
}
