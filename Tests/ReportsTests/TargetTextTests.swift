import Reports
import Testing

@Suite struct TargetTextTests {
    @Test(
        arguments: [
            ("example.com", "example.com", nil), ("example.com:8443", "example.com", 8443),
            ("Example.com.:1", "example.com", 1), ("192.0.2.1:65535", "192.0.2.1", 65_535),
            ("[2001:db8::1]:443", "2001:db8::1", 443), ("[::1]", "::1", nil),
            ("2001:DB8::1", "2001:db8::1", nil),
            ("bücher.example:443", "xn--bcher-kva.example", 443), ("https://example.com", "example.com", nil),
            ("HTTPS://example.com:444/a:b@c?d#e", "example.com", 444), ("https://[::1]:8443/", "::1", 8443),
            ("https://example.com?x=https://y", "example.com", nil),
            ("https://example.com#a", "example.com", nil),
        ] as [(String, String, UInt16?)])
    func read(_ text: String, _ host: String, _ port: UInt16?) throws {
        let target = try TargetText(parsing: text)
        #expect(target.host.text == host && target.port == port)
    }

    @Test(arguments: [
        "", ":443", "example.com:", "example.com:0", "example.com:65536", "example.com:0443",
        "example.com:+1",
        "example.com:https", "example.com:443:1", "::1:x", "[::1", "[::1]x", "[::1]:", "[192.0.2.1]", "[]",
        "[fe80::1%25eth0]", "127.1", "0x7f.1:443", "0177.0.0.1", "2130706433", "*.example.com",
        ".example.com",
        "http://example.com", "gopher://example.com", "https://", "https:///path",
        "https://user@example.com",
        "https://user:secret@example.com/", "example.com/path", "//example.com", "exa mple.com",
        "example.com ", "xn--0.example:443", "https://www.xn--a.example/",
    ])
    func refused(_ text: String) {
        let error = #expect(throws: Malformed.self) { try TargetText(parsing: text) }
        #expect(error?.code == .targetMalformed)
    }
}
