import Fixtures
import Testing

@testable import TrustStores

@Suite struct StoreRuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let match: String
        let host: String
        let applies: Bool
        var testDescription: String { "\(match) \(applies ? "applies" : "does not apply") to \(host)" }

        init(_ match: String, _ host: String, _ applies: Bool) {
            (self.match, self.host, self.applies) = (match, host, applies)
        }
    }

    static let cases = [
        Case("*", "www.example.com", true), Case("*", "192.0.2.1", true), Case("*", "2001:db8::1", true),
        Case("*.corp.example", "www.corp.example", true), Case("*.corp.example", "a.b.corp.example", true),
        Case("*.corp.example", "corp.example", false), Case("*.corp.example", "evilcorp.example", false),
        Case("*.corp.example", "www.corp.example.", true), Case("*.Corp.Example", "WWW.corp.example", true),
        Case("*.corp.example", "www.corp.example.net", false), Case("*.corp.example", ".corp.example", false),
        Case("corp.example", "corp.example", true), Case("corp.example", "Corp.Example.", true),
        Case("corp.example", "www.corp.example", false), Case("192.0.2.1", "192.0.2.1", true),
        Case("2001:db8::1", "2001:db8::1", true), Case("2001:db8::1", "2001:db8::2", false),
    ]

    @Test(arguments: cases) func matching(_ c: Case) throws {
        #expect(try StoreRule(match: c.match, stores: ["corp"]).applies(to: c.host) == c.applies)
    }

    @Test(arguments: [
        "", "**", "*.", "*corp.example", "www.*.example", "a..b", "[2001:db8::1]", "*.2001:db8::1",
        "bücher.example",
        "a b", "https://a.example", "a.example:443/", String(repeating: "a.", count: 127) + "a",
    ]) func aPatternThatIsRefused(_ match: String) {
        let error = #expect(throws: TrustStoreError.self) { try StoreRule(match: match, stores: ["corp"]) }
        #expect(error?.code == .ruleInvalid)
        #expect(error?.detail.hasPrefix("match:") == true)
    }

    @Test func aRuleSetsSomethingThatCanBe() throws {
        #expect(throws: TrustStoreError.self) { try StoreRule(match: "*") }
        #expect(throws: TrustStoreError.self) { try StoreRule(match: "*", stores: []) }
        #expect(throws: TrustStoreError.self) { try StoreRule(match: "*", stores: ["request"]) }
        #expect(throws: TrustStoreError.self) { try StoreRule(match: "*", profile: "strict") }
        let rule = try StoreRule(match: "*", profile: "rfc5280", warn: "30d", critical: "10%")
        #expect(rule.profile == .rfc5280)
        #expect(rule.stores == nil)
        #expect(rule.warn == "30d")
        #expect(rule.critical == "10%")
    }

    @Test func theFirstMatchWins() throws {
        let rules = try StoreRules([
            StoreRule(match: "www.corp.example", stores: ["mozilla"]),
            StoreRule(match: "*.corp.example", stores: ["corp"]), StoreRule(match: "*", stores: ["debian"]),
        ])
        #expect(rules.firstMatch("www.corp.example")?.stores == ["mozilla"])
        #expect(rules.firstMatch("db.corp.example")?.match == "*.corp.example")
        #expect(rules.firstMatch("example.com")?.stores == ["debian"])
        #expect(StoreRules().firstMatch("example.com") == nil)
    }

    @Test func aRuleBehindAnEqualOneIsAnError() throws {
        let corp = try StoreRule(match: "*.corp.example", stores: ["corp"])
        let everything = try StoreRule(match: "*", stores: ["mozilla"])
        for rules in [[corp, corp], [everything, corp]] {
            let error = #expect(throws: TrustStoreError.self) { try StoreRules(rules) }
            #expect(error?.code == .ruleInvalid)
            #expect(error?.detail.hasPrefix("rule 2 ") == true)
        }
    }

    @Test func itsStoresMustBeLoaded() throws {
        let set = StoreSet([try store("mozilla", [Authority.root("Root").certificate])])
        try StoreRules([StoreRule(match: "*", stores: ["mozilla"])]).check(against: set)
        try StoreRules([
            StoreRule(match: "a.example", profile: "webpki"), StoreRule(match: "*", stores: ["all"]),
        ])
        .check(against: set)
        let rules = try StoreRules([StoreRule(match: "*.corp.example", stores: ["corp"])])
        let error = #expect(throws: TrustStoreError.self) { try rules.check(against: set) }
        #expect(error?.code == .unknown)
        #expect(error?.detail.contains("*.corp.example") == true)
    }
}
