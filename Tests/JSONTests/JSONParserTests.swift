import JSON
import Testing

@Suite struct JSONParserTests {
    static let accepted: [(String, JSONValue)] = [
        ("null", .null), (" true\r\n\t", .bool(true)), ("false", .bool(false)),
        ("0", .number("0")), ("-0.0e0", .number("-0.0e0")), ("12.50E+3", .number("12.50E+3")),
        ("1e308", .number("1e308")), ("\"\"", .string("")), ("[]", .array([])),
        ("{ }", .object(JSONObject())),
        ("[ 1 , \"a\" ]", .array([.number("1"), .string("a")])),
        (
            #"{"b":{"a":[null]},"a":1}"#,
            .object(
                JSONObject(members: [
                    .init(
                        name: "b",
                        value: .object(JSONObject(members: [.init(name: "a", value: .array([.null]))]))),
                    .init(name: "a", value: .number("1")),
                ]))
        ),
        (
            #""\"\\\/\b\f\n\r\té\u00e9\uD83D\uDE00\u2028""#,
            .string("\"\\/\u{8}\u{C}\n\r\té\u{E9}😀\u{2028}")
        ),
        ("\"é€😀\u{7F}\"", .string("é€😀\u{7F}")),
    ]

    @Test(arguments: accepted) func accepts(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == value)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var bytes: [UInt8]
        var code: JSONError.Code
        var pointer: String
        var offset: Int
        init(_ text: String, _ code: JSONError.Code, _ pointer: String, _ offset: Int) {
            self.init(Array(text.utf8), code, pointer, offset)
        }
        init(_ bytes: [UInt8], _ code: JSONError.Code, _ pointer: String, _ offset: Int) {
            (self.bytes, self.code, self.pointer, self.offset) = (bytes, code, pointer, offset)
        }
        var testDescription: String { "\(code) \(String(decoding: bytes.prefix(40), as: UTF8.self))" }
    }

    static let refused: [Bad] = [
        Bad("", .syntax, "", 0), Bad("  ", .syntax, "", 2), Bad("nul", .syntax, "", 0),
        Bad("'a'", .syntax, "", 0),
        Bad("[1,]", .syntax, "/1", 3), Bad("[1 2]", .syntax, "", 3), Bad("[1", .syntax, "", 2),
        Bad(#"{"a":1,}"#, .syntax, "", 7), Bad(#"{"a" 1}"#, .syntax, "/a", 5), Bad("{a:1}", .syntax, "", 1),
        Bad(#"{"a":1"#, .syntax, "", 6), Bad("/* */1", .syntax, "", 0), Bad(#""abc"#, .syntax, "", 4),
        Bad("\"a\tb\"", .syntax, "", 2), Bad(#""\x""#, .syntax, "", 1), Bad(#""\u12"#, .syntax, "", 1),
        Bad(#""\u12g4""#, .syntax, "", 1), Bad(#""\"#, .syntax, "", 1),
        // Numbers.
        Bad("NaN", .syntax, "", 0), Bad("[Infinity]", .syntax, "/0", 1),
        Bad("-Infinity", .syntax, "", 1),
        Bad("01", .syntax, "", 1), Bad("-", .syntax, "", 1), Bad("+1", .syntax, "", 0),
        Bad(".5", .syntax, "", 0),
        Bad("5.", .syntax, "", 2), Bad("1e", .syntax, "", 2), Bad("0x10", .syntax, "", 1),
        Bad(#"{"a":[0,1e309]}"#, .numberRange, "/a/1", 8), Bad("-1e400", .numberRange, "", 0),
        Bad("1e-400", .numberRange, "", 0), Bad(String(repeating: "1", count: 401), .numberRange, "", 0),
        // What two readers could understand differently.
        Bad(#"{"a":{"b":1,"c":2,"b":3}}"#, .duplicateName, "/a/b", 18),
        Bad(#"{"a/b":1,"a\u002fb":2}"#, .duplicateName, "/a~1b", 9),
        Bad([0xEF, 0xBB, 0xBF, 0x31], .bom, "", 0), Bad([0xFF, 0xFE, 0x31, 0], .bom, "", 0),
        Bad([0xFE, 0xFF, 0, 0x31], .bom, "", 0),
        Bad(#"["\ud800"]"#, .loneSurrogate, "/0", 2), Bad(#""\udc00""#, .loneSurrogate, "", 1),
        Bad(#""\ud800\u0041""#, .loneSurrogate, "", 1), Bad(#""\ud800\n""#, .loneSurrogate, "", 1),
        Bad(#"{"~":"a\u0000"}"#, .nul, "/~0", 7), Bad("\"a\0\"", .nul, "", 2), Bad("\0", .nul, "", 0),
        Bad(Array("[\"a".utf8) + [0xFF] + Array("\"]".utf8), .utf8, "/0", 3),
        Bad(Array("[\"é\\n".utf8) + [0xC0, 0xAF] + Array("\"]".utf8), .utf8, "/0", 6),
        // A surrogate in UTF-8 and a scalar beyond U+10FFFF.
        Bad([0x22, 0xED, 0xA0, 0x80, 0x22], .utf8, "", 1),
        Bad([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .utf8, "", 1),
        Bad("{} {}", .trailing, "", 3), Bad("1 x", .trailing, "", 2), Bad("null\0", .trailing, "", 4),
    ]

    @Test(arguments: refused) func refuses(_ c: Bad) {
        #expect(throws: JSONError(code: c.code, pointer: c.pointer, offset: c.offset)) {
            try JSONParser.parse(c.bytes)
        }
    }

    @Test func depthIsBounded() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(try JSONParser.parse(nested(32)).array?.count == 1)
        #expect(throws: JSONError(code: .depth, pointer: String(repeating: "/0", count: 32), offset: 32)) {
            try JSONParser.parse(nested(33))
        }
        #expect(throws: JSONError.self) { try JSONParser.parse(nested(4_000_000)) }
    }

    /// A million values are the limit, whatever the bytes.
    @Test func valuesAreBounded() throws {
        func zeros(_ count: Int) -> [UInt8] { Array("[\(String(repeating: "0,", count: count))".utf8) }
        #expect(throws: JSONError(code: .tooManyValues, pointer: "/999999", offset: 1_999_999)) {
            try JSONParser.parse(zeros(1_000_000) + [0x30, 0x5D])
        }
        #expect(try JSONParser.parse(zeros(9_999) + [0x30, 0x5D]).array?.count == 10_000)
    }

    /// Eight times the input takes about eight times as long: 60 leaves room for a busy machine, not for a
    /// square (64).
    @Test(arguments: ["names", "escapes", "string"]) func timeIsLinear(_ shape: String) throws {
        func input(_ size: Int) -> [UInt8] {
            switch shape {
            case "names": Array("{\((0..<size).map { "\"n\($0)\":0" }.joined(separator: ","))}".utf8)
            case "escapes": Array("\"\(String(repeating: "\\u00e9", count: size))\"".utf8)
            default: Array("\"\(String(repeating: "x", count: size * 8))\"".utf8)
            }
        }
        func time(_ bytes: [UInt8]) throws -> Duration {
            try (0..<3).map { _ in
                try ContinuousClock().measure { _ = try JSONParser.parse(bytes) }
            }.min() ?? .zero
        }
        let small = try time(input(5_000))
        let large = try time(input(40_000))
        #expect(large < small * 60 + .milliseconds(50))
    }

    @Test func longNamesAreCutInPointers() {
        let name = String(repeating: "n", count: 1_000)
        let pointer = "/" + String(repeating: "n", count: 64)
        #expect(throws: JSONError(code: .syntax, pointer: pointer, offset: 1_004)) {
            try JSONParser.parse(Array("{\"\(name)\":}".utf8))
        }
    }

    /// A letter and its thousand marks are one Character, and still cut.
    @Test func longCharactersAreCutInPointers() {
        let name = "n" + String(repeating: "\u{301}", count: 1_000)
        let pointer = "/n" + String(repeating: "\u{301}", count: 63)
        #expect(throws: JSONError(code: .syntax, pointer: pointer, offset: 2_005)) {
            try JSONParser.parse(Array("{\"\(name)\":}".utf8))
        }
    }

    @Test func accessors() throws {
        let text = #"{"s":"x","i":-5,"d":1.5,"b":true,"a":[1],"big":1e30}"#
        let value = try JSONParser.parse(Array(text.utf8))
        let object = try #require(value.object)
        #expect(object["s"]?.string == "x" && object["i"]?.int == -5 && object["d"]?.double == 1.5)
        #expect(object["b"]?.bool == true && object["a"]?.array?.first?.int == 1 && object["none"] == nil)
        #expect(object["d"]?.int == nil && object["big"]?.int == nil && object["s"]?.int == nil)
        let kinds = ["string", "number", "number", "boolean", "array", "number"]
        #expect(object.members.map(\.value.kind) == kinds)
    }

    /// What the writer writes the parser reads back.
    @Test func roundTrip() throws {
        let text = String(String.UnicodeScalarView((1...0x2FF).compactMap(Unicode.Scalar.init))) + "😀\u{2028}"
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("text", text)
        writer.endObject()
        #expect(try JSONParser.parse(writer.bytes).object?["text"]?.string == text)
    }
}
