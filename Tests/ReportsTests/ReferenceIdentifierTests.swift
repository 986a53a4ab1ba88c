import Certificates
import Reports
import Testing

@Suite struct ReferenceIdentifierTests {
    @Test(arguments: [
        ("example.com", "example.com"), ("WWW.Example.COM", "www.example.com"),
        ("example.com.", "example.com"),
        ("localhost", "localhost"), ("_dmarc.example.com", "_dmarc.example.com"), ("1.example", "1.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("bücher.example", "xn--bcher-kva.example"),
        // Emoji, which browsers go to.
        ("xn--ls8h.example", "xn--ls8h.example"), ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"), ("0x7f.example", "0x7f.example"),
        (String(repeating: "a", count: 63) + ".b", String(repeating: "a", count: 63) + ".b"),
    ])
    func dnsNames(_ text: String, _ aLabels: String) throws {
        #expect(try ReferenceIdentifier(parsing: text) == .dns(aLabels: aLabels, given: text))
    }

    /// 253 octets are the longest name; a trailing dot is not counted.
    @Test func longestName() throws {
        let label = String(repeating: "a", count: 49)
        let name = Array(repeating: label, count: 5).joined(separator: ".") + ".abc"
        #expect(name.utf8.count == 253)
        #expect(try ReferenceIdentifier(parsing: name + ".").text == name)
        #expect(throws: Malformed.self) { try ReferenceIdentifier(parsing: "x" + name) }
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:DB8:0::1", "2001:db8::1"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
    ])
    func addresses(_ text: String, _ canonical: String) throws {
        guard case .ip(let octets, canonical) = try ReferenceIdentifier(parsing: text) else {
            Issue.record("not an address with its canonical text")
            return
        }
        #expect(octets == IPAddress(canonical)?.octets)
    }

    @Test(arguments: [
        ("", "empty"), (".", "empty label"), (".example.com", "empty label"), ("a..b", "empty label"),
        ("example.com..", "empty label"), ("*.example.com", "wildcard"), ("w*.example.com", "wildcard"),
        ("-a.example", "hyphen"), ("a-.example", "hyphen"), ("a b.example", "other characters"),
        ("a\0.example", "other characters"), ("user@example.com", "other characters"),
        ("https://example.com", "not an IPv6 address"), ("example.com:443", "not an IPv6 address"),
        ("[::1]", "not an IPv6 address"), ("fe80::1%eth0", "not an IPv6 address"),
        ("127.1", "four decimal"), ("0177.0.0.1", "four decimal"), ("0x7f000001", "four decimal"),
        ("2130706433", "four decimal"), ("1.2.3.256", "four decimal"), ("example.123", "four decimal"),
        // Punycode that does not decode, that overflows, and that another spelling encodes.
        ("xn--0.example", "no internationalised one"), ("a.XN--99999999.example", "no internationalised one"),
        ("xn--a.example", "no internationalised one"), ("xn--bcher-kvb.example", "no internationalised one"),
        // Full-width digits, which IDNA maps to ASCII ones.
        ("１２７.0.0.1", "four decimal"), ("\u{200D}a.example", "internationalised"),
        ("ü*.example", "internationalised"), (String(repeating: "a", count: 64) + ".b", "63 octets"),
    ])
    func refused(_ text: String, _ why: String) {
        let error = #expect(throws: Malformed.self) { try ReferenceIdentifier(parsing: text) }
        #expect(error?.code == .nameMalformed)
        #expect(error?.detail.contains(why) == true, "\(error?.detail ?? "")")
    }

    @Test func detailsShowInputEscaped() {
        let error = #expect(throws: Malformed.self) {
            try ReferenceIdentifier(parsing: "a\u{1B}[31m b" + String(repeating: "x", count: 100))
        }
        #expect(error?.detail.hasPrefix(#""a\u{1b}[31m bxxx"#) == true)
        #expect(error?.detail.contains("x…\"") == true)
    }
}
