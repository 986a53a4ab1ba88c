/// A Name (RFC 5280 §4.1.2.4): its DER, and what people read of it. Comparison of names is libcrypto's
/// (`X509_NAME_cmp`, RFC 5280 §7.1); `==` here compares bytes.
package struct DistinguishedName: Sendable, Equatable {
    /// The whole SEQUENCE.
    package let der: [UInt8]
    /// Attribute type (usual name or dotted OID) and value, in DER order.
    package let attributes: [Attribute]
    /// The dotted OIDs of their types.
    package var attributeTypes: [String] { attributes.map { OIDs.attributeOIDs[$0.type] ?? $0.type } }
    /// RFC 4514: last RDN first.
    package let text: String

    package struct Attribute: Sendable, Equatable {
        package let type: String
        package let value: String
    }

    /// The last CN, which is the most specific one.
    package var commonName: String? { attributes.last { $0.type == "CN" }?.value }
    package var isEmpty: Bool { attributes.isEmpty }

    /// What to call its bearer in a sentence: the CN, else the organisation, else the whole name.
    package var display: String {
        commonName ?? attributes.last { $0.type == "O" }?.value ?? (text.isEmpty ? "(empty name)" : text)
    }

    package init(der: [UInt8]) throws(DERError) {
        var outer = DERCursor(der)
        let name = try outer.next(Tag.sequence)
        try outer.expectEnd()
        self.der = der
        var rdns = outer.inside(name)
        var all: [Attribute] = []
        var parts: [String] = []
        while !rdns.isAtEnd {
            let rdn = try rdns.next(Tag.set)
            var inner = rdns.inside(rdn)
            var pieces: [String] = []
            repeat {
                let pair = try inner.next(Tag.sequence)
                var fields = inner.inside(pair)
                let type = try fields.next(Tag.oid)
                let value = try fields.next()
                try fields.expectEnd()
                let oid = OID(content: Array(der[type.content]))
                let named = OIDs.attributeNames[oid] ?? oid.description
                let text = ASN1Text.decode(tag: value.tag, der[value.content])
                all.append(Attribute(type: named, value: text))
                pieces.append(named + "=" + Self.escape(text))
            } while !inner.isAtEnd
            parts.append(pieces.joined(separator: "+"))
        }
        attributes = all
        text = parts.reversed().joined(separator: ",")
    }

    /// RFC 4514 §2.4.
    private static func escape(_ value: String) -> String {
        var out = ""
        out.reserveCapacity(value.utf8.count)
        let last = value.unicodeScalars.count - 1
        for (index, scalar) in value.unicodeScalars.enumerated() {
            switch scalar {
            case "\0":
                out.append("\\00")
                continue
            case ",", "+", "\"", "\\", "<", ">", ";": out.append("\\")
            case "#" where index == 0, " " where index == 0 || index == last: out.append("\\")
            default: break
            }
            out.unicodeScalars.append(scalar)
        }
        return out
    }
}

/// Strings of ASN.1 as Unicode. What cannot be decoded is shown as `\xNN`, so that every answer is valid
/// UTF-8.
package enum ASN1Text {
    package static func decode(tag: UInt8, _ bytes: ArraySlice<UInt8>) -> String {
        switch tag {
        case Tag.bmpString: units(bytes, width: 2)
        case Tag.universalString: units(bytes, width: 4)
        // libcrypto and every browser read T.61 as Latin-1.
        case Tag.t61String: String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        default: utf8(bytes)
        }
    }

    package static func utf8(_ bytes: ArraySlice<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var out = ""
        for byte in bytes {
            if byte < 0x80 { out.unicodeScalars.append(Unicode.Scalar(byte)) } else { out += hex(byte) }
        }
        return out
    }

    private static func hex(_ byte: UInt8) -> String { "\\x" + Hex.encode([byte]) }

    private static func units(_ bytes: ArraySlice<UInt8>, width: Int) -> String {
        let all = Array(bytes)
        guard all.count % width == 0 else { return all.map(hex).joined() }
        var out = ""
        for start in stride(from: 0, to: all.count, by: width) {
            let value = all[start..<start + width].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if let scalar = Unicode.Scalar(value) {
                out.unicodeScalars.append(scalar)
            } else {
                out += all[start..<start + width].map(hex).joined()
            }
        }
        return out
    }
}
