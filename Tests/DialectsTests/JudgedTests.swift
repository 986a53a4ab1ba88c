import Certificates
import Fixtures
import Reports
import Testing
import TrustStores
import Validation

@testable import Dialects

/// Texts of reports that Validation made: the six answers of the design whose parts exist.
@Suite struct JudgedTests {
    static func report(_ chain: StandardChain, source: Evidence.Source = .posted) throws -> Report {
        let store = TrustStore(
            name: "corp", version: "7", published: "2026-06-01", origin: .custom,
            client: Client(name: .libcrypto, title: "libcrypto", completes: .nothing), basis: .full,
            anchors: try chain.anchors.map { Anchor(certificate: try Certificate.parse(der: $0.der)) })
        var evidence = Evidence()
        evidence.presented = chain.presented.map(\.der)
        evidence.source = source
        var options = Options()
        options.names = try chain.names.map { try ReferenceIdentifier(parsing: $0) }
        let validator = Validator(stores: StoreSet([store]), cache: CertificateCache())
        return validator.judge(
            Question(
                evidence: evidence, options: options, stores: [store], at: now, checkedAt: now, id: "1"))
    }
    /// Chain, and lines that its text holds in this order; prose of Validation is matched by its first words.
    struct Case: Sendable, CustomTestStringConvertible {
        let chain: StandardChain
        let lines: [String]
        var testDescription: String { chain.id }
    }

    static let cases = [
        Case(
            chain: StandardChains.good(),
            lines: [
                "OK  www.example.com  trusted by corp",
                "  next break  2026-11-28 (in 150 d)  leaf expires, corp",
                "  stores      corp 7: yes", "  given",
                "    www.example.com                EC P-256  2026-06-01 .. 2026-11-28",
                "     └ Catenary Test Intermediate  EC P-256  2022-01-01 .. 2032-01-01",
                "        └ Catenary Test Root       EC P-256  2020-01-01 .. 2040-01-01  anchor",
                "  not checked  revocation",
            ]),
        Case(
            chain: StandardChains.expiredLeaf(),
            lines: [
                "CRITICAL  www.example.com  “www.example.com” has expired", "  fix         ",
                "  next break  2026-06-30 00:00:01Z (23 h 59 min ago)  leaf expired, corp",
                "  stores      corp 7: no (validity_ended)",
                "    www.example.com                EC P-256  2026-06-01 .. 2026-06-30  EXPIRED",
                "        └ Catenary Test Root       EC P-256  2020-01-01 .. 2040-01-01  anchor",
                "  notes       error time.leaf validity_ended", "              near miss: the path ",
                "  not checked  revocation",
            ]),
        Case(
            chain: StandardChains.missingIntermediate(),
            lines: [
                "CRITICAL  www.example.com  ", "  fix         send the ",
                "  stores      corp 7: no (issuer_absent)",
                "    www.example.com                   EC P-256  2026-06-01 .. 2026-11-28",
                "     └ CN=Catenary Test Intermediate                                      NOT SENT",
                "  notes       error path.issuer issuer_absent", "  not checked  revocation, ",
            ]),
        Case(
            chain: StandardChains.wrongOrder(),
            lines: [
                "OK  www.example.com  trusted by corp", "  fix         send the end entity first",
                "  given, in the wrong order",
                "    www.example.com                   EC P-256  2026-06-01 .. 2026-11-28  sent as number 1",
                "     └ Catenary Lower Intermediate    EC P-256  2022-01-01 .. 2032-01-01  sent as number 3",
                "        └ Catenary Test Intermediate  EC P-256  2022-01-01 .. 2032-01-01  sent as number 2",
                "           └ Catenary Test Root       EC P-256  2020-01-01 .. 2040-01-01  anchor",
                "  notes       info chain.order out_of_order: ", "  not checked  revocation",
            ]),
        Case(
            chain: StandardChains.selfSigned(),
            lines: [
                "CRITICAL  www.example.com  “www.example.com” is self-signed",
                "  stores      corp 7: no (self_signed)",
                "    www.example.com  EC P-256  2026-06-01 .. 2026-11-28",
                "  notes       error anchor.found self_signed", "  not checked  revocation",
            ]),
        Case(
            chain: StandardChains.untrustedRoot(),
            lines: [
                "CRITICAL  www.example.com  the chain ends at “Untrusted Root”",
                "  stores      corp 7: no (issuer_found_untrusted)",
                "        └ Untrusted Root       EC P-256  2020-01-01 .. 2040-01-01",
                "  notes       error anchor.found issuer_found_untrusted", "  not checked  revocation",
            ]),
    ]

    @Test(arguments: cases) func lines(_ c: Case) throws {
        let text = TextReport.render(try Self.report(c.chain))
        var rest = text.split(separator: "\n")[...]
        for line in c.lines {
            let at = rest.firstIndex { $0.hasPrefix(line) }
            #expect(at != nil, "no line “\(line)”, or not in this order, in:\n\(text)")
            if let at { rest = rest[(at + 1)...] }
        }
        #expect(rest.allSatisfy { $0.hasPrefix("               ") }, "“not checked” is last:\n\(text)")
    }

    /// An anchor that only a store not asked for holds is not called an anchor without more.
    @Test func anchorOfAnotherStore() throws {
        var report = try Sample.good()
        report.paths[0].stores = []
        #expect(TextReport.render(report).contains("2020-01-01 .. 2040-01-01  anchor of another store\n"))
    }

    /// Whatever is wrong with a chain, its text keeps to the width and ends with what was not checked.
    @Test(arguments: StandardChains.all) func everyChain(_ chain: StandardChain) throws {
        let report = try Self.report(chain)
        let lines = TextReport.render(report, verbose: true).split(separator: "\n")
        #expect(lines.allSatisfy { ShownText.width($0) <= ShownText.columns })
        #expect(lines.first?.hasPrefix(report.state.rawValue.uppercased() + "  ") == true)
        #expect(
            lines.last { !$0.hasPrefix("               ") }?.hasPrefix("  not checked  revocation") == true)
        #expect(Nagios.render(report).hasPrefix("SSL_CERT "))
    }
}
