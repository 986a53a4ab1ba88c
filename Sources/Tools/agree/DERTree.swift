import Certificates

/// Bytes as DER elements, so that whole elements can be mutated. Strings that hold DER are opened.
struct DERTree {
    var tag: UInt8
    /// What stands before the children: the count of unused bits.
    var prefix: [UInt8] = []
    /// Of an element without children.
    var content: [UInt8] = []
    var children: [DERTree] = []
    /// Written with one octet of length more than DER allows.
    var isPadded = false

    /// Nil when `der` is not one element.
    init?(_ der: [UInt8]) {
        guard let all = Self.all(in: der), all.count == 1 else { return nil }
        self = all[0]
    }

    private init(_ element: DERElement, in bytes: [UInt8]) {
        tag = element.tag
        content = Array(bytes[element.content])
        if tag & 0x20 != 0 || tag == Tag.octetString {
            if let inner = Self.all(in: content) { (children, content) = (inner, []) }
        } else if tag == Tag.bitString, content.first == 0, content.count > 1,
            let inner = Self.all(in: Array(content.dropFirst()))
        {
            (prefix, children, content) = ([0], inner, [])
        }
    }

    private static func all(in bytes: [UInt8]) -> [DERTree]? {
        var cursor = DERCursor(bytes)
        var out: [DERTree] = []
        while !cursor.isAtEnd {
            guard let element = try? cursor.next() else { return nil }
            out.append(DERTree(element, in: bytes))
        }
        return out.isEmpty ? nil : out
    }

    var der: [UInt8] {
        var inside = prefix + content
        for child in children { inside += child.der }
        let short: [UInt8]
        switch inside.count {
        case ..<0x80: short = [UInt8(inside.count)]
        case ..<0x100: short = [0x81, UInt8(inside.count)]
        default: short = [0x82, UInt8(inside.count >> 8 & 0xFF), UInt8(inside.count & 0xFF)]
        }
        guard isPadded else { return [tag] + short + inside }
        let long = short.count == 1 ? [0x81] + short : [short[0] + 1, 0] + short.dropFirst()
        return [tag] + long + inside
    }

    var count: Int { children.reduce(1) { $0 + $1.count } }

    /// Changes the element with this number, counted from the outermost in reading order.
    mutating func change(_ number: Int, _ body: (inout DERTree) -> Void) {
        guard number > 0 else { return body(&self) }
        var rest = number - 1
        for index in children.indices {
            let count = children[index].count
            if rest < count { return children[index].change(rest, body) }
            rest -= count
        }
    }
}
