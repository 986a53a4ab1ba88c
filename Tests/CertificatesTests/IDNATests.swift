import Certificates
import Testing

@Suite struct IDNATests {
    @Test(arguments: [
        ("bücher.example", "xn--bcher-kva.example"), ("BÜCHER.Example", "xn--bcher-kva.example"),
        // Decomposed input means the same; the ideographic full stop is a dot (UTS #46).
        ("bu\u{308}cher.example", "xn--bcher-kva.example"), ("例え\u{3002}テスト", "xn--r8jz45g.xn--zckzah"),
        // Non-transitional: the sharp s stays itself.
        ("faß.example", "xn--fa-hia.example"), ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("ｅｘａｍｐｌｅ.com", "example.com"),
    ])
    func converts(_ name: String, _ aLabels: String) throws {
        #expect(try IDNA.toASCII(name) == aLabels)
    }

    @Test(arguments: [
        ("\u{200D}a.example", "IDN2_CONTEXTJ"), ("☃\u{FFFE}.example", "IDN2_DISALLOWED"),
        ("\u{300}a.example", "IDN2_LEADING_COMBINING"), ("aא.example", "IDN2_BIDI"),
        ("xn--a\u{FC}.example", "IDN2_PUNYCODE_BAD_INPUT"), ("ü\0.example", "IDN2_DISALLOWED"),
        (String(repeating: "ü", count: 64) + ".example", "IDN2_PUNYCODE_BIG_OUTPUT"),
        (String(repeating: "ü.", count: 600), "IDN2_TOO_BIG_DOMAIN"),
    ])
    func refuses(_ name: String, _ code: String) {
        let failure = #expect(throws: IDNA.Failure.self) { try IDNA.toASCII(name) }
        #expect(failure?.code == code)
    }
}
