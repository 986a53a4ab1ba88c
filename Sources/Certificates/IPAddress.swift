/// An IPv4 or IPv6 address as octets.
package struct IPAddress: Sendable, Hashable {
    /// Four or sixteen.
    package let octets: [UInt8]

    package init?(octets: [UInt8]) {
        guard octets.count == 4 || octets.count == 16 else { return nil }
        self.octets = octets
    }

    /// IPv4 as four decimal numbers without leading zeros; IPv6 in any form of RFC 4291 §2.2, without zone and
    /// brackets. Octal, hexadecimal and short IPv4 forms are refused: programs disagree about what they mean.
    package init?(_ text: some StringProtocol) {
        guard let octets = text.contains(":") ? Self.v6(text) : Self.v4(text) else { return nil }
        self.octets = octets
    }

    private static func v4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var out: [UInt8] = []
        for part in parts {
            let digits = Array(part.utf8)
            guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
                digits.count == 1 || digits[0] != 0x30, let value = UInt8(part)
            else { return nil }
            out.append(value)
        }
        return out
    }

    private static func v6(_ text: some StringProtocol) -> [UInt8]? {
        let halves = String(text).split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        func groups(_ half: Substring) -> [UInt8]? {
            if half.isEmpty { return [] }
            var out: [UInt8] = []
            let parts = half.split(separator: ":", omittingEmptySubsequences: false)
            for (index, part) in parts.enumerated() {
                if index == parts.count - 1, part.contains(".") {
                    guard let tail = v4(part) else { return nil }
                    out += tail
                    continue
                }
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ Character(.init($0)).isHexDigit }),
                    let value = UInt16(part, radix: 16)
                else { return nil }
                out += [UInt8(value >> 8), UInt8(value & 0xFF)]
            }
            return out
        }
        guard let head = groups(halves[0]) else { return nil }
        guard halves.count == 2 else { return head.count == 16 ? head : nil }
        // An embedded IPv4 address may only end the whole.
        if halves[0].contains(".") { return nil }
        guard let tail = groups(halves[1]), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// Dotted quad, or RFC 5952: lower case, the longest run of two or more zero groups shortened.
    package var text: String {
        if octets.count == 4 { return octets.map(String.init).joined(separator: ".") }
        let groups = (0..<8).map { UInt16(octets[2 * $0]) << 8 | UInt16(octets[2 * $0 + 1]) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, best.count) { best = start..<end }
            start = max(end, start + 1)
        }
        func hex(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        if best.isEmpty { return hex(0..<8) }
        return hex(0..<best.lowerBound) + "::" + hex(best.upperBound..<8)
    }
}
