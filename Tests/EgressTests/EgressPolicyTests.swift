import Egress
import Testing

@Suite struct EgressPolicyTests {
    enum Class { case global, special, metadata }

    static let addresses: [(String, Class)] = [
        ("8.8.8.8", .global), ("2606:4700::1", .global), ("192.0.1.1", .global), ("100.128.0.1", .global),
        ("172.15.0.1", .global), ("198.20.0.1", .global), ("2002:808:808::1", .global),
        ("64:ff9b::808:808", .global), ("::ffff:8.8.8.8", .global),
        ("127.0.0.1", .special), ("127.255.255.255", .special), ("0.0.0.0", .special), ("10.1.2.3", .special),
        ("172.16.0.1", .special), ("192.168.1.1", .special), ("100.64.0.1", .special),
        ("169.254.1.1", .special),
        ("198.18.0.1", .special), ("192.0.2.1", .special), ("224.0.0.1", .special),
        ("255.255.255.255", .special),
        ("::1", .special), ("::", .special), ("fe80::1", .special), ("fd00::1", .special),
        ("ff02::1", .special),
        ("2001:db8::1", .special), ("2001::1", .special), ("::ffff:127.0.0.1", .special),
        ("::127.0.0.1", .special),
        ("64:ff9b::7f00:1", .special), ("2002:7f00:1::", .special), ("64:ff9b:1::808:808", .special),
        ("169.254.169.254", .metadata), ("::ffff:169.254.169.254", .metadata),
        ("64:ff9b::a9fe:a9fe", .metadata),
        ("2002:a9fe:a9fe::1", .metadata), ("fd00:ec2::254", .metadata), ("100.100.100.200", .metadata),
        ("168.63.129.16", .metadata), ("fe80::a9fe:a9fe", .metadata), ("169.254.170.2", .metadata),
    ]

    @Test("strangers reach global addresses only", arguments: addresses)
    func closed(_ text: String, _ expected: Class) throws {
        #expect(try classify(text, allowsPrivate: false) == expected)
    }

    @Test("a loopback listener reaches all but metadata", arguments: addresses)
    func open(_ text: String, _ expected: Class) throws {
        #expect(try classify(text, allowsPrivate: true) == (expected == .metadata ? .metadata : .global))
    }

    private func classify(_ text: String, allowsPrivate: Bool) throws -> Class {
        let address = try #require(IPAddress(text: text))
        switch EgressPolicy(allowsPrivate: allowsPrivate).refusal(of: address) {
        case nil: return .global
        case .special: return .special
        case .metadata: return .metadata
        }
    }

    @Test("no row of the tables is malformed") func tables() {
        #expect(SpecialRange.metadata.count == 10)
        #expect(SpecialRange.notGlobal.count == 28)
    }
}
