import JSON
import Testing

@Suite struct JSONWriterTests {
    static func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func putsCommasAtEveryLevel() {
        let text = Self.written {
            $0.beginObject()
            $0.member("a", 1)
            $0.key("b")
            $0.beginArray()
            $0.value("x")
            $0.beginObject()
            $0.endObject()
            $0.null()
            $0.value(true)
            $0.endArray()
            $0.key("c\"d")
            $0.beginObject()
            $0.member("e", false)
            $0.endObject()
            $0.member("f", ["g", "h"])
            $0.endObject()
        }
        #expect(text == #"{"a":1,"b":["x",{},null,true],"c\"d":{"e":false},"f":["g","h"]}"#)
    }

    @Test func leavesOutAbsentMembers() {
        let text = Self.written {
            $0.beginObject()
            $0.member("a", nil as String?)
            $0.member("b", nil as Int?)
            $0.member("c", 2 as Int?)
            $0.rawMembers([])
            $0.rawMembers(Array(#""d":[],"e":1"#.utf8))
            $0.key("f")
            $0.raw(Array("{}".utf8))
            $0.endObject()
        }
        #expect(text == #"{"c":2,"d":[],"e":1,"f":{}}"#)
    }

    /// RFC 8259 §7: only the quotation mark, the reverse solidus and U+0000 to U+001F must be escaped.
    @Test(arguments: [
        ("", #""""#),
        ("a\"b\\c/", #""a\"b\\c/""#), ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
        ("\0\u{1}\u{1F}\u{7F}", "\"\\ufffd\\u0001\\u001f\u{7F}\""),
        ("é\u{2028}\u{2029}😀", "\"é\u{2028}\u{2029}😀\""),
        ("\"", #""\"""#), ("plain", #""plain""#),
    ])
    func escapes(_ text: String, _ json: String) {
        #expect(Self.written { $0.value(text) } == json)
    }

    @Test(
        arguments: [
            (0, "0"), (7, "7"), (-10, "-10"), (1_234_567_890, "1234567890"), (.max, "9223372036854775807"),
            (.min, "-9223372036854775808"),
        ] as [(Int64, String)])
    func integers(_ number: Int64, _ json: String) {
        #expect(Self.written { $0.value(number) } == json)
    }

    @Test(
        arguments: [
            (0.5, "0.5"), (-3, "-3.0"), (1e300, "1e+300"), (.nan, "null"), (.infinity, "null"),
            (-.infinity, "null"),
        ] as [(Double, String)])
    func doubles(_ number: Double, _ json: String) {
        #expect(Self.written { $0.value(number) } == json)
    }
}
