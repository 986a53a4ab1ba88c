import Certificates
import Testing

@Suite struct IPAddressTests {
    /// Forms of RFC 4291 §2.2 and what RFC 5952 makes of them.
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::A", "2001:db8::a"),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
        // The longest run; of equal ones the first; never a single group.
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("0:0:0:0:0:0:0:8", "::8"), ("8:0:0:0:0:0:0:0", "8::"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::FFFF:c000:201", "::ffff:192.0.2.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("0:0:0:0:0:0:192.0.2.1", "::c000:201"),
    ])
    func reads(_ text: String, _ canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(address.isIPv4 == !text.contains(":"))
    }

    @Test(arguments: [
        "", "1", "127.1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.0.0.1", "01.2.3.4",
        "0177.0.0.1",
        "0x7f.0.0.1", "0x7f000001", "2130706433", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "+1.2.3.4",
        "1.2.3.4/24",
        ":", ":::", "1:::2", "::1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::",
        "g::",
        ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "fe80::1%eth0", "fe80::1%251", "[::1]", "::1/64", "::1.2.3",
        "1.2.3.4::",
        "::256.0.0.1", "::01.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "١.2.3.4",
    ])
    func refuses(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func octets() {
        #expect(IPAddress("192.0.2.1")?.octets == [192, 0, 2, 1])
        #expect(IPAddress("2001:db8::1")?.octets == [0x20, 1, 0xD, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
        #expect(IPAddress(octets: [192, 0, 2, 1])?.description == "192.0.2.1")
        // As in a name constraint: address and mask.
        #expect(IPAddress(octets: [UInt8](repeating: 0, count: 8)) == nil)
    }

    @Test(arguments: [
        ("127.1", true), ("0x7f.1", true), ("2130706433", true), ("1.2.3.4", true), ("0x7F", true),
        ("0x", true),
        ("example.123", true), ("1.2.3.4.", true), ("example.com", false), ("1.example", false),
        ("x0x7f", false),
        ("", false), (".", false), ("1.2.3.4a", false),
    ])
    func numericLooks(_ text: String, _ numeric: Bool) {
        #expect(IPAddress.looksNumeric(text) == numeric)
    }
}
