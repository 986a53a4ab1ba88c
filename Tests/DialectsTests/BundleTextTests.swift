import Certificates
import Fixtures
import Reports
import Testing

@testable import Dialects

/// Golden answers of the repaired bundle and of the renewal.
@Suite struct BundleTextTests {
    static let stranger = Authority.root("Example Stranger").certificate

    static func bundle(
        _ changes: [Bundle.Change], _ stores: [Bundle.Store], until: Instant? = "2026-11-28"
    ) throws -> Bundle {
        Bundle(
            certificates: try [Sample.leaf, Sample.issuer.certificate].map {
                try Certificate.parse(der: $0.der)
            }, changes: changes, stores: stores, until: until)
    }

    @Test func nothingToChange() throws {
        let bundle = try Self.bundle([], [.init(name: "mozilla", before: true, after: true)])
        #expect(
            BundleText.render(bundle, try Sample.good()) == """
                nothing to change: what is sent is right
                mozilla: trusted as sent, trusted with this bundle
                good until 2026-11-28

                """)
    }

    /// Dropped, added and moved; a store that nothing can help, and one of which nobody knows.
    @Test func everyKindOfChange() throws {
        var report = try Sample.good()
        report.certificates.append(try Sample.described(Self.stranger, .unrelated))
        let issuer = Sample.issuer.certificate.sha256
        let bundle = try Self.bundle(
            [
                .init(.drop, Self.stranger.sha256, from: 1), .init(.add, issuer, to: 1),
                .init(.move, Sample.leaf.sha256, from: 2, to: 0),
                .init(.drop, SHA256Digest(of: [1]), from: 3),
            ],
            [
                .init(name: "mozilla", before: false, after: true),
                .init(name: "corp", before: false, after: false),
                .init(name: "java", before: nil, after: true),
            ])
        #expect(
            BundleText.render(bundle, report) == """
                drop  “Example Stranger”, sent as number 2
                add   “Example TLS CA G3”, belongs at number 2
                move  “api.example.com”, sent as number 3, belongs at number 1
                drop  “\(SHA256Digest(of: [1]).hex)”, sent as number 4
                mozilla: not trusted as sent, trusted with this bundle
                corp: not trusted as sent, not trusted with this bundle
                java: not established as sent, trusted with this bundle
                good until 2026-11-28

                """)
    }

    @Test func endsBeforeTheLeaf() throws {
        let bundle = try Self.bundle(
            [], [.init(name: "mozilla", before: true, after: true)], until: "2026-09-01")
        #expect(
            BundleText.render(bundle, try Sample.good()) == """
                nothing to change: what is sent is right
                mozilla: trusted as sent, trusted with this bundle
                good until 2026-09-01
                warning: the bundle ends before the end entity does

                """)
    }

    // MARK: the renewal

    struct Row: Sendable {
        let stores: [Renewal.Store]
        var days: Int?
        /// Below "renewal" in the text; nil: the block is left out.
        let line: String?
    }

    static let mozilla = Renewal.Store(name: "mozilla", accepted: true)
    static let chrome = Renewal.Store(
        name: "chrome", accepted: false, refusedFrom: "2026-07-15", reason: .constraintsNotMet)
    static let rows = [
        Row(
            stores: [mozilla, .init(name: "debian", accepted: true)], days: 200,
            line: "due about 2026-09-29; accepted by all, for at most 200 d"),
        Row(stores: [mozilla], line: "due about 2026-09-29; accepted by all"),
        Row(
            stores: [mozilla, chrome], days: 200,
            line: "due about 2026-09-29; accepted by mozilla, for at most 200 d; refused by chrome from"
                + " 2026-07-15\n              on (constraints_not_met)"),
        Row(
            stores: [chrome],
            line: "due about 2026-09-29; refused by chrome from 2026-07-15 on (constraints_not_met)"),
        // Of which nobody knows is neither accepted nor refused.
        Row(
            stores: [mozilla, .init(name: "apple", accepted: nil, reason: .constraintsUnknown)],
            line: "due about 2026-09-29; accepted by mozilla"),
        Row(stores: [.init(name: "corp", accepted: nil, reason: .notTrustedNow)], line: nil),
    ]

    @Test(arguments: rows) func renewal(_ row: Row) throws {
        var report = try Sample.good()
        report.renewal = Renewal(due: "2026-09-29", longestValidityDays: row.days, stores: row.stores)
        let text = TextReport.render(report)
        let block = row.line.map { "  renewal     \($0)\n" } ?? ""
        #expect(
            text.contains(
                "  next break  2026-11-28 (in 150 d)  leaf expires, all stores\n\(block)  stores "), "\(text)"
        )
    }

    /// Refused by one store: a warning with what to do, the whole answer.
    @Test func renewalRefused() throws {
        var report = try Sample.good()
        report.state = .warning
        report.summary = "trusted by all stores asked for; chrome will refuse the renewal"
        report.renewal = Renewal(
            due: "2026-09-29", longestValidityDays: 200, stores: [Self.mozilla, Self.chrome])
        var finding = Finding(
            check: .renewalRefused, kind: .presentation, reason: .constraintsNotMet, severity: .warning,
            message: "chrome will refuse a renewal from the same issuer, issued from 2026-07-15 on",
            expected: "issued before 2026-07-15T00:00:00Z", presented: "2026-09-29T00:00:00Z",
            reference: "renewal",
            fix: Fix(.reissue, "have the next certificate issued under an anchor that chrome accepts"))
        finding.store = "chrome"
        report.findings = [finding]
        #expect(
            TextReport.render(report) == """
                WARNING  api.example.com:443  trusted by all stores asked for; chrome will refuse the renewal
                  fix         have the next certificate issued under an anchor that chrome accepts
                  next break  2026-11-28 (in 150 d)  leaf expires, all stores
                  renewal     due about 2026-09-29; accepted by mozilla, for at most 200 d; refused by \
                chrome from 2026-07-15
                              on (constraints_not_met)
                  stores      mozilla 2.92, debian 20260816: yes
                  sent by 192.0.2.30 (TLS 1.3, 52 ms)
                    api.example.com        EC P-256  2026-06-01 .. 2026-11-28
                     └ Example TLS CA G3   EC P-256  2022-01-01 .. 2032-01-01
                        └ Example Root R1  EC P-256  2020-01-01 .. 2040-01-01  anchor
                  notes       warning renewal.refused constraints_not_met: chrome will refuse a renewal from \
                the same issuer,
                              issued from 2026-07-15 on; expected issued before 2026-07-15T00:00:00Z; \
                presented
                              2026-09-29T00:00:00Z
                  not checked  revocation, Certificate Transparency

                """)
    }

    /// A name with one bad backend and one that is away.
    @Test func fleet() throws {
        let good = try Sample.good()
        var report = try Sample.expired()
        report.fleet = Fleet(
            groups: [
                Fleet.Group(addresses: ["192.0.2.13"], seen: 1, report: report),
                Fleet.Group(addresses: ["192.0.2.11", "192.0.2.12", "2001:db8::11"], seen: 4, report: good),
            ], failed: [.init(address: "2001:db8::12", check: .netConnect, reason: .connectionRefused)])
        report.summary = "1 of 5 addresses (192.0.2.13): the certificate expired on 2026-06-29"
        let text = TextReport.render(report)
        let block = text.split(separator: "\n").drop { !$0.hasPrefix("  fleet") }.prefix(4)
        let (bad, fine) = (report.leaf?.hex.prefix(4) ?? "", good.leaf?.hex.prefix(4) ?? "")
        #expect(
            block.joined(separator: "\n") == """
                  fleet       192.0.2.13                  A  \(bad)…  CRITICAL  until 2026-06-29
                              192.0.2.11  192.0.2.12      B  \(fine)…  OK        until 2026-11-28  \
                in 4 handshakes
                              2001:db8::11
                              2001:db8::12                -  no certificate: connection refused (net.connect)
                """)
    }

    /// Answers that are alike stand together, in the order of the ways to ask.
    @Test func variants() throws {
        var report = try Sample.good()
        let (leaf, old) = (try #require(report.leaf), try #require(try Sample.expired().leaf))
        func answer(_ variant: Variant, _ version: String?, _ leaf: SHA256Digest?) -> VariantAnswer {
            VariantAnswer(
                variant: variant, protocolVersion: version, certificates: leaf.map { [$0] } ?? [],
                error: leaf == nil ? .alertReceived : nil, presented: leaf == nil ? "handshake_failure" : nil,
                verdict: leaf.map { $0 == old ? .untrusted : .partlyTrusted })
        }
        report.variants = [
            answer(.default, "TLS 1.3", leaf), answer(.noSNI, "TLS 1.3", old), answer(.rsa, nil, nil),
            answer(.ecdsa, "TLS 1.3", leaf), answer(.lowest, "TLS 1.0", leaf),
        ]
        let block = TextReport.render(report).split(separator: "\n").drop { !$0.hasPrefix("  variants") }
        let (new, stale) = (leaf.hex.prefix(4), old.hex.prefix(4))
        #expect(
            block.prefix(4).joined(separator: "\n") == """
                  variants    default, ecdsa: TLS 1.3, \(new)…, partly trusted
                              no_sni: TLS 1.3, \(stale)…, untrusted
                              rsa: no certificate: alert received (handshake_failure)
                              lowest: TLS 1.0, \(new)…, partly trusted
                """)
    }
}
