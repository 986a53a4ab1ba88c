import Certificates
import Reports

/// RFC 5280 §6.1.3 (a)(2): the instant lies within the validity. Both ends are inclusive (§4.1.2.5);
/// libcrypto's own comparison calls a certificate expired during the very second of notAfter.
extension Check {
    static let leafTime = Check(
        id: .timeLeaf, title: "The end entity is within its validity", kind: .path,
        reference: .rfc(5280, "6.1.3(a)(2)")
    ) { context in .of(failures(context.leaf, at: 0, context)) }

    static let issuerTime = Check(
        id: .timeIssuer, title: "Issuers are within their validity", kind: .path,
        reference: .rfc(5280, "6.1.3(a)(2)")
    ) { context in
        let depths = context.path.intermediateDepths
        guard !depths.isEmpty else { return .notApplicable }
        return .of(depths.flatMap { failures(context.path.certificates[$0], at: $0, context) })
    }

    /// The same seen from below: there is an issuer, and it has expired. Kept apart from an issuer that is
    /// not there.
    static let issuerExpired = Check(
        id: .pathIssuer, title: "No issuer has expired", kind: .path, reference: .rfc(5280, "6.1.3(a)(2)")
    ) { context in
        .of(
            context.path.intermediateDepths.compactMap { depth in
                let issuer = context.path.certificates[depth]
                guard let end = issuer.notAfter, end < context.at else { return nil }
                return Failure(
                    .issuerFoundExpired, at: depth - 1, expected: "an issuer valid at \(context.at)",
                    presented: "“\(issuer.subject.display)”, notAfter \(end)",
                    native: LibcryptoTable.native(10))
            })
    }

    /// An anchor is an input (RFC 5280 §6.1.1 (d)); whether its dates count is its client's rule.
    static let anchorTime = Check(
        id: .anchorValidity, title: "The anchor is within its validity", kind: .client,
        reference: .rfc(5280, "6.1.1(d)")
    ) { context in
        let last = context.path.certificates.count - 1
        guard context.path.end == .anchor, last > 0 else { return .notApplicable }
        return .of(failures(context.path.certificates[last], at: last, context))
    }

    private static func failures(_ certificate: Certificate, at depth: Int, _ context: PathContext)
        -> [Failure]
    {
        var out: [Failure] = []
        switch certificate.validFrom {
        case .malformed(let text): out.append(malformed(text, depth, 13))
        case .at(let from) where context.at < from:
            out.append(
                Failure(
                    .validityNotStarted, at: depth, expected: "valid at \(context.at)",
                    presented: "notBefore \(from)", native: LibcryptoTable.native(9)))
        case .at: break
        }
        switch certificate.validTo {
        case .malformed(let text): out.append(malformed(text, depth, 14))
        case .at(let to) where to < context.at:
            out.append(
                Failure(
                    .validityEnded, at: depth, expected: "valid at \(context.at)",
                    presented: "notAfter \(to)",
                    native: LibcryptoTable.native(10)))
        case .at: break
        }
        return out
    }

    private static func malformed(_ text: String, _ depth: Int, _ code: Int32) -> Failure {
        Failure(
            .timeMalformed, at: depth, expected: "YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ", presented: text,
            native: LibcryptoTable.native(code))
    }
}
