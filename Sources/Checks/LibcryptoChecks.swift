import Certificates
import Reports

/// Rules that libcrypto decides by itself; see `LibcryptoTable` for which error is which.
extension Check {
    /// RFC 5280 §6.1.3 (a)(1): the signature verifies under the issuer's key.
    static let signature = Check(
        id: .pathSignature, title: "Every certificate is signed by its issuer", kind: .path,
        reference: .rfc(5280, "6.1.3(a)(1)")
    ) { context in
        let certificates = context.path.certificates
        var failures: [Failure] = []
        for depth in certificates.indices.dropLast() {
            let issuer = certificates[depth + 1]
            switch context.cache.signature(of: certificates[depth], by: issuer) {
            case .valid: continue
            // Said by path.key_usable, at the issuer.
            case .keyUndecodable: continue
            case .bad:
                failures.append(
                    Failure(
                        .issuerFoundSignatureBad, at: depth,
                        expected: "a signature by \(issuer.subject.display)",
                        presented: "one that its key \(issuer.key.display) does not verify",
                        native: LibcryptoTable.native(7)))
            case .algorithmMismatch:
                failures.append(Failure(.algorithmMismatch, at: depth, native: LibcryptoTable.native(78)))
            case .algorithmUnknown:
                failures.append(
                    Failure(
                        .algorithmUnknown, at: depth, status: .notEstablished,
                        presented: certificates[depth].signatureAlgorithm, native: LibcryptoTable.native(76)))
            }
        }
        return certificates.count == 1 ? .notApplicable : .of(failures)
    }

    /// RFC 5280 §6.1.3 (a)(4): the issuer's name is the subject of the next certificate. Of the end entity
    /// only: where a CA was sent, its own issuer is usually a root, which nobody sends, and `anchor.found`
    /// says that it is none of ours.
    static let issuer = Check(
        id: .pathIssuer, title: "Every issuer is known", kind: .path, reference: .rfc(5280, "6.1.3(a)(4)")
    ) { context in
        // Where the depth ended the search, an issuer is known, and not followed.
        if context.path.end == .depth { return .notApplicable }
        guard context.path.end == .issuerAbsent, context.path.certificates.count == 1 else { return .passed }
        return .failed([
            Failure(
                .issuerAbsent, at: 0, expected: context.leaf.issuer.text, presented: aiaSays(context.leaf),
                native: LibcryptoTable.native(20))
        ])
    }

    private static func aiaSays(_ certificate: Certificate) -> String? {
        certificate.extensions.issuerURLs.first.map { "AIA says \($0)" }
    }

    /// RFC 5280 §6.1.1 (d): the path ends at a trust anchor.
    static let anchorFound = Check(
        id: .anchorFound, title: "The path ends at a trust anchor", kind: .path,
        reference: .rfc(5280, "6.1.1(d)")
    ) { context in
        let top = context.path.certificates.count - 1
        let last = context.path.certificates[top]
        switch context.path.end {
        case .anchor: return .passed
        case .issuerAbsent where top == 0: return .notApplicable
        case .depth: return .notApplicable
        case .issuerAbsent:
            return .failed([
                Failure(
                    .issuerFoundUntrusted, at: top, expected: "the anchor \(last.issuer.text)",
                    presented: aiaSays(last) ?? last.subject.text, native: LibcryptoTable.native(20))
            ])
        case .selfSigned where top == 0:
            return .failed([
                Failure(.selfSigned, at: 0, presented: last.subject.text, native: LibcryptoTable.native(18))
            ])
        case .selfSigned:
            return .failed([
                Failure(
                    .issuerFoundUntrusted, at: top, presented: last.subject.text,
                    native: LibcryptoTable.native(19))
            ])
        }
    }

    /// Security level 2 of libcrypto: 112 bits, so RSA 2048, no SHA-1, no curve below 224 bits.
    static let algorithm = Check(
        id: .pathAlgorithm, title: "Keys and digests are strong enough", kind: .path,
        reference: .catenary("OpenSSL security level 2"))

    /// RFC 5280 §6.1.4 (n): a CA whose certificate has a key usage must assert keyCertSign.
    static let keyUsage = Check(
        id: .pathKeyUsage, title: "Key usage allows the use", kind: .path, reference: .rfc(5280, "6.1.4(n)"))

    /// RFC 5280 §6.1.4 (k): an issuer is a CA.
    static let basicConstraints = Check(
        id: .pathBasicConstraints, title: "Issuers are CAs", kind: .path, reference: .rfc(5280, "6.1.4(k)"))

    /// RFC 5280 §6.1.4 (l), (m): path length constraints, self-issued certificates not counted.
    static let pathLength = Check(
        id: .pathLength, title: "Path length constraints hold", kind: .path, reference: .rfc(5280, "6.1.4(m)")
    )

    /// RFC 5280 §4.2.1.12: extended key usage, of the end entity and of every CA that has one.
    static let extendedKeyUsage = Check(
        id: .pathEKU, title: "Extended key usage allows the purpose", kind: .path,
        reference: .rfc(5280, "4.2.1.12"))

    /// RFC 5280 §6.1.3 (d) to (f), §6.1.5 (g): certificate policies.
    static let policy = Check(
        id: .pathPolicy, title: "Certificate policies hold", kind: .path, reference: .rfc(5280, "6.1.5(g)"))

    /// Everything is bounded: a path too expensive to judge is not judged.
    static let budget = Check(
        id: .pathBudget, title: "The search stayed within its budget", kind: .path,
        reference: .catenary("limits"))
}
