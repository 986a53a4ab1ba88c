import Certificates

/// What a log signed (RFC 6962 §3.2): the certificate itself, or for an embedded SCT the TBSCertificate
/// without the SCT list, under the key that issued it.
struct SignedEntry: Sendable {
    /// entry_type and signed_entry.
    private let bytes: [UInt8]

    static func x509(_ leaf: Certificate) -> SignedEntry {
        SignedEntry(bytes: [0, 0] + counted(leaf.der))
    }

    /// Nil when the certificate has no SCT extension.
    static func precertificate(_ leaf: Certificate, issuer: Certificate) -> SignedEntry? {
        guard let tbs = try? withoutSCTs(leaf.der) else { return nil }
        return SignedEntry(bytes: [0, 1] + issuer.spkiSHA256.bytes + counted(tbs))
    }

    private static func counted(_ content: [UInt8]) -> [UInt8] {
        // Certificates are at most 256 kB: three octets hold their length.
        [UInt8(content.count >> 16 & 0xFF), UInt8(content.count >> 8 & 0xFF), UInt8(content.count & 0xFF)]
            + content
    }

    /// version v1, signature_type certificate_timestamp, timestamp, entry, extensions.
    func message(_ sct: SCT) -> [UInt8] {
        let stamp = (0..<8).map { UInt8(truncatingIfNeeded: sct.milliseconds >> (56 - 8 * UInt64($0))) }
        let count = sct.extensions.count
        return [0, 0] + stamp + bytes + [UInt8(count >> 8), UInt8(count & 0xFF)] + sct.extensions
    }

    /// All octets kept as they are but the extension and the three lengths around it.
    private static func withoutSCTs(_ der: [UInt8]) throws(DERError) -> [UInt8]? {
        var outer = DERCursor(der)
        var certificate = outer.inside(try outer.next(Tag.sequence))
        let tbs = try certificate.next(Tag.sequence)
        var fields = certificate.inside(tbs)
        while let tag = fields.nextTag, tag != Tag.constructed(3) { _ = try fields.next() }
        guard let explicit = try fields.optional(Tag.constructed(3)) else { return nil }
        var wrapper = fields.inside(explicit)
        let list = try wrapper.next(Tag.sequence)
        var kept: [UInt8] = []
        var removed = false
        var items = wrapper.inside(list)
        while !items.isAtEnd {
            let item = try items.next(Tag.sequence)
            var parts = items.inside(item)
            let oid = OID(content: Array(der[try parts.next(Tag.oid).content]))
            if oid == OIDs.sctList { removed = true } else { kept += der[item.whole] }
        }
        guard removed else { return nil }
        let extensions =
            kept.isEmpty ? [] : element(Tag.constructed(3), element(Tag.sequence, kept))
        return element(Tag.sequence, Array(der[tbs.content.lowerBound..<explicit.start]) + extensions)
    }

    /// One DER element with the shortest length.
    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            octets.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        let length =
            content.count < 0x80 ? [UInt8(content.count)] : [0x80 | UInt8(octets.count)] + octets
        return [tag] + length + content
    }
}
