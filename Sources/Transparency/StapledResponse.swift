import Certificates

/// Only as much of an OCSPResponse (RFC 6960 §4.2.1) as leads to the SCTs in it.
struct StapledResponse {
    private let der: [UInt8]

    init(_ der: [UInt8]) { self.der = der }

    /// id-pkix-ocsp-basic.
    private static let basic: [UInt8] = [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01]
    /// 1.3.6.1.4.1.11129.2.4.5 (RFC 6962 §3.3).
    private static let scts: [UInt8] = [0x2B, 0x06, 0x01, 0x04, 0x01, 0xD6, 0x79, 0x02, 0x04, 0x05]

    /// The extension's value; nil when there is none.
    func sctExtension(serial: [UInt8]) throws(DERError) -> [UInt8]? {
        var outer = DERCursor(der)
        var response = outer.inside(try outer.next(Tag.sequence))
        _ = try response.next()
        guard let explicit = try response.optional(Tag.constructed(0)) else { return nil }
        var wrapper = response.inside(explicit)
        var bytes = wrapper.inside(try wrapper.next(Tag.sequence))
        guard Array(der[try bytes.next(Tag.oid).content]) == Self.basic else { return nil }
        var content = bytes.inside(try bytes.next(Tag.octetString))
        var basic = content.inside(try content.next(Tag.sequence))
        var data = basic.inside(try basic.next(Tag.sequence))
        _ = try data.optional(Tag.constructed(0))
        // responderID, producedAt
        _ = try data.next()
        _ = try data.next()
        var singles = data.inside(try data.next(Tag.sequence))
        while !singles.isAtEnd {
            let single = singles.inside(try singles.next(Tag.sequence))
            if let value = try extensionValue(single, serial: serial) { return value }
        }
        return nil
    }

    private func extensionValue(_ single: DERCursor, serial: [UInt8]) throws(DERError) -> [UInt8]? {
        var single = single
        var certID = single.inside(try single.next(Tag.sequence))
        for _ in 0..<3 { _ = try certID.next() }
        guard Array(der[try certID.next(Tag.integer).content]) == serial else { return nil }
        // certStatus, thisUpdate, nextUpdate
        _ = try single.next()
        _ = try single.next()
        _ = try single.optional(Tag.constructed(0))
        guard let explicit = try single.optional(Tag.constructed(1)) else { return nil }
        var wrapper = single.inside(explicit)
        var list = wrapper.inside(try wrapper.next(Tag.sequence))
        while !list.isAtEnd {
            var item = list.inside(try list.next(Tag.sequence))
            let oid = Array(der[try item.next(Tag.oid).content])
            _ = try item.optional(Tag.boolean)
            let value = Array(der[try item.next(Tag.octetString).content])
            if oid == Self.scts { return value }
        }
        return nil
    }
}
