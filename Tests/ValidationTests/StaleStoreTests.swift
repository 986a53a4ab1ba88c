import Certificates
import Fixtures
import Reports
import Testing

@testable import TrustStores
@testable import Validation

/// Lists age: a stale one that lacks an anchor which a fresh one holds cannot say no. The chain is good, and
/// only `fresh` holds its anchor; the clock is pinned.
@Suite struct StaleStoreTests {
    static let good = StandardChains.good()
    static let stranger = Fixtures.Authority.root("Stranger Root")
    static let day: Int64 = 86_400

    func shipped(
        _ name: String, _ version: String = "2", days: Int64, _ anchors: [FixtureCertificate]
    ) throws -> TrustStore {
        TrustStore(
            name: name, version: version, published: now + -days * Self.day, origin: .shipped,
            client: Client(name: .libcrypto, completes: .nothing), basis: .full,
            anchors: try parsed(anchors).map { Anchor(certificate: $0) })
    }

    func asking(oldDays: Int64, freshDays: Int64 = 1, chain: StandardChain = good) throws -> Asking {
        Asking(
            chain.presented, names: chain.names,
            stores: [
                try shipped("old", days: oldDays, [Self.stranger.certificate]),
                try shipped("fresh", days: freshDays, chain.anchors),
            ])
    }

    static let cases: [(oldDays: Int64, freshDays: Int64, trusted: Bool?, stale: [String])] = [
        (180, 1, false, []),
        (181, 1, nil, ["old"]),
        // Two stale lists: neither knows better than the other.
        (181, 181, false, ["old", "fresh"]),
    ]

    @Test(arguments: cases) func lacksTheAnchor(
        _ row: (oldDays: Int64, freshDays: Int64, trusted: Bool?, stale: [String])
    ) throws {
        let report = try asking(oldDays: row.oldDays, freshDays: row.freshDays).report()
        #expect(report.stores.map(\.trusted) == [row.trusted, true])
        var reasons = [StoreReason(check: .anchorFound, reason: .anchorAbsent)]
        if row.trusted == nil { reasons.append(StoreReason(check: .anchorStoreStale, reason: .storeStale)) }
        #expect(report.stores[0].reasons == reasons)
        let found = report.findings.filter { $0.check == .anchorStoreStale }
        #expect(found.map(\.store) == row.stale)
        #expect(found.allSatisfy { $0.severity == .info && $0.reason == .storeStale && $0.kind == .client })
        #expect(found.allSatisfy { $0.expected == "published within 180 days" && $0.presented != nil })
    }

    /// The list holds the anchor: its age is a note and nothing more.
    @Test func holdsTheAnchor() throws {
        let report = try asking(oldDays: 1, freshDays: 400).with { $0.asked = ["fresh"] }.report()
        #expect(report.stores.map(\.trusted) == [true])
        #expect(report.verdict == .trusted && report.state == .ok)
        #expect(report.shorts == ["anchor.store_stale store_stale"])
    }

    /// An expired chain is refused whatever a newer list would hold.
    @Test func aBadPathIsNoDoubt() throws {
        let report = try asking(oldDays: 400, chain: StandardChains.expiredLeaf()).report()
        #expect(report.stores.map(\.trusted) == [false, false])
    }

    /// A note about a list does not stand against the path: time alone does.
    @Test func noReasonForARefusal() throws {
        let asking = try asking(oldDays: 1, freshDays: 400, chain: StandardChains.expiredLeaf())
        let report = try asking.with { $0.asked = ["fresh"] }.report()
        #expect(report.finding(.anchorStoreStale) != nil)
        #expect(report.nearMiss?.reason == .validityEnded)
    }

    /// An older version that is asked for by name is exactly what it is.
    @Test func anOlderVersionAnswers() throws {
        var asking = try asking(oldDays: 1)
        asking.loaded.append(try shipped("old", "1", days: 900, [Self.stranger.certificate]))
        let report = try asking.with { $0.asked = ["old@1"] }.report()
        #expect(report.stores.map(\.trusted) == [false])
        #expect(report.finding(.anchorStoreStale)?.store == "old")
    }

    /// What nobody knows now turns into a no when the path ends, at the second that the calendar names.
    @Test func theCalendarAgrees() throws {
        let asking = try asking(oldDays: 200)
        let report = try asking.report()
        let end = try #require(report.breaks.first { $0.store == "old" })
        #expect(end.trustedAfter == false)
        #expect(try asking.with { $0.at = end.at }.report().stores[0].trusted == false)
        #expect(try asking.with { $0.at = end.at + -1 }.report().stores[0].trusted == nil)
    }
}
