/// Strict DER (X.690 §10): definite lengths in their shortest form, low tag numbers only.
package struct DERError: Error, Equatable, Sendable {
    /// Offset into the outermost bytes.
    package let offset: Int
    package init(offset: Int) { self.offset = offset }
}

/// Reads one DER element after another from a range of bytes, copying nothing.
package struct DERCursor: Sendable {
    package let bytes: [UInt8]
    package var at: Int
    package let end: Int

    package init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

    package init(_ bytes: [UInt8], _ range: Range<Int>) {
        (self.bytes, self.at, self.end) = (bytes, range.lowerBound, range.upperBound)
    }

    package var isAtEnd: Bool { at >= end }

    /// The identifier octet of the next element.
    package var nextTag: UInt8? { at < end ? bytes[at] : nil }

    package mutating func next() throws(DERError) -> DERElement {
        let start = at
        guard end - at >= 2 else { throw DERError(offset: at) }
        let tag = bytes[at]
        guard tag & 0x1F != 0x1F else { throw DERError(offset: at) }
        var length = Int(bytes[at + 1])
        var body = at + 2
        if length >= 0x80 {
            let count = length & 0x7F
            // Four octets reach 4 GB; nothing that large gets this far.
            guard (1...4).contains(count), end - body >= count, bytes[body] != 0 else {
                throw DERError(offset: at)
            }
            length = 0
            for _ in 0..<count {
                length = length << 8 | Int(bytes[body])
                body += 1
            }
            guard length >= 0x80 else { throw DERError(offset: at) }
        }
        guard end - body >= length else { throw DERError(offset: at) }
        at = body + length
        return DERElement(tag: tag, start: start, content: body..<at)
    }

    package mutating func next(_ tag: UInt8) throws(DERError) -> DERElement {
        guard nextTag == tag else { throw DERError(offset: at) }
        return try next()
    }

    package mutating func optional(_ tag: UInt8) throws(DERError) -> DERElement? {
        guard nextTag == tag else { return nil }
        return try next()
    }

    package func inside(_ element: DERElement) -> DERCursor { DERCursor(bytes, element.content) }

    package func expectEnd() throws(DERError) {
        guard isAtEnd else { throw DERError(offset: at) }
    }
}

/// One element's place in the bytes that its cursor reads.
package struct DERElement: Sendable {
    package let tag: UInt8
    package let start: Int
    package let content: Range<Int>

    package init(tag: UInt8, start: Int, content: Range<Int>) {
        (self.tag, self.start, self.content) = (tag, start, content)
    }

    /// Header and content.
    package var whole: Range<Int> { start..<content.upperBound }
}

/// Identifier octets (X.680 §8.4, X.690 §8.1.2).
package enum Tag {
    package static let boolean: UInt8 = 0x01
    package static let integer: UInt8 = 0x02
    package static let bitString: UInt8 = 0x03
    package static let octetString: UInt8 = 0x04
    package static let oid: UInt8 = 0x06
    package static let utf8String: UInt8 = 0x0C
    package static let printableString: UInt8 = 0x13
    package static let t61String: UInt8 = 0x14
    package static let ia5String: UInt8 = 0x16
    package static let utcTime: UInt8 = 0x17
    package static let generalizedTime: UInt8 = 0x18
    package static let universalString: UInt8 = 0x1C
    package static let bmpString: UInt8 = 0x1E
    package static let sequence: UInt8 = 0x30
    package static let set: UInt8 = 0x31

    /// Context-specific, primitive ([n] IMPLICIT over a primitive type).
    package static func context(_ n: UInt8) -> UInt8 { 0x80 | n }
    /// Context-specific, constructed.
    package static func constructed(_ n: UInt8) -> UInt8 { 0xA0 | n }
}
