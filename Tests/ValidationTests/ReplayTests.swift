import Certificates
import Fixtures
import JSON
import Reports
import Testing
import TrustStores

@testable import Validation

/// Evidence written as JSON, read again and judged again: the report is the same, octet for octet.
@Suite struct ReplayTests {
    private static func record(
        _ chain: StandardChain, _ stores: [TrustStore], source: Evidence.Source = .handshake
    ) throws -> EvidenceRecord {
        var evidence = Evidence()
        evidence.source = source
        evidence.presented = chain.presented.map(\.der)
        if source == .handshake {
            evidence.addressesLeft = 1
            evidence.handshake = Handshake()
            evidence.handshake?.protocolVersion = "TLS 1.3"
            evidence.handshake?.address = "192.0.2.1"
            evidence.handshake?.timings = [Timing(phase: .handshake, milliseconds: 12.345_678)]
        }
        var options = Options()
        options.names = try chain.names.map { try ReferenceIdentifier(parsing: $0) }
        // Not the trace: what is cached costs the search nothing, and it says so.
        options.include = [.pem, .bundle, .checks]
        return EvidenceRecord(
            id: "01", checkedAt: now, at: now,
            target: source == .posted
                ? nil : Target(host: "www.example.com", port: 443, address: "192.0.2.1"),
            stores: stores.map(\.reference), storesFrom: .request, options: options, members: [evidence])
    }

    /// Its report, and that of the record after it was written and read.
    private static func twice(_ record: EvidenceRecord, _ set: StoreSet) throws -> (Report, Report) {
        let first = Validator(stores: set, cache: cache).judge(
            record, stores: try set.resolve(record.stores))
        let read = try EvidenceRecord(try JSONParser.parse(record.document.json), at: "")
        #expect(read == record)
        // Nothing that was remembered from the first judgement may matter.
        let second = Validator(stores: set, cache: CertificateCache()).judge(
            read, stores: try set.resolve(read.stores), recorded: read.rules)
        return (first, second)
    }

    /// Shows the first octets that differ, not two reports.
    private func expectSame(_ first: Report, _ second: Report) {
        let (a, b) = (first.json(), second.json())
        let place = zip(a, b).enumerated().first { $1.0 != $1.1 }?.offset ?? min(a.count, b.count)
        let isSame = a == b
        #expect(
            isSame,
            """
            \(String(decoding: a.dropFirst(place - 40).prefix(80), as: UTF8.self))
            \(String(decoding: b.dropFirst(place - 40).prefix(80), as: UTF8.self))
            """)
    }

    @Test(arguments: StandardChains.all) func everyChain(_ chain: StandardChain) throws {
        let set = StoreSet([
            try store("corp", chain.anchors), try store("other", [StandardChains.root.certificate]),
        ])
        for source in [Evidence.Source.handshake, .posted] {
            let (first, second) = try Self.twice(Self.record(chain, set.all, source: source), set)
            expectSame(first, second)
        }
    }

    /// What is fetched, a fleet of which one differs and one fails, and variants.
    @Test func everyKindOfEvidence() throws {
        let (good, expired) = (StandardChains.good(), StandardChains.expiredLeaf())
        let set = StoreSet([try store("corp", good.anchors)])
        var record = try Self.record(good, set.all)
        record.row = 3
        let leaf = SHA256Digest(of: good.presented[0].der)
        record.members[0].fetched = [
            Fetched(
                wanted: Wanted(kind: .issuer, url: "http://a.example/", certificate: leaf),
                result: .success(Octets(good.presented[1].der)), at: now),
            Fetched(
                wanted: Wanted(kind: .crl, url: "http://c.example/", certificate: leaf),
                result: .failure(FetchFailure(.timeout, "after 2 s")), at: now),
        ]
        var (second, third) = (record.members[0], Evidence())
        second.presented = expired.presented.map(\.der)
        second.handshake?.address = "192.0.2.2"
        third.source = .handshake
        third.failure = ProbeFailure(check: .netConnect, reason: .timeout, address: "192.0.2.3")
        record.variants = [VariantEvidence(.default, record.members[0]), VariantEvidence(.noSNI, second)]
        let alone = try Self.twice(record, set)
        expectSame(alone.0, alone.1)
        #expect(alone.0.variants.count == 2 && alone.0.row == 3)
        record.members += [second, third]
        record.isFleet = true
        let fleet = try Self.twice(record, set)
        expectSame(fleet.0, fleet.1)
        #expect(fleet.0.fleet?.groups.count == 2 && fleet.0.fleet?.failed.count == 1)
        record.members = [third]
        record.isFleet = false
        record.variants = []
        let failed = try Self.twice(record, set)
        expectSame(failed.0, failed.1)
        #expect(failed.0.verdict == .unreachable)
    }

    /// With `include=evidence` the report brings what makes it again, itself included.
    @Test func theReportHoldsItsEvidence() throws {
        let set = StoreSet([try store("corp", StandardChains.good().anchors)])
        let record = try Self.record(StandardChains.good(), set.all)
        var report = Validator(stores: set, cache: cache).judge(record, stores: set.all)
        func evidence() throws -> JSONValue? {
            try #require(try JSONParser.parse(report.json()).object)["evidence"]
        }
        #expect(try evidence() == nil)
        report.includes.insert(.evidence)
        #expect(try EvidenceRecord(try #require(try evidence()), at: "/evidence") == record)
        report.includes.remove(.evidence)
        report.keptEvidence = record.document.id
        #expect(try evidence()?.string == record.document.id.hex)
    }

    /// The answer says when the rules are not those of then.
    @Test func changedRules() throws {
        let good = StandardChains.good()
        let set = StoreSet([try store("corp", good.anchors)])
        var record = try Self.record(good, set.all)
        record.rules = set.ruleVersions
        let validator = Validator(stores: set, cache: cache)
        let same = validator.judge(record, stores: set.all, recorded: set.ruleVersions)
        #expect(!same.notChecked.contains { $0.check == "replay" })
        let more = StoreSet([try store("corp", good.anchors), try store("other", good.anchors)])
        #expect(more.ruleVersions.stores != set.ruleVersions.stores)
        let other = validator.judge(record, stores: set.all, recorded: more.ruleVersions)
        let line = try #require(other.notChecked.first { $0.check == "replay" })
        #expect(line.reason == "rules_changed")
        #expect(line.message.contains("stores \(more.ruleVersions.stores), now \(set.ruleVersions.stores)"))
    }
}
