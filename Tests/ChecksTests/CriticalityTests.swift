import Fixtures
import Reports
import Testing

@testable import Checks

/// RFC 5280 §4.2 says of each extension whether it is critical.
@Suite struct CriticalityTests {
    static let root = Authority.root("Criticality Root")
    /// requireExplicitPolicy 0: SEQUENCE { [0] INTEGER 0 }.
    static let policyConstraints: [UInt8] = [0x30, 0x03, 0x80, 0x01, 0x00]

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let added: ExtensionSpec
        let found: [String]

        init(_ name: String, _ added: ExtensionSpec, _ found: [String]) {
            (testDescription, self.added, self.found) = (name, added, found)
        }
    }

    static let cases = [
        Case(
            "policyConstraints critical",
            ExtensionSpec(oid: "2.5.29.36", critical: true, value: policyConstraints), []),
        Case(
            "policyConstraints not critical", ExtensionSpec(oid: "2.5.29.36", value: policyConstraints),
            ["extension_criticality@1"]),
        Case(
            "inhibitAnyPolicy not critical", ExtensionSpec(oid: "2.5.29.54", value: [0x02, 0x01, 0x00]),
            ["extension_criticality@1"]),
        Case("AIA not critical", .authorityInfoAccess(caIssuers: ["http://a.example/"]), []),
        Case(
            "AIA critical", .authorityInfoAccess(caIssuers: ["http://a.example/"]).critical(true),
            ["extension_criticality@1"]),
    ]

    /// An intermediate with one extension more.
    @Test(arguments: cases) func intermediate(_ c: Case) throws {
        let issuer = Self.root.intermediate("Criticality CA") { $0.add(c.added) }
        let path = [issuer.leaf("www.example.com"), issuer.certificate, Self.root.certificate]
        #expect(Check.criticality.failures(try context(path)) == c.found)
    }

    /// Found at the anchor as well; whether it counts there depends on whose anchor it is.
    @Test func anchor() throws {
        let root = Authority.root("Lax Root") {
            $0.add(ExtensionSpec(oid: "2.5.29.36", value: Self.policyConstraints))
        }
        let path = [root.leaf("a.example"), root.certificate]
        #expect(Check.criticality.failures(try context(path)) == ["extension_criticality@1"])
    }

    /// RFC 5280 §6.1 does not look at the flag: PKITS has valid paths without it.
    @Test func onlyTheWebAsks() { #expect(Check.criticality.profiles == [.webpki]) }
}
