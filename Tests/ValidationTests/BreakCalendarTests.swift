import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// The calendar says what judging again would say.
@Suite struct BreakCalendarTests {
    typealias Authority = Fixtures.Authority

    /// Judges again at each break and one second before it.
    static func confirm(_ asking: Asking, _ comment: @autoclosure () -> String = "") throws -> [Break] {
        let report = try asking.report()
        var answers = Dictionary(uniqueKeysWithValues: report.stores.map { ($0.name, $0.trusted) })
        var verdict = report.verdict
        let instants = report.breaks.map(\.at)
        #expect(instants == instants.sorted() && instants.allSatisfy { $0 > asking.at })
        for instant in Set(instants).sorted() {
            let before = try asking.with { $0.at = instant + -1 }.report()
            #expect(before.verdict == verdict, "\(instant) \(comment())")
            for store in before.stores {
                #expect(store.trusted == answers[store.name] ?? nil, "\(instant) \(comment())")
            }
            let here = report.breaks.filter { $0.at == instant }
            #expect(Set(here.map(\.store)).count == here.count)
            for flip in here {
                #expect(flip.trustedAfter != answers[flip.store] ?? nil, "\(instant) \(comment())")
                answers[flip.store] = flip.trustedAfter
                verdict = flip.verdictAfter
            }
            let after = try asking.with { $0.at = instant }.report()
            #expect(here.allSatisfy { $0.verdictAfter == after.verdict }, "\(instant) \(comment())")
            for store in after.stores {
                #expect(store.trusted == answers[store.name] ?? nil, "\(instant) \(comment())")
            }
        }
        return report.breaks
    }

    /// Random PKIs, each anchor in a store of its own and all in one more; from before everything on, so that
    /// gains are met too. Between breaks nothing changes: every boundary of the model is looked at.
    @Test(arguments: 0..<4) func randomPKIs(_ block: Int) throws {
        var (gains, losses) = (0, 0)
        for seed in UInt64(block * 25)..<UInt64((block + 1) * 25) {
            let pki = PlainPKI(seed: seed)
            let made = pki.certificates()
            var stores = [try store("all", pki.anchors.map { made[$0] })]
            for anchor in pki.anchors { stores.append(try store("s\(anchor)", [made[anchor]])) }
            var asking = Asking(pki.presented.map { made[$0] }, names: [pki.name], stores: stores)
            asking.at = "2017-01-01"
            let breaks = try Self.confirm(asking, "\(pki)")
            let flips = breaks.filter { $0.store == "all" }
            let expected = pki.boundaries.filter { pki.isTrusted(at: $0 + -1) != pki.isTrusted(at: $0) }
            #expect(flips.map(\.at) == expected, "\(pki)")
            gains += flips.count { $0.trustedAfter == true }
            losses += flips.count { $0.trustedAfter == false }
        }
        #expect(gains > 5 && losses > 5)
    }

    /// As AddTrust did in 2020: the cross-sign and its root end, the younger root of the same key goes on.
    @Test func anExpiringCrossSign() throws {
        let old = Authority.root("Calendar Old Root") { $0.notAfter = "2026-09-01" }
        let young = Authority.root("Calendar Young Root")
        let cross = young.crossSigned(by: old) { $0.notAfter = "2026-09-01" }
        let issuer = young.intermediate("Calendar Issuer")
        let leaf = issuer.leaf(StandardChains.host)
        let asking = Asking(
            [leaf, issuer.certificate, cross.certificate], names: [StandardChains.host],
            stores: [
                try store("both", [old.certificate, young.certificate]), try store("old", [old.certificate]),
                try store("young", [young.certificate]),
            ])
        let breaks = try Self.confirm(asking)
        #expect(breaks.map(\.store) == ["old", "both", "young"])
        #expect(breaks.map(\.at) == ["2026-09-01T00:00:01Z", "2026-11-28T00:00:01Z", "2026-11-28T00:00:01Z"])
        #expect(breaks.map(\.cause) == [.issuerExpires, .leafExpires, .leafExpires])
        #expect(breaks.map(\.verdictAfter) == [.partlyTrusted, .untrusted, .untrusted])
        #expect(breaks[0].certificate == cross.certificate.sha256)
        let report = try asking.report()
        #expect(report.paths[try #require(breaks[0].path)].anchor == old.certificate.sha256)
        // The last path standing is the one without the cross-sign.
        #expect(report.paths[try #require(breaks[1].path)].anchor == young.certificate.sha256)
    }

    /// A gap between two paths: a loss, a gain, and the end.
    @Test func aGap() throws {
        let first = Authority.root("Gap First") { $0.notAfter = "2026-08-01" }
        let second = Authority.root("Gap Second")
        let issuer = first.intermediate("Gap Issuer")
        let cross = issuer.crossSigned(by: second) { $0.notBefore = "2026-08-11" }
        let breaks = try Self.confirm(
            Asking(
                [issuer.leaf(StandardChains.host), issuer.certificate, cross.certificate],
                stores: [try store("corp", [first.certificate, second.certificate])]))
        #expect(breaks.map(\.trustedAfter) == [false, true, false])
        #expect(breaks.map(\.cause) == [.anchorExpires, .notYetValid, .leafExpires])
        #expect(breaks[1].at == "2026-08-11")
        #expect(breaks[1].certificate == cross.certificate.sha256)
    }

    /// A client that looks at the anchor's end but not at its beginning, and one that does neither.
    @Test func datesThatAClientDoesNotLookAt() throws {
        let root = Authority.root("Lenient Root") {
            $0.notBefore = "2026-08-01"
            $0.notAfter = "2026-09-01"
        }
        let issuer = root.intermediate("Lenient Issuer")
        func breaks(_ tolerates: [String]) throws -> [Break] {
            let client = Client(name: ClientName("lenient"), completes: .nothing, tolerates: rules(tolerates))
            var asking = Asking(
                [issuer.leaf(StandardChains.host), issuer.certificate],
                stores: [try store("corp", [root.certificate], client: client)])
            asking.clients = [client]
            return try Self.confirm(asking)
        }
        #expect(try breaks([]).map(\.at) == ["2026-08-01", "2026-09-01T00:00:01Z"])
        #expect(try breaks(["validity_not_started@anchor"]).map(\.at) == ["2026-09-01T00:00:01Z"])
        let neither = try breaks(["validity_not_started@anchor", "validity_ended@anchor"])
        #expect(neither.map(\.cause) == [.leafExpires])
    }

    /// What was never trusted has no break; 99991231235959Z never breaks.
    @Test func noBreak() throws {
        #expect(try Asking(StandardChains.badSignature()).report().breaks.isEmpty)
        let root = Authority.root("Unending Root") { $0.notAfter = .instant(.latest) }
        let leaf = root.leaf(StandardChains.host) { $0.notAfter = .instant(.latest) }
        let report = try Asking([leaf], stores: [try store("corp", [root.certificate])]).report()
        #expect(report.verdict == .trusted && report.breaks.isEmpty)
    }
}
