import Egress
import Testing

@Suite struct IPAddressTests {
    @Test(
        "canonical text (RFC 5952 §4)",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ])
    func text(_ given: String, _ canonical: String) {
        #expect(IPAddress(text: given)?.description == canonical)
    }

    @Test(
        "forms that other programs read as another address",
        arguments: [
            "", "127.1", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "127.0.0.1.", "127.0.0.1 ", "1.2.3.256",
            "1.2.3.4.5",
            "[::1]", "::1%lo", "1::2::3", "12345::", "::1\0", "127.0.0.1\0.example",
        ])
    func refused(_ text: String) { #expect(IPAddress(text: text) == nil) }

    @Test(
        "where the packets of translated addresses end",
        arguments: [
            ("::ffff:10.0.0.1", "10.0.0.1"), ("64:ff9b::a00:1", "10.0.0.1"), ("2002:a00:1::1", "10.0.0.1"),
            ("::10.0.0.1", "10.0.0.1"), ("::1", "::1"), ("::", "::"), ("2001:db8::1", "2001:db8::1"),
            ("64:ff9b:1::a00:1", "10.0.0.1"),
            ("2001:0:4136:e378:8000:63bf:f5ff:fffe", "10.0.0.1"), ("::ffff:0:10.0.0.1", "10.0.0.1"),
            ("192.0.2.1", "192.0.2.1"),
        ])
    func unmapped(_ outer: String, _ inner: String) {
        #expect(IPAddress(text: outer)?.unmapped.description == inner)
    }

    @Test(
        "ranges",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("172.16.0.0/12", "172.31.255.255", true), ("172.16.0.0/12", "172.32.0.0", false),
            ("0.0.0.0/0", "203.0.113.1", true), ("0.0.0.0/0", "::1", false), ("::1/128", "::1", true),
            ("::1/128", "::2", false), ("fe80::/10", "febf::1", true), ("fe80::/10", "fec0::1", false),
        ])
    func range(_ cidr: String, _ address: String, _ inside: Bool) throws {
        let range = try #require(AddressRange(cidr: cidr))
        #expect(range.contains(try #require(IPAddress(text: address))) == inside)
    }

    @Test(arguments: [
        "10.0.0.0", "10.0.0.0/33", "10.0.0.1/8", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "/8", "a/8",
    ])
    func malformedRange(_ cidr: String) { #expect(AddressRange(cidr: cidr) == nil) }
}
