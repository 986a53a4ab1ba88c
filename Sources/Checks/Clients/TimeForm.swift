import Certificates
import Reports

extension ClientRule {
    /// - The very second of notAfter belongs to the validity (RFC 5280 §4.1.2.5); `openssl verify` calls it
    ///   expired.
    /// - Before 2050 a time is a UTCTime (§4.1.2.5); pyca/cryptography refuses a GeneralizedTime (ran).
    static let time = ClientRule(
        .clientTime, "Times are as the client reads them", .rfc(5280, "4.1.2.5"), .validityEndsNow,
        .timeGeneralized
    ) { context in
        .of(
            context.path.certificates.indices.flatMap { depth -> [Failure] in
                let certificate = context.path.certificates[depth]
                var failures: [Failure] = []
                if certificate.notAfter == context.at {
                    failures.append(
                        Failure(
                            .validityEndsNow, at: depth, expected: "a notAfter later than \(context.at)",
                            presented: "notAfter \(context.at)", native: LibcryptoTable.native(10)))
                }
                if let early = generalized(certificate) {
                    failures.append(
                        Failure(
                            .timeGeneralized, at: depth, expected: "UTCTime before 2050",
                            presented: "GeneralizedTime \(early)"))
                }
                return failures
            })
    }

    private static let year2050 = Instant(seconds: 2_524_608_000)

    private static func generalized(_ certificate: Certificate) -> Instant? {
        // TBSCertificate: version, serial number, algorithm, issuer, validity.
        var outer = DERCursor(certificate.der)
        guard let whole = try? outer.next(Tag.sequence) else { return nil }
        var parts = outer.inside(whole)
        guard let signed = try? parts.next(Tag.sequence) else { return nil }
        var fields = parts.inside(signed)
        _ = try? fields.optional(Tag.constructed(0))
        for _ in 0..<3 where (try? fields.next()) == nil { return nil }
        guard let validity = try? fields.next(Tag.sequence) else { return nil }
        var times = fields.inside(validity)
        while !times.isAtEnd {
            guard let time = try? times.next() else { return nil }
            let instant = CertificateTime(tag: time.tag, certificate.der[time.content]).instant
            if time.tag == Tag.generalizedTime, let instant, instant < year2050 { return instant }
        }
        return nil
    }
}
