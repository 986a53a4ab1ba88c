/// A GeneralName (RFC 5280 §4.2.1.6).
package enum GeneralName: Sendable, Equatable {
    case dns(String)
    /// Four or sixteen octets in a SAN, eight or thirty-two in a name constraint; anything else is malformed.
    case ip([UInt8])
    case email(String)
    case uri(String)
    case directory([UInt8])
    /// otherName, x400Address, ediPartyName, registeredID: the context tag.
    case other(UInt8)

    static func read(_ element: DERElement, in bytes: [UInt8]) -> GeneralName {
        let content = bytes[element.content]
        return switch element.tag {
        case Tag.context(1): .email(ASN1Text.utf8(content))
        case Tag.context(2): .dns(ASN1Text.utf8(content))
        case Tag.context(6): .uri(ASN1Text.utf8(content))
        case Tag.context(7): .ip(Array(content))
        case Tag.constructed(4): .directory(Array(content))
        default: .other(element.tag & 0x1F)
        }
    }

    static func list(_ cursor: inout DERCursor) throws(DERError) -> [GeneralName] {
        var out: [GeneralName] = []
        while !cursor.isAtEnd {
            let element = try cursor.next()
            guard element.tag & 0xC0 == 0x80 else { throw DERError(offset: element.start) }
            out.append(read(element, in: cursor.bytes))
        }
        return out
    }
}

/// NameConstraints (RFC 5280 §4.2.1.10).
package struct NameConstraints: Sendable, Equatable {
    package let permitted: [Subtree]
    package let excluded: [Subtree]
    /// A subtree list that is there and empty, which the SIZE (1..MAX) of GeneralSubtrees forbids.
    package let hasEmptyList: Bool

    package struct Subtree: Sendable, Equatable {
        package let base: GeneralName
        /// `minimum` other than 0 or any `maximum`.
        package let hasBounds: Bool
    }

    init(_ cursor: inout DERCursor) throws(DERError) {
        func subtrees(_ cursor: inout DERCursor, _ n: UInt8) throws(DERError) -> [Subtree]? {
            guard let list = try cursor.optional(Tag.constructed(n)) else { return nil }
            var inner = cursor.inside(list)
            var out: [Subtree] = []
            while !inner.isAtEnd {
                var fields = inner.inside(try inner.next(Tag.sequence))
                let base = try fields.next()
                out.append(
                    Subtree(base: GeneralName.read(base, in: fields.bytes), hasBounds: !fields.isAtEnd))
            }
            return out
        }
        let first = try subtrees(&cursor, 0)
        let second = try subtrees(&cursor, 1)
        try cursor.expectEnd()
        permitted = first ?? []
        excluded = second ?? []
        hasEmptyList = (first == nil && second == nil) || first?.isEmpty == true || second?.isEmpty == true
    }
}
