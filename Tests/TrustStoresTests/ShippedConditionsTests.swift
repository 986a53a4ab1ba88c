import Certificates
import Testing

@testable import TrustStores

/// What the shipped stores demand besides, and the lists beside them.
@Suite struct ShippedConditionsTests {
    private static func store(_ reference: String) throws -> TrustStore {
        try #require(try ShippedStoresTests.loaded().lookup(reference))
    }

    private static func date(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    private static func held(_ store: TrustStore, _ commonName: String) throws -> Anchor {
        try #require(store.anchors.first { $0.certificate.subject.commonName == commonName })
    }

    /// Nothing in the shipped data is beyond this program.
    @Test func everyConditionIsUnderstood() throws {
        for store in try ShippedStoresTests.loaded().all {
            for condition in store.anchors.flatMap(\.conditions) + store.former.flatMap(\.conditions) {
                if case .notUnderstood(let type) = condition { Issue.record("\(store.reference): \(type)") }
                if case .constraintSets(let sets) = condition {
                    #expect(sets.allSatisfy { $0.notUnderstood.isEmpty })
                }
            }
        }
    }

    struct Count: Sendable {
        let store: String
        let type: String
        let count: Int
    }

    static let counts = [
        Count(store: "mozilla@2.92", type: "distrust_after", count: 1),
        Count(store: "mozilla@2.92", type: "permitted_dns_names", count: 1),
        Count(store: "mozilla@2.74", type: "distrust_after", count: 8),
        Count(store: "mozilla@2.60", type: "distrust_after", count: 3),
        Count(store: "chrome@156", type: "constraint_sets", count: 47),
        Count(store: "chrome@150", type: "constraint_sets", count: 17),
        Count(store: "apple", type: "not_before_after", count: 11),
        Count(store: "microsoft", type: "not_before_after", count: 14),
        Count(store: "java", type: "blocked", count: 5),
        Count(store: "java", type: "distrust_any_use_after", count: 1),
        Count(store: "java@17.0.19", type: "blocked", count: 0),
        Count(store: "java@17.0.19", type: "not_before_after", count: 18),
    ]

    @Test(arguments: counts) func soManyAnchorsAreConditioned(_ c: Count) throws {
        let anchors = try Self.store(c.store).anchors
        #expect(anchors.count { $0.conditions.contains { $0.type == c.type } } == c.count)
    }

    /// Izenpe.com: Mozilla trusts no end entity that it issued after 2026-04-15.
    @Test func mozillasDistrustDate() throws {
        let anchor = try Self.held(try Self.store("mozilla"), "Izenpe.com")
        #expect(anchor.conditions == [.distrustAfter(try Self.date("2026-04-15T23:59:59Z"))])
    }

    /// TrustCor, Entrust and Chunghwa are gone from Mozilla's list; why is still known.
    @Test func datesOfAnchorsThatAreGone() throws {
        let former = try Self.store("mozilla").former
        #expect(former.count == 12)
        let chunghwa = "c0a6f4dc63a24bfdcf54ef2a6a082a0a72de35803e2ff5ff527ae5d87206dfd5"
        let one = try #require(former.first { $0.sha256.hex == chunghwa })
        #expect(one.lastVersion == "Firefox ESR 140.12")
        #expect(one.conditions == [.distrustAfter(try Self.date("2025-04-15T23:59:59Z"))])
    }

    /// Chrome 156 counts Certum's SCTs up to the end of September 2026; before version 153 it did not.
    @Test func chromesConstraintSets() throws {
        let store = try Self.store("chrome")
        let anchor = try Self.held(store, "Certum Trusted Network CA")
        guard case .constraintSets(let sets) = try #require(anchor.conditions.first) else {
            Issue.record("\(anchor.conditions)")
            return
        }
        #expect(sets.count == 2)
        #expect(sets.first?.sctNotAfter == (try Self.date("2026-09-30T23:59:59Z")).seconds * 1000)
        #expect(sets.map { $0.applies(to: store.clientVersion) } == [true, false])
        #expect(sets.map { $0.applies(to: ClientVersion("152.0")) } == [false, true])
        #expect(sets.map { $0.applies(to: ClientVersion("153.0.8010")) } == [true, false])
        #expect(sets.map { $0.applies(to: nil) } == [nil, nil])
        #expect(store.anchors.count { $0.checksDates == true } == 15)
        #expect(store.anchors.count { $0.checksDates == false } == 99)
        #expect(store.anchors.count { $0.checksConstraints == true } == 15)
    }

    /// Chunghwa's ePKI root ends for the JDK on 2027-04-19, whatever it issued when.
    @Test func theJDKsAnyUseDate() throws {
        let store = try Self.store("java")
        let found = store.anchors.flatMap(\.conditions).compactMap { condition -> Instant? in
            if case .distrustAnyUseAfter(let date) = condition { date } else { nil }
        }
        #expect(found.map(\.description) == ["2027-04-19T23:59:59Z"])
    }

    @Test func logsHaveTheirIdsAndStates() throws {
        let list = try #require(try ShippedStoresTests.loaded().logs)
        #expect(list.logs.count == 83)
        #expect(list.published.date == "2026-11-02")
        let nimbus = try #require(list.logs.values.first { $0.name == "Cloudflare 'Nimbus2026'" })
        #expect(nimbus.state(at: try Self.date("2024-11-08T17:59:59Z")) == nil)
        #expect(nimbus.state(at: try Self.date("2026-11-24T00:00:00Z")) == .usable)
        #expect(nimbus.operator(at: .earliest) == "Cloudflare")
        let gone = try #require(list.logs.values.first { $0.name == "DigiCert 'Sphinx2026h1'" })
        #expect(gone.state(at: try Self.date("2026-11-01T23:59:59Z")) == .usable)
        #expect(gone.state(at: try Self.date("2026-11-02T00:00:00Z")) == .dropped)
        #expect(list.logs.values.count { $0.state(at: .latest) == .listed } == 27)
    }

    @Test func blockListsBelongToTheirClients() throws {
        let set = try ShippedStoresTests.loaded()
        let counts = set.blocks.map { "\($0.name) \($0.count)" }
        #expect(counts == ["onecrl 1914", "chrome 101", "jdk 86"])
        #expect(set.blocks(for: ClientName("firefox")).map(\.name) == ["onecrl"])
        #expect(set.blocks(for: ClientName("chrome")).map(\.name) == ["chrome"])
        #expect(set.blocks(for: .libcrypto).isEmpty)
    }

    /// An anchor whose key Chrome refuses is none of Chrome's.
    @Test func noStoreHoldsWhatItsClientBlocks() throws {
        let set = try ShippedStoresTests.loaded()
        for store in set.newest {
            for anchor in store.anchors {
                for list in set.blocks(for: store.client) {
                    #expect(list.entry(for: anchor.certificate) == nil)
                }
            }
        }
    }
}
