import Certificates
import Reports
import Revocation

/// One octet of choices, then certificates and CRLs in DER, one after the other, as `cat` puts them.
enum ChainInvariants {
    /// More than any real chain; what many do is a matter of budgets, which have tests of their own.
    private static let limit = 24

    static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
        guard let choices = bytes.first else { return }
        var options = Options()
        options.purpose = choices & 1 == 0 ? .server : .any
        options.profile = choices & 2 == 0 ? .webpki : .rfc5280
        options.revocation = choices & 4 == 0 ? .off : .hard
        options.policies.requireExplicitPolicy = choices & 8 != 0
        options.include = [.checks, .trace, .pem]
        var presented: [[UInt8]] = []
        for der in split(Array(bytes.dropFirst())) {
            if let certificate = try? Certificate.parse(der: der) {
                let key = choices & 16 == 0 ? nil : Stage.issuerKey(of: certificate)
                presented.append(key.flatMap { Stage.resigned(der, by: $0) } ?? der)
            } else if (try? CRL(der: der)) != nil {
                options.crls.append(der)
            } else {
                presented.append(der)
            }
        }
        if choices & 32 != 0, let last = presented.last { options.anchors = [last] }
        if choices & 64 != 0 { options.names = [.dns(aLabels: "www.example.com", given: "www.example.com")] }
        let parsed = presented.compactMap { try? Certificate.parse(der: $0) }
        for (child, issuer) in zip(parsed, parsed.dropFirst()) {
            try CertificateInvariants.signature(of: child, by: issuer)
        }
        let source: Evidence.Source = choices & 128 == 0 ? .handshake : .posted
        let report = try ReportInvariants.judge(presented: presented, options: options, source: source)
        try altered(report, presented, options)
    }

    /// One bit of the end entity's signature is another: no store trusts it any more.
    private static func altered(
        _ report: Report, _ presented: [[UInt8]], _ options: Options
    ) throws(BrokenInvariant) {
        guard report.verdict == .trusted, let leaf = report.leaf, var der = report[leaf]?.der else { return }
        // The highest bit is in use whatever number of bits the BIT STRING leaves unused.
        der[der.count - 1] ^= 0x80
        let rest = presented.filter { SHA256Digest(of: $0) != leaf }
        let second = try ReportInvariants.judge(presented: [der] + rest, options: options)
        try require(
            !second.stores.contains { $0.trusted == true }, "trusted with a signature that was altered")
    }

    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var cursor = DERCursor(bytes)
        var out: [[UInt8]] = []
        while !cursor.isAtEnd, out.count < limit {
            let start = cursor.at
            guard let element = try? cursor.next() else {
                out.append(Array(bytes[start...]))
                break
            }
            out.append(Array(bytes[element.whole]))
        }
        return out
    }
}
