import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// Validity at its edges, and the first break.
@Suite struct TimeTests {
    typealias Authority = Fixtures.Authority

    static let leafStart: Instant = "2026-06-01T12:00:00Z"
    static let leafEnd: Instant = "2026-11-28T12:00:00Z"
    static let issuerStart: Instant = "2026-05-01T01:02:03Z"
    static let issuerEnd: Instant = "2026-12-01T01:02:03Z"
    static let rootStart: Instant = "2026-04-01T23:59:59Z"
    static let rootEnd: Instant = "2026-12-24T23:59:59Z"

    static let root = Authority.root("Dated Root") {
        $0.notBefore = .instant(rootStart)
        $0.notAfter = .instant(rootEnd)
    }
    static let issuer = root.intermediate("Dated Intermediate") {
        $0.notBefore = .instant(issuerStart)
        $0.notAfter = .instant(issuerEnd)
    }
    static let leaf = issuer.leaf(StandardChains.host) {
        $0.notBefore = .instant(leafStart)
        $0.notAfter = .instant(leafEnd)
    }

    /// Each of the three alone has an edge here: the others are valid around it.
    static let edges: [(what: String, start: Instant, end: Instant, check: String)] = [
        ("leaf", "2026-06-01T12:00:00Z", "2026-11-28T12:00:00Z", "time.leaf"),
        ("intermediate", "2026-06-01T12:00:00Z", "2026-11-28T12:00:00Z", "time.issuer"),
        ("anchor", "2026-06-01T12:00:00Z", "2026-11-28T12:00:00Z", "anchor.validity"),
    ]

    /// Both ends are inclusive (RFC 5280 §4.1.2.5): one second before, at, and one second after each.
    @Test(arguments: edges) func inclusiveEnds(
        _ edge: (what: String, start: Instant, end: Instant, check: String)
    ) throws {
        func dated(_ what: String, _ spec: inout CertificateSpec) {
            spec.notBefore = what == edge.what ? .instant(edge.start) : "2020-01-01"
            spec.notAfter = what == edge.what ? .instant(edge.end) : "2040-01-01"
        }
        let root = Authority.root("Edge Root") { dated("anchor", &$0) }
        let issuer = root.intermediate("Edge Intermediate") { dated("intermediate", &$0) }
        let leaf = issuer.leaf(StandardChains.host) { dated("leaf", &$0) }
        var asking = Asking(
            [leaf, issuer.certificate], names: [StandardChains.host],
            stores: [try store("corp", [root.certificate])])
        let rows: [(Instant, String?)] = [
            (edge.start + -1, "\(edge.check) validity_not_started \(edge.what) 9"), (edge.start, nil),
            (edge.start + 1, nil), (edge.end + -1, nil), (edge.end, nil),
            (edge.end + 1, "\(edge.check) validity_ended \(edge.what) 10"),
        ]
        for (at, refusal) in rows {
            asking.at = at
            let report = try asking.report()
            #expect(report.verdict == (refusal == nil ? .trusted : .untrusted), "\(at)")
            #expect(report.findings.first { $0.kind != .presentation }?.short == refusal, "\(at)")
            // The dates stay, whatever the verdict; and a date never reads as a missing anchor.
            #expect(report.leaf == leaf.sha256)
            #expect(report.finding(.anchorFound) == nil)
        }
    }

    func asking(at: Instant) throws -> Asking {
        Asking(
            [Self.leaf, Self.issuer.certificate], names: [StandardChains.host],
            stores: [try store("corp", [Self.root.certificate])]
        ).with { $0.at = at }
    }

    /// The leaf ends first. Not yet valid: the loss ahead. Ended: the loss stays, so that the series does not
    /// vanish.
    @Test(arguments: [
        rootStart + -1, issuerStart, leafStart + -1, leafStart, leafEnd, leafEnd + 1, rootEnd + 1_000_000,
    ]) func theFirstBreakStays(_ at: Instant) throws {
        let report = try asking(at: at).report()
        #expect(
            report.firstBreak
                == FirstBreak(
                    at: Self.leafEnd + 1, store: "corp", cause: .leafExpires, certificate: Self.leaf.sha256))
        let holds = (Self.leafStart...Self.leafEnd).contains(at)
        #expect(report.stores[0].trusted == holds)
        #expect(report.stores[0].until == (holds ? Self.leafEnd : nil))
        if at > Self.leafEnd { #expect(report.state == .critical) }
    }

    /// Who ends first is the cause.
    @Test func theCauseIsWhoEndsFirst() throws {
        func first(root: EncodedTime, issuer: EncodedTime, tolerates: [String] = []) throws -> FirstBreak? {
            let root = Authority.root("Cause Root") { $0.notAfter = root }
            let issuer = root.intermediate("Cause Intermediate") { $0.notAfter = issuer }
            let client = Client(name: ClientName("lenient"), completes: .nothing, tolerates: rules(tolerates))
            var asking = Asking(
                [issuer.leaf(StandardChains.host), issuer.certificate],
                stores: [try store("corp", [root.certificate], client: client)])
            asking.clients = [client]
            let report = try asking.report()
            guard let first = report.firstBreak else { return nil }
            #expect(report[try #require(first.certificate)]?.notAfter == first.at + -1)
            return first
        }
        #expect(try first(root: "2040-01-01", issuer: "2026-09-01")?.cause == .issuerExpires)
        #expect(try first(root: "2026-08-01", issuer: "2026-09-01")?.cause == .anchorExpires)
        // A client that does not look at the anchor's end sees the intermediate's.
        let lenient = try first(
            root: "2026-08-01", issuer: "2026-09-01", tolerates: ["validity_ended@anchor"])
        #expect(lenient?.cause == .issuerExpires)
        #expect(lenient?.at == "2026-09-01T00:00:01Z")
    }

    /// Nothing but time may have taken the chain away: what was never trusted has no break.
    @Test(arguments: [
        StandardChains.untrustedRoot(), StandardChains.badSignature(), StandardChains.wrongHost(),
        StandardChains.selfSigned(), StandardChains.missingIntermediate(), StandardChains.reversedValidity(),
        StandardChains.exponentOne(),
    ]) func neverTrusted(_ chain: StandardChain) throws {
        #expect(try Asking(chain).report().firstBreak == nil)
    }

    /// 99991231235959Z means "no end" (RFC 5280 §4.1.2.5).
    @Test func noEnd() throws {
        let root = Authority.root("Endless Root") { $0.notAfter = .instant(.latest) }
        let issuer = root.intermediate("Endless Intermediate") { $0.notAfter = .instant(.latest) }
        let leaf = issuer.leaf(StandardChains.host) { $0.notAfter = .instant(.latest) }
        let report = try Asking(
            [leaf, issuer.certificate], stores: [try store("corp", [root.certificate])]
        ).with { $0.at = .latest }.report()
        #expect(report.verdict == .trusted)
        #expect(report.firstBreak == nil)
        #expect(report.stores[0].until == nil)
        #expect(report.state == .ok)
    }

    /// The shorter path ends first and the cross-sign goes on, with or without a second in between.
    @Test func theLastPathStanding() throws {
        let old = Authority.root("Old Anchor") { $0.notAfter = "2026-08-01" }
        let other = Authority.root("Other Anchor")
        func report(_ cross: Authority) throws -> Report {
            let issuer = old.intermediate("Issuer Of Two Paths")
            return try Asking(
                [issuer.leaf(StandardChains.host), issuer.certificate, cross.certificate],
                stores: [try store("corp", [old.certificate, other.certificate])]
            ).report()
        }
        let overlapping = try report(old.crossSigned(by: other) { $0.notAfter = "2040-01-01" })
        #expect(overlapping.paths.count == 2)
        #expect(overlapping.firstBreak?.at == "2026-11-28T00:00:01Z")
        #expect(overlapping.firstBreak?.cause == .leafExpires)
        #expect(overlapping.stores[0].until == "2026-11-28")

        let adjacent = try report(
            old.crossSigned(by: other) {
                $0.notBefore = "2026-08-01T00:00:01Z"
                $0.notAfter = "2026-10-01"
            })
        #expect(adjacent.firstBreak?.at == "2026-10-01T00:00:01Z")
        #expect(adjacent.firstBreak?.cause == .issuerExpires)

        // One second too late.
        let gap = try report(
            old.crossSigned(by: other) {
                $0.notBefore = "2026-08-01T00:00:02Z"
                $0.notAfter = "2040-01-01"
            })
        #expect(gap.firstBreak?.at == "2026-08-01T00:00:01Z")
        #expect(gap.firstBreak?.cause == .anchorExpires)
    }

    /// Over stores: the next loss by any that trusts the chain; when none does, the earliest of their latest
    /// losses.
    @Test func theBreakOfManyStores() throws {
        let short = Authority.root("Short Anchor") { $0.notAfter = "2026-09-01" }
        let long = Authority.root("Long Anchor")
        let issuer = long.intermediate("Shared Issuer")
        let cross = issuer.crossSigned(by: short)
        var asking = Asking(
            [issuer.leaf(StandardChains.host), issuer.certificate, cross.certificate],
            stores: [try store("long", [long.certificate]), try store("short", [short.certificate])])
        let first = try asking.report().firstBreak
        #expect(first?.at == "2026-09-01T00:00:01Z")
        #expect(first?.store == "short")
        #expect(first?.cause == .anchorExpires)

        asking.at = "2026-10-01"
        let partly = try asking.report()
        #expect(partly.verdict == .partlyTrusted)
        #expect(partly.firstBreak?.at == "2026-11-28T00:00:01Z")
        #expect(partly.firstBreak?.store == "long")

        asking.at = "2027-01-01"
        let gone = try asking.report()
        #expect(gone.verdict == .untrusted)
        #expect(gone.firstBreak?.at == "2026-09-01T00:00:01Z")
    }

    /// An expired leaf below a trusted anchor is expired, and nothing else; so is one in a store that is not
    /// asked.
    @Test func expiredIsNotUntrusted() throws {
        let report = try asking(at: Self.leafEnd + 1).report()
        #expect(report.shorts == ["time.leaf validity_ended leaf 10"])
        #expect(report.stores[0].reasons.map(\.reason) == [.validityEnded])
        #expect(report.paths[0].valid == false)
        #expect(report.paths[0].until == Self.leafEnd)
        #expect(report.paths[0].from == Self.leafStart)
        #expect(!report.summary.contains("anchor"), "\(report.summary)")
    }
}
