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

    /// The design's first answer, letter for letter but for the last line: the leaf alone, its issuer
    /// fetched.
    @Test func missingIntermediate() throws {
        let root = Authority.root("Example Root R1")
        let issuer = root.intermediate("Example TLS CA G3")
        let leaf = issuer.leaf(names: ["api.example.com"]) {
            $0.add(.authorityInfoAccess(caIssuers: ["http://ca.example/g3.cer"]))
            $0.add(.crlDistributionPoints("http://ca.example/g3.crl"))
        }
        let anchor = Anchor(certificate: try Certificate.parse(der: root.certificate.der))
        let ways: [(String, Client.Completion)] = [("chrome", .aia), ("mozilla", .preload)]
        let stores = ways.map { name, completes in
            TrustStore(
                name: name, version: "", published: nil, origin: .shipped,
                client: Client(name: ClientName("of-\(name)"), completes: completes), basis: .full,
                anchors: [anchor])
        }
        var evidence = Evidence()
        (evidence.presented, evidence.source) = ([leaf.der], .handshake)
        evidence.fetched = [
            Fetched(
                wanted: Wanted(kind: .issuer, url: "http://ca.example/g3.cer", certificate: leaf.sha256),
                result: .success(Octets(issuer.certificate.der)), at: now)
        ]
        var options = Options()
        options.names = [try ReferenceIdentifier(parsing: "api.example.com")]
        options.aia = true
        let report = Validator(stores: StoreSet(stores), cache: CertificateCache()).judge(
            Question(
                evidence: evidence, options: options, target: Target(host: "api.example.com", port: 443),
                stores: stores, at: now, checkedAt: now, id: "1"))
        let text = TextReport.render(report)
        let golden = """
            WARNING  api.example.com:443  works in browsers, fails in curl, Go and Java: \
            an intermediate is not sent
              fix         send “Example TLS CA G3” after the leaf: catenary repair api.example.com
              next break  2026-11-28 (in 150 d)  leaf expires, chrome
              stores      chrome: yes, after fetching | mozilla: unknown (preload_unknown)
              sent, INCOMPLETE
                api.example.com        EC P-256  2026-06-01 .. 2026-11-28
                 └ Example TLS CA G3   EC P-256  2022-01-01 .. 2032-01-01  NOT SENT
                    └ Example Root R1  EC P-256  2020-01-01 .. 2040-01-01  anchor

            """
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("  renewal") }
        #expect(lines.joined(separator: "\n").hasPrefix(golden.dropLast()), "\(text)")
        #expect(text.contains("\n  not checked  "))
    }
}
