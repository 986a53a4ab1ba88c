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
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", .special),
        ("::ffff:0:10.0.0.1", .special), ("64:ff9b::7f00:1", .special), ("2002:7f00:1::", .special),
        ("64:ff9b:1::808:808", .special),
        ("169.254.169.254", .metadata), ("::ffff:169.254.169.254", .metadata),
        ("64:ff9b::a9fe:a9fe", .metadata),
        // Teredo (RFC 4380 §4): the client's address with every bit turned, and the server's.
        ("2001:0:808:808::5601:5601", .metadata), ("2001:0:a9fe:a9fe::", .metadata),
        ("64:ff9b:1::a9fe:a9fe", .metadata), ("64:ff9b:1:a9fe:a9:fe00::", .metadata),
        ("::ffff:0:169.254.169.254", .metadata), ("::169.254.169.254", .metadata),
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
        if EgressPolicy(allowsPrivate: allowsPrivate).allows(address, port: 443) { return .global }
        return EgressPolicy(.all).allows(address, port: 443) ? .special : .metadata
    }

    struct RuleCase: Sendable, CustomTestStringConvertible {
        var base = EgressPolicy.Base.public
        var allow: [String] = []
        var deny: [String] = []
        var address: String
        var port: UInt16 = 443
        var name: String?
        var isResolved = true
        var allowed: Bool

        var testDescription: String { "\(base) +\(allow) -\(deny) \(name ?? "") \(address):\(port)" }
    }

    static let rules = [
        RuleCase(allow: ["10.0.0.0/8"], address: "10.1.2.3", allowed: true),
        RuleCase(allow: ["10.0.0.0/8"], address: "11.1.2.3", allowed: true),
        RuleCase(allow: ["10.0.0.0/8"], address: "192.168.0.1", allowed: false),
        RuleCase(allow: ["10.0.0.0/8"], address: "::ffff:10.1.2.3", allowed: true),
        RuleCase(allow: ["10.0.0.0/8"], address: "64:ff9b::a01:203", allowed: true),
        RuleCase(allow: ["10.0.0.1"], address: "10.0.0.1", allowed: true),
        RuleCase(allow: ["10.0.0.1"], address: "10.0.0.2", allowed: false),
        RuleCase(allow: ["10.0.0.0/8:8443"], address: "10.1.2.3", allowed: false),
        RuleCase(allow: ["10.0.0.0/8:8000-8999"], address: "10.1.2.3", port: 8443, allowed: true),
        RuleCase(allow: ["[fd00::/8]:443"], address: "fd00::1", allowed: true),
        RuleCase(allow: ["[fd00::/8]:443"], address: "fd00::1", port: 25, allowed: false),
        RuleCase(allow: ["corp.example"], address: "10.0.0.1", name: "corp.example", allowed: true),
        RuleCase(allow: [".corp.example"], address: "10.0.0.1", name: "a.b.Corp.example.", allowed: true),
        RuleCase(allow: ["*.corp.example"], address: "10.0.0.1", name: "corp.example", allowed: true),
        RuleCase(allow: ["corp.example"], address: "10.0.0.1", name: "evilcorp.example", allowed: false),
        RuleCase(allow: ["corp.example"], address: "10.0.0.1", allowed: false),
        // The name is allowed, the address was chosen by whoever asks.
        RuleCase(
            allow: ["corp.example"], address: "10.0.0.1", name: "corp.example", isResolved: false,
            allowed: false),
        // Metadata stays out of reach.
        RuleCase(base: .all, allow: ["*"], address: "169.254.169.254", allowed: false),
        RuleCase(allow: ["169.254.0.0/16", "corp.example"], address: "169.254.169.254", allowed: false),
        // What is denied is denied, in every disguise.
        RuleCase(base: .all, deny: ["8.8.8.0/24"], address: "8.8.8.8", allowed: false),
        RuleCase(base: .all, deny: ["8.8.8.0/24"], address: "2002:808:808::1", allowed: false),
        RuleCase(base: .all, deny: ["*:25"], address: "8.8.8.8", port: 25, allowed: false),
        RuleCase(base: .all, deny: ["*:25"], address: "8.8.8.8", allowed: true),
        RuleCase(allow: ["*"], deny: ["10.0.0.0/8"], address: "10.0.0.1", allowed: false),
        RuleCase(
            base: .all, deny: ["bad.example"], address: "8.8.8.8", name: "www.bad.example", allowed: false),
        RuleCase(
            base: .all, deny: ["bad.example"], address: "8.8.8.8", name: "bad.example", isResolved: false,
            allowed: false),
        RuleCase(base: .none, address: "8.8.8.8", allowed: false),
        RuleCase(base: .none, allow: ["8.8.8.8"], address: "8.8.8.8", allowed: true),
        RuleCase(base: .none, allow: ["*:443"], address: "10.0.0.1", allowed: true),
    ]

    @Test("an operator's rules", arguments: rules) func operatorRules(_ c: RuleCase) throws {
        let policy = EgressPolicy(
            c.base, allowed: try c.allow.map { try #require(EgressRule($0)) },
            denied: try c.deny.map { try #require(EgressRule($0)) })
        let address = try #require(IPAddress(text: c.address))
        #expect(
            policy.allows(address, port: c.port, name: c.name, isResolved: c.isResolved) == c.allowed)
    }

    @Test(arguments: [
        "", "*:0", "*:70000", "*:9-8", "*:1-2-3", "10.0.0.1/8", "10.0.0.0/33", "[10.0.0.0/8]", "[::1",
        "[::1]443",
        "127.1", "0x7f.1", "2130706433", "010.0.0.1", "corp..example", "c*rp.example", "corp.example:", "a b",
        "bücher.example", "https://corp.example",
    ])
    func malformedRule(_ text: String) { #expect(EgressRule(text) == nil) }

    @Test func aDeniedNameNeedNotBeLookedUp() throws {
        let policy = EgressPolicy(.all, denied: [try #require(EgressRule("bad.example:443"))])
        #expect(policy.denies(name: "www.bad.example", port: 443))
        #expect(!policy.denies(name: "www.bad.example", port: 25))
        #expect(!policy.denies(name: "good.example", port: 443))
    }

    @Test("no row of the tables is malformed") func tables() {
        #expect(SpecialRange.metadata.count == 10)
        #expect(SpecialRange.notGlobal.count == 28)
    }
}
