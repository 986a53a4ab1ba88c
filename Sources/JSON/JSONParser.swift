/// Reads JSON (RFC 8259) strictly, in time linear in the bytes: whatever two readers could understand
/// differently is an error (duplicate names, a BOM, lone surrogates, U+0000, numbers that no Double holds).
package struct JSONParser {
    /// 24 bytes each: what a body may make of us is bounded even where it is all commas.
    static let maxValues = 1_000_000
    /// A Double's whole part has at most 309 digits; nobody writes many more to be understood.
    static let maxNumberLength = 400

    private let bytes: [UInt8]
    private let maxDepth: Int
    private var at = 0
    private var values = 0
    private var path: [Step] = []

    private enum Step {
        case name(String)
        case index(Int)
    }

    /// - Parameter maxDepth: arrays and objects within each other; `[[]]` has depth 2.
    package static func parse(_ bytes: [UInt8], maxDepth: Int = 32) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, maxDepth: maxDepth)
        let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE]]
        guard !marks.contains(where: { bytes.starts(with: $0) }) else { throw parser.error(.bom) }
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.at == bytes.count else { throw parser.error(.trailing) }
        return value
    }

    private init(bytes: [UInt8], maxDepth: Int) { (self.bytes, self.maxDepth) = (bytes, maxDepth) }

    // MARK: Values

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        values += 1
        guard values <= Self.maxValues else { throw error(.tooManyValues) }
        switch peek {
        case 0x7B: return .object(try object(depth: depth + 1))
        case 0x5B: return .array(try array(depth: depth + 1))
        case 0x22: return .string(try string())
        case 0x2D, 0x30...0x39: return .number(try number())
        case 0x74: return try literal("true", .bool(true))
        case 0x66: return try literal("false", .bool(false))
        case 0x6E: return try literal("null", .null)
        case 0x00 where at < bytes.count: throw error(.nul)
        default: throw error(.syntax)
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        guard depth <= maxDepth else { throw error(.depth) }
        at += 1
        var members: [JSONObject.Member] = []
        // Canonically equivalent names count as one: our own look-ups could not tell them apart either.
        var seen: Set<String> = []
        skipSpace()
        if take(0x7D) { return JSONObject() }
        while true {
            guard peek == 0x22 else { throw error(.syntax) }
            let start = at
            let name = try string()
            path.append(.name(name))
            guard seen.insert(name).inserted else { throw error(.duplicateName, start) }
            skipSpace()
            guard take(0x3A) else { throw error(.syntax) }
            skipSpace()
            members.append(JSONObject.Member(name: name, value: try value(depth: depth)))
            path.removeLast()
            skipSpace()
            if take(0x7D) { return JSONObject(members: members) }
            guard take(0x2C) else { throw error(.syntax) }
            skipSpace()
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        guard depth <= maxDepth else { throw error(.depth) }
        at += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(0x5D) { return [] }
        while true {
            path.append(.index(elements.count))
            elements.append(try value(depth: depth))
            path.removeLast()
            skipSpace()
            if take(0x5D) { return elements }
            guard take(0x2C) else { throw error(.syntax) }
            skipSpace()
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let start = at
        let matches = text.withUTF8Buffer { bytes[start...].starts(with: $0) }
        guard matches else { throw error(.syntax) }
        at += text.utf8CodeUnitCount
        return value
    }

    /// RFC 8259 §6; NaN, Infinity, a plus sign and leading zeros are no numbers.
    private mutating func number() throws(JSONError) -> String {
        let start = at
        _ = take(0x2D)
        if !take(0x30) { guard digits() else { throw error(.syntax) } }
        if take(0x2E) { guard digits() else { throw error(.syntax) } }
        let isZero = bytes[start..<at].allSatisfy { !(0x31...0x39).contains($0) }
        if peek | 0x20 == 0x65 {
            at += 1
            if !take(0x2B) { _ = take(0x2D) }
            guard digits() else { throw error(.syntax) }
        }
        // 012, 1a: a number ends where a structural character or space stands.
        guard ![0x2B, 0x2D, 0x2E, 0x5F].contains(peek), !(0x30...0x39).contains(peek),
            !(0x61...0x7A).contains(peek | 0x20)
        else { throw error(.syntax) }
        guard at - start <= Self.maxNumberLength else { throw error(.numberRange, start) }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard let value = Double(text), value.isFinite, isZero || value != 0 else {
            throw error(.numberRange, start)
        }
        return text
    }

    /// One digit or more.
    private mutating func digits() -> Bool {
        let start = at
        while (0x30...0x39).contains(peek) { at += 1 }
        return at > start
    }

    // MARK: Strings

    private mutating func string() throws(JSONError) -> String {
        at += 1
        let start = at
        while at < bytes.count, bytes[at] != 0x22, bytes[at] != 0x5C, bytes[at] >= 0x20 { at += 1 }
        if peek == 0x22 {
            defer { at += 1 }
            return try decoded(bytes[start..<at])
        }
        return try escapedString(from: start)
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<at])
        // Checked piece by piece, so that the offset of an error is one of the input.
        _ = try decoded(bytes[start..<at])
        while true {
            switch peek {
            case 0x22:
                at += 1
                return String(decoding: text, as: UTF8.self)
            case 0x5C:
                try escape(into: &text)
            case 0x00 where at < bytes.count:
                throw error(.nul)
            case 0x00..<0x20:
                throw error(.syntax)
            default:
                let from = at
                while at < bytes.count, bytes[at] != 0x22, bytes[at] != 0x5C, bytes[at] >= 0x20 { at += 1 }
                _ = try decoded(bytes[from..<at])
                text += bytes[from..<at]
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let start = at
        at += 1
        let escaped = peek
        at += 1
        switch escaped {
        case 0x22, 0x5C, 0x2F: text.append(escaped)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75:
            var scalar = try hexUnit(start)
            guard scalar != 0 else { throw error(.nul, start) }
            if (0xD800..<0xDC00).contains(scalar) {
                guard peek == 0x5C, at + 1 < bytes.count, bytes[at + 1] == 0x75 else {
                    throw error(.loneSurrogate, start)
                }
                at += 2
                let low = try hexUnit(start)
                guard (0xDC00..<0xE000).contains(low) else { throw error(.loneSurrogate, start) }
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let character = Unicode.Scalar(scalar) else { throw error(.loneSurrogate, start) }
            text += Array(String(Character(character)).utf8)
        default: throw error(.syntax, start)
        }
    }

    private mutating func hexUnit(_ start: Int) throws(JSONError) -> UInt32 {
        guard at + 4 <= bytes.count else { throw error(.syntax, start) }
        var unit: UInt32 = 0
        for byte in bytes[at..<at + 4] {
            switch byte {
            case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: unit = unit << 4 | (UInt32(byte | 0x20) - 0x57)
            default: throw error(.syntax, start)
            }
        }
        at += 4
        return unit
    }

    private func decoded(_ piece: ArraySlice<UInt8>) throws(JSONError) -> String {
        if let text = String(validating: piece, as: UTF8.self) { return text }
        // Only now, for the offset: the first byte that repairing would replace.
        var decoder = UTF8()
        var iterator = piece.makeIterator()
        var offset = piece.startIndex
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        throw error(.utf8, offset)
    }

    // MARK: Bytes

    /// The next byte; 0 at the end.
    private var peek: UInt8 { at < bytes.count ? bytes[at] : 0 }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }

    private func error(_ code: JSONError.Code, _ offset: Int? = nil) -> JSONError {
        var pointer = ""
        for step in path {
            switch step {
            case .name(let name): pointer += "/" + JSONPointer.token(name)
            case .index(let index): pointer += "/\(index)"
            }
        }
        let offset = min(offset ?? at, bytes.count)
        return JSONError(code: code, pointer: pointer, offset: offset)
    }
}
