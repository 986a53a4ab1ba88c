import JSON

enum JSONInvariants {
    static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONParser.parse(bytes)
        } catch {
            try require((0...bytes.count).contains(error.offset), "an offset outside the text")
            try require([nil, 0x2F].contains(error.pointer.utf8.first), "not a JSON pointer")
            // 33 levels of at most 64 scalars of four octets, each of which may be two when escaped.
            try require(error.pointer.utf8.count <= 33 * (1 + 64 * 4), "a pointer that grows with the text")
            return
        }
        let written = write(value)
        let again = try read(written, "what was written")
        try require(write(again) == written, "reading what was written changed it")
        // An array within an array is one deeper, and the bound is exact.
        let depth = depth(value)
        try require(depth <= 32, "deeper than the bound")
        if depth > 0 {
            try require((try? JSONParser.parse(bytes, maxDepth: depth)) != nil, "the bound is one too small")
            try require(
                (try? JSONParser.parse(bytes, maxDepth: depth - 1)) == nil, "the bound is one too large")
        }
    }

    /// For JSON of our own, which has to be right.
    static func read(_ bytes: [UInt8], _ what: String) throws(BrokenInvariant) -> JSONValue {
        do throws(JSONError) {
            return try JSONParser.parse(bytes)
        } catch {
            throw BrokenInvariant("\(what) is not JSON: \(error)")
        }
    }

    private static func write(_ value: JSONValue) -> [UInt8] {
        var json = JSONWriter()
        write(value, &json)
        return json.bytes
    }

    private static func write(_ value: JSONValue, _ json: inout JSONWriter) {
        switch value {
        case .null: json.null()
        case .bool(let flag): json.value(flag)
        case .number(let text): json.raw(Array(text.utf8))
        case .string(let text): json.value(text)
        case .array(let elements):
            json.beginArray()
            for element in elements { write(element, &json) }
            json.endArray()
        case .object(let object):
            json.beginObject()
            for member in object.members {
                json.key(member.name)
                write(member.value, &json)
            }
            json.endObject()
        }
    }

    private static func depth(_ value: JSONValue) -> Int {
        switch value {
        case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
        case .object(let object): 1 + (object.members.map { depth($0.value) }.max() ?? 0)
        default: 0
        }
    }
}
