/// An IPv4 or IPv6 address: read strictly, written canonically (RFC 5952).
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Four or sixteen, in network order; as in the iPAddress of a subject alternative name.
    package let octets: [UInt8]

    /// Nil unless there are four or sixteen.
    package init?(octets: [UInt8]) {
        guard octets.count == 4 || octets.count == 16 else { return nil }
        self.octets = octets
    }

    /// A dotted quad of decimal numbers without leading zeros, or any text form of RFC 4291 §2.2 without
    /// brackets.
    ///
    /// Octal, hexadecimal and short IPv4 forms, prefix lengths and zone ids are nil: readers differ about
    /// them.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        // The longest form is 45: eight groups, of which the last two as a dotted quad.
        guard bytes.count <= 45, let octets = bytes.contains(0x3A) ? Self.six(bytes) : Self.four(bytes[...])
        else {
            return nil
        }
        self.octets = octets
    }

    package var isIPv4: Bool { octets.count == 4 }

    package var description: String { text }

    /// A dotted quad, or RFC 5952.
    package var text: String {
        isIPv4 ? octets.map(String.init).joined(separator: ".") : Self.text(groups: groups)
    }

    private var groups: [UInt16] {
        stride(from: 0, to: octets.count, by: 2).map { UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]) }
    }

    /// Whether a text can only be meant as an IPv4 address: its last label is a number, decimal or
    /// hexadecimal (the WHATWG URL standard's "ends in a number"). Such a text is never a DNS name.
    package static func looksNumeric(_ text: some StringProtocol) -> Bool {
        let labels = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard let last = labels.last(where: { !$0.isEmpty }) else { return false }
        let digits =
            last.starts(with: [0x30, 0x78]) || last.starts(with: [0x30, 0x58]) ? last.dropFirst(2) : nil
        if let digits { return digits.allSatisfy { hexDigit($0) != nil } }
        return last.allSatisfy { (0x30...0x39).contains($0) }
    }

    // MARK: Reading

    private static func four(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var octets: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != 0x30,
                part.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            let value = part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            guard value <= 255 else { return nil }
            octets.append(UInt8(value))
        }
        return octets
    }

    private static func six(_ text: [UInt8]) -> [UInt8]? {
        guard let gap = text.indices.dropLast().first(where: { text[$0] == 0x3A && text[$0 + 1] == 0x3A })
        else {
            guard let octets = groups(text[...], last: true), octets.count == 16 else { return nil }
            return octets
        }
        // `::` stands once, for one or more groups of zeros.
        guard let head = groups(text[..<gap], last: false), let tail = groups(text[(gap + 2)...], last: true),
            head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// Groups of one to four hex digits between colons; when `last`, a dotted quad may stand for two.
    private static func groups(_ text: ArraySlice<UInt8>, last: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: 0x3A, omittingEmptySubsequences: false)
        var octets: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if last, index == parts.count - 1, part.contains(0x2E) {
                guard let quad = four(part) else { return nil }
                return octets + quad
            }
            guard (1...4).contains(part.count) else { return nil }
            var value: UInt16 = 0
            for byte in part {
                guard let digit = hexDigit(byte) else { return nil }
                value = value << 4 | UInt16(digit)
            }
            octets += [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
        }
        return octets
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    // MARK: Writing

    /// RFC 5952 §4: lower case, no leading zeros, `::` for the first longest run of two or more zero groups;
    /// §5: mixed notation for IPv4-mapped addresses (RFC 4291 §2.5.5.2).
    private static func text(groups: [UInt16]) -> String {
        if groups.prefix(5).allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            let quad = groups.suffix(2).flatMap { [$0 >> 8, $0 & 255] }
            return "::ffff:" + quad.map { String($0) }.joined(separator: ".")
        }
        var run = 0..<0
        var start: Int?
        for index in 0...groups.count {
            if index < groups.count, groups[index] == 0 {
                start = start ?? index
            } else if let from = start {
                if index - from > max(run.count, 1) { run = from..<index }
                start = nil
            }
        }
        func join(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !run.isEmpty else { return join(groups[...]) }
        return join(groups[..<run.lowerBound]) + "::" + join(groups[run.upperBound...])
    }
}
