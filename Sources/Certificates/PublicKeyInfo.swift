/// A SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), read from its bytes alone: libcrypto's decoding costs 160 µs
/// and more, and refuses keys that a report must still describe.
package struct PublicKeyInfo: Sendable, Equatable {
    /// The whole SEQUENCE; its SHA-256 is the SPKI pin (RFC 7469 §2.4).
    package let der: [UInt8]
    package let algorithm: OID
    package let kind: Kind

    package enum Kind: Sendable, Equatable {
        /// Bits of the modulus, whether it is odd, and the public exponent without leading zeros.
        case rsa(bits: Int, oddModulus: Bool, exponent: [UInt8])
        /// A named curve (RFC 5480 §2.1.1).
        case ec(curve: String, bits: Int)
        /// ECParameters in full, which RFC 5480 §2.1.1 forbids; whose generator may be a forger's.
        case ecExplicit
        case ed25519, ed448
        case dsa(bits: Int?)
        case unknown
        /// The algorithm is known, the key inside is not one of it.
        case malformed
    }

    package init(der: [UInt8]) throws(DERError) {
        var outer = DERCursor(der)
        let whole = try outer.next(Tag.sequence)
        try outer.expectEnd()
        var fields = outer.inside(whole)
        var identifier = fields.inside(try fields.next(Tag.sequence))
        let key = try fields.next(Tag.bitString)
        try fields.expectEnd()
        let oid = OID(content: Array(der[try identifier.next(Tag.oid).content]))
        self.der = der
        algorithm = oid
        kind = Self.kind(oid, &identifier, der, key.content)
    }

    private static func kind(
        _ oid: OID, _ parameters: inout DERCursor, _ der: [UInt8], _ bits: Range<Int>
    ) -> Kind {
        switch oid {
        case OIDs.rsaEncryption, OIDs.rsaPSS:
            guard bits.count > 1 else { return .malformed }
            return (try? rsa(der, bits.lowerBound + 1..<bits.upperBound)) ?? .malformed
        case OIDs.ecPublicKey:
            guard let tag = parameters.nextTag else { return .malformed }
            if tag == Tag.sequence { return .ecExplicit }
            guard let named = try? parameters.next(Tag.oid) else { return .malformed }
            let curve = OID(content: Array(der[named.content]))
            guard let known = OIDs.curves[curve] else { return .ec(curve: curve.description, bits: 0) }
            return .ec(curve: known.name, bits: known.bits)
        case OIDs.ed25519: return .ed25519
        case OIDs.ed448: return .ed448
        case OIDs.dsa:
            var inner =
                parameters.nextTag == Tag.sequence ? (try? parameters.next()).map(parameters.inside) : nil
            let prime = try? inner?.next(Tag.integer)
            return .dsa(bits: prime.map { bitLength(der[$0.content]) })
        default: return .unknown
        }
    }

    private static func rsa(_ der: [UInt8], _ range: Range<Int>) throws(DERError) -> Kind {
        var cursor = DERCursor(der, range)
        var fields = cursor.inside(try cursor.next(Tag.sequence))
        let modulus = try fields.next(Tag.integer).content
        let exponent = try fields.next(Tag.integer).content
        try fields.expectEnd()
        guard let first = der[modulus].first, first < 0x80, let last = der[modulus].last,
            let e = der[exponent].first, e < 0x80
        else { return .malformed }
        return .rsa(
            bits: bitLength(der[modulus]), oddModulus: last & 1 == 1,
            exponent: Array(der[exponent].drop { $0 == 0 }))
    }

    private static func bitLength(_ magnitude: ArraySlice<UInt8>) -> Int {
        let trimmed = magnitude.drop { $0 == 0 }
        guard let first = trimmed.first else { return 0 }
        return trimmed.count * 8 - first.leadingZeroBitCount
    }

    /// "RSA 2048", "EC P-256", "Ed25519", else the OID.
    package var display: String {
        switch kind {
        case .rsa(let bits, _, _): "RSA \(bits)"
        case .ec(let curve, _): "EC \(curve)"
        case .ecExplicit: "EC explicit"
        case .ed25519: "Ed25519"
        case .ed448: "Ed448"
        case .dsa(let bits): "DSA \(bits.map(String.init) ?? "?")"
        case .unknown: OIDs.signatureNames[algorithm] ?? algorithm.description
        case .malformed: "undecodable"
        }
    }

    package var typeName: String {
        switch kind {
        case .rsa: "RSA"
        case .ec, .ecExplicit: "EC"
        case .ed25519: "Ed25519"
        case .ed448: "Ed448"
        case .dsa: "DSA"
        case .unknown, .malformed: OIDs.signatureNames[algorithm] ?? algorithm.description
        }
    }

    /// Of the modulus, the curve or the prime; nil when the key does not say.
    package var bits: Int? {
        switch kind {
        case .rsa(let bits, _, _): bits
        case .ec(_, let bits): bits == 0 ? nil : bits
        case .ed25519: 256
        case .ed448: 456
        case .dsa(let bits): bits
        case .ecExplicit, .unknown, .malformed: nil
        }
    }
}
