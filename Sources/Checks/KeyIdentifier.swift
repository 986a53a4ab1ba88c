import Certificates
import Reports

extension Check {
    /// RFC 5280 §4.2.1.1: the authority key identifier is the issuer's subject key identifier. RFC 4158
    /// §3.5.12 makes it a hint for building; OpenSSL refuses a mismatch (30, 31), browsers do not.
    ///
    /// A self-issued anchor is its own issuer: one that points elsewhere is not self-signed to libcrypto,
    /// which then looks for its issuer and finds none. Of 559 anchors in the programmes' lists none does.
    static let keyIdentifier = Check(
        id: .clientKeyIdentifier, title: "Key identifiers agree", kind: .client,
        reference: .rfc(5280, "4.2.1.1")
    ) { context in
        let certificates = context.path.certificates
        return .of(
            certificates.indices.compactMap { depth in
                let child = certificates[depth]
                let isLast = depth == certificates.count - 1
                guard !isLast || (context.path.end == .anchor && child.isSelfIssued) else { return nil }
                let issuer = certificates[isLast ? depth : depth + 1]
                if child.keyIdentifierMatches(issuer) == false {
                    return Failure(
                        .keyIdentifierMismatch, at: depth,
                        expected: issuer.extensions.subjectKeyIdentifier.map(Hex.encode),
                        presented: child.extensions.authorityKeyIdentifier?.keyID.map(Hex.encode),
                        native: LibcryptoTable.native(30))
                }
                guard child.extensions.authorityKeyIdentifier?.hasIssuerAndSerial == true,
                    !child.authorityMatchesIssuerAndSerial(issuer)
                else { return nil }
                return Failure(
                    .keyIdentifierMismatch, at: depth,
                    expected: "\(issuer.issuer.text), serial \(issuer.serialHex)",
                    presented: "another issuer and serial", native: LibcryptoTable.native(31))
            })
    }
}
