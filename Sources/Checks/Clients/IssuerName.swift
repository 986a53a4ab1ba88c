import Certificates
import Reports

extension ClientRule {
    /// Issuer and subject that are equal by RFC 5280 §7.1 and differ as bytes, by what differs: the kind of
    /// string, the case of letters, white space. Firefox, Go and rustls compare bytes; GnuTLS knows kinds of
    /// strings (ran).
    static let issuerName = ClientRule(
        .clientIssuerName, "Issuer and subject are equal as bytes", .rfc(5280, "7.1"), .issuerNameEncoding,
        .issuerNameCase, .issuerNameSpace
    ) { context in
        let certificates = context.path.certificates
        return .of(
            certificates.indices.dropLast().flatMap { depth -> [Failure] in
                let (issuer, subject) = (certificates[depth].issuer, certificates[depth + 1].subject)
                guard issuer.der != subject.der else { return [] }
                return differences(issuer, subject).map {
                    Failure($0, at: depth, expected: subject.text, presented: issuer.text)
                }
            })
    }

    private static func differences(_ a: DistinguishedName, _ b: DistinguishedName) -> [Reason] {
        let pairs = zip(a.attributes.map(\.value), b.attributes.map(\.value))
        var reasons: [Reason] = []
        if pairs.contains(where: { folded($0, spaces: true) != folded($1, spaces: true) }) {
            reasons.append(.issuerNameCase)
        }
        if pairs.contains(where: { folded($0, case: true) != folded($1, case: true) }) {
            reasons.append(.issuerNameSpace)
        }
        // Kinds of strings, or a form of the whole that none of the above explains.
        if stringTags(a) != stringTags(b) || reasons.isEmpty { reasons.append(.issuerNameEncoding) }
        return reasons
    }

    private static func folded(_ text: String, case folds: Bool = false, spaces: Bool = false) -> String {
        let cased = folds ? text.lowercased() : text
        return spaces ? cased.split(whereSeparator: \.isWhitespace).joined(separator: " ") : cased
    }

    private static func stringTags(_ name: DistinguishedName) -> [UInt8] {
        var tags: [UInt8] = []
        var outer = DERCursor(name.der)
        guard let whole = try? outer.next(Tag.sequence) else { return [] }
        var rdns = outer.inside(whole)
        while !rdns.isAtEnd {
            guard let rdn = try? rdns.next() else { return tags }
            var pairs = rdns.inside(rdn)
            while !pairs.isAtEnd {
                guard let pair = try? pairs.next() else { return tags }
                var fields = pairs.inside(pair)
                guard (try? fields.next()) != nil, let value = try? fields.next() else { return tags }
                tags.append(value.tag)
            }
        }
        return tags
    }
}
