/// The query of a request target: `name=value` pairs, percent-decoded, `+` as a space.
enum QueryString {
    struct Malformed: Error { var parameter: String }

    /// A pair without `=` has an empty value. `pem=` in base64 with a bare `+` would lose it, but
    /// certificates do not fit a request target anyway.
    static func parse(_ text: Substring) throws(Malformed) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decode(halves[0], plus: true) else {
                throw Malformed(parameter: String(halves[0]))
            }
            guard let value = decode(halves.count > 1 ? halves[1] : "", plus: true) else {
                throw Malformed(parameter: name)
            }
            pairs.append((name, value))
        }
        return pairs
    }

    /// Nil for a broken escape, a NUL, or bytes that are not UTF-8.
    static func decode(_ text: Substring, plus: Bool) -> String? {
        var bytes = [UInt8]()
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let c = rest.next() {
            switch c {
            case 0x25:
                guard let high = rest.next().flatMap(nibble), let low = rest.next().flatMap(nibble) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case 0x2B where plus: bytes.append(0x20)
            default: bytes.append(c)
            }
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func nibble(_ c: UInt8) -> UInt8? {
        switch c {
        case 0x30...0x39: c - 0x30
        case 0x41...0x46: c - 0x37
        case 0x61...0x66: c - 0x57
        default: nil
        }
    }
}
