import Certificates

/// Writes DER (X.690) without judging it, so that any malformed thing can be expressed: every function
/// returns the bytes of one element, and elements are put together as arrays.
package enum Encode {
    /// Any tag, with the shortest length.
    package static func tlv(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    package static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        var octets = [UInt8]()
        var rest = count
        while rest > 0 {
            octets.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(octets.count)] + octets
    }

    package static func sequence(_ parts: [UInt8]...) -> [UInt8] { tlv(0x30, Array(parts.joined())) }
    package static func sequence(of parts: [[UInt8]]) -> [UInt8] { tlv(0x30, Array(parts.joined())) }
    package static func set(of parts: [[UInt8]]) -> [UInt8] {
        tlv(0x31, Array(parts.sorted { $0.lexicographicallyPrecedes($1) }.joined()))
    }

    /// `[number]`, constructed: an explicit tag, or an implicit one over SEQUENCE content.
    package static func context(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        tlv(0xA0 | number, content)
    }
    /// `[number]`, primitive: an implicit tag over a string.
    package static func primitive(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        tlv(0x80 | number, content)
    }

    package static func boolean(_ value: Bool) -> [UInt8] { [0x01, 0x01, value ? 0xFF : 0x00] }
    package static let null: [UInt8] = [0x05, 0x00]
    package static func octetString(_ content: [UInt8]) -> [UInt8] { tlv(0x04, content) }
    package static func bitString(_ content: [UInt8], unused: UInt8 = 0) -> [UInt8] {
        tlv(0x03, [unused] + content)
    }
    package static func utf8(_ text: String) -> [UInt8] { tlv(0x0C, Array(text.utf8)) }
    package static func ia5(_ text: String) -> [UInt8] { tlv(0x16, Array(text.utf8)) }
    package static func enumerated(_ value: UInt8) -> [UInt8] { [0x0A, 0x01, value] }

    /// An INTEGER with exactly these content octets, minimal or not, negative or not.
    package static func integer(octets: [UInt8]) -> [UInt8] { tlv(0x02, octets) }

    package static func integer(_ value: Int) -> [UInt8] {
        var octets = withUnsafeBytes(of: value.bigEndian) { Array($0) }
        while octets.count > 1,
            octets[0] == 0 && octets[1] < 0x80 || octets[0] == 0xFF && octets[1] >= 0x80
        {
            octets.removeFirst()
        }
        return integer(octets: octets)
    }

    /// A nonnegative INTEGER of any size, from its magnitude.
    package static func unsigned(_ magnitude: [UInt8]) -> [UInt8] {
        let digits = Array(magnitude.drop { $0 == 0 })
        guard let first = digits.first else { return integer(0) }
        return integer(octets: first < 0x80 ? digits : [0] + digits)
    }

    /// From dotted decimal.
    package static func oid(_ dotted: String) -> [UInt8] {
        let arcs = dotted.split(separator: ".").compactMap { UInt64($0) }
        precondition(arcs.count >= 2, "not an object identifier: \(dotted)")
        var content = [UInt8]()
        for arc in [arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2) {
            var groups = [UInt8(arc & 0x7F)]
            var rest = arc >> 7
            while rest > 0 {
                groups.insert(0x80 | UInt8(rest & 0x7F), at: 0)
                rest >>= 7
            }
            content += groups
        }
        return tlv(0x06, content)
    }

    /// RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime after (and before 1950).
    package static func time(_ instant: Instant) -> [UInt8] {
        let year = instant.components.year
        return (1950...2049).contains(year) ? utcTime(instant) : generalizedTime(instant)
    }

    package static func generalizedTime(_ instant: Instant) -> [UInt8] {
        tlv(0x18, instant.rfc3339.filter { (0x30...0x39).contains($0) } + [0x5A])
    }

    /// The two last digits of the year only, whichever the century.
    package static func utcTime(_ instant: Instant) -> [UInt8] {
        tlv(0x17, instant.rfc3339.filter { (0x30...0x39).contains($0) }.dropFirst(2) + [0x5A])
    }

    /// The elements inside one constructed element; for bytes this module wrote itself.
    package static func children(of element: [UInt8]) -> [[UInt8]] {
        func header(_ at: Int) -> (content: Int, end: Int)? {
            guard at + 1 < element.count else { return nil }
            let first = Int(element[at + 1])
            if first < 0x80 { return (at + 2, at + 2 + first) }
            let octets = first & 0x7F
            guard octets > 0, octets < 5, at + 2 + octets <= element.count else { return nil }
            let count = element[at + 2..<at + 2 + octets].reduce(0) { $0 << 8 | Int($1) }
            return (at + 2 + octets, at + 2 + octets + count)
        }
        guard let outer = header(0) else { return [] }
        var found = [[UInt8]]()
        var at = outer.content
        while at < outer.end, let inner = header(at), inner.end <= element.count {
            found.append(Array(element[at..<inner.end]))
            at = inner.end
        }
        return found
    }
}
