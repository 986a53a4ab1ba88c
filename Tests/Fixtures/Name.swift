/// A distinguished name as bytes. A string literal is a common name in a UTF8String.
package struct Name: Sendable, Hashable, ExpressibleByStringLiteral {
    package var der: [UInt8]

    package static let empty = Name(raw: Encode.sequence())

    package init(raw der: [UInt8]) { self.der = der }
    /// One attribute in each RDN, in the order of encoding (country first).
    package init(_ attributes: [NameAttribute]) { self.init(rdns: attributes.map { [$0] }) }
    package init(rdns: [[NameAttribute]]) {
        der = Encode.sequence(of: rdns.map { Encode.set(of: $0.map(\.der)) })
    }
    package init(commonName: String) { self.init([.commonName(commonName)]) }
    package init(stringLiteral text: String) { self.init(commonName: text) }
}

package struct NameAttribute: Sendable, Hashable {
    /// The tags of DirectoryString (RFC 5280 §4.1.2.4) and IA5String.
    package enum StringType: UInt8, Sendable {
        case utf8 = 0x0C
        case printable = 0x13
        case t61 = 0x14
        case ia5 = 0x16
        case universal = 0x1C
        case bmp = 0x1E
    }

    package var type: String
    /// One whole element.
    package var value: [UInt8]

    package init(type: String, value: [UInt8]) { (self.type, self.value) = (type, value) }

    package init(_ type: String, _ text: String, _ stringType: StringType = .utf8) {
        let content: [UInt8] =
            switch stringType {
            case .bmp: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            case .universal:
                text.unicodeScalars.flatMap { scalar in
                    (0..<4).map { UInt8(truncatingIfNeeded: scalar.value >> (24 - 8 * $0)) }
                }
            // T61String as everybody wrote it: Latin-1.
            case .t61: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            case .utf8, .printable, .ia5: Array(text.utf8)
            }
        self.init(type: type, value: Encode.tlv(stringType.rawValue, content))
    }

    package static func commonName(_ text: String, _ type: StringType = .utf8) -> Self {
        Self("2.5.4.3", text, type)
    }
    package static func country(_ text: String) -> Self { Self("2.5.4.6", text, .printable) }
    package static func organization(_ text: String, _ type: StringType = .utf8) -> Self {
        Self("2.5.4.10", text, type)
    }
    package static func organizationalUnit(_ text: String, _ type: StringType = .utf8) -> Self {
        Self("2.5.4.11", text, type)
    }
    package static func emailAddress(_ text: String) -> Self { Self("1.2.840.113549.1.9.1", text, .ia5) }

    package var der: [UInt8] { Encode.sequence(Encode.oid(type), value) }
}
