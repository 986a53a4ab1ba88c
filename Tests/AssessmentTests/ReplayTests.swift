import Certificates
import Egress
import Fixtures
import JSON
import Logging
import Reports
import Testing
import TrustStores

@testable import Assessment

/// Judged again: as then when nothing is asked, and otherwise as asked.
@Suite struct ReplayTests {
    private static let set: Result<StoreSet, any Error> = Result {
        let libcrypto = Client(name: .libcrypto, completes: .nothing)
        func store(_ name: String, _ version: String, _ authority: Authority) throws -> TrustStore {
            TrustStore(
                name: name, version: version, published: Instant(seconds: version == "2" ? 2 : 1),
                origin: .shipped, client: libcrypto,
                anchors: [Anchor(certificate: try Certificate.parse(der: authority.certificate.der))])
        }
        let corporate = Authority.root("Corporate Root")
        return StoreSet(
            [
                try store("mozilla", "2", StandardChains.root), try store("mozilla", "1", corporate),
                try store("corp", "1", corporate),
            ], clients: [libcrypto])
    }

    private static func assessor(_ rules: [StoreRule] = []) throws -> Assessor {
        let set = try set.get()
        let stores = try CurrentStores(rules: StoreRules(rules)) { _ throws(TrustStoreError) in set }
        return try Assessor(
            stores: stores, policy: EgressPolicy(allowsPrivate: true), logger: Logger(label: "test"))
    }

    private static func validate(_ assessor: Assessor, _ options: [(String, String)] = []) async throws
        -> Report
    {
        let inputs = OptionInput.query(
            [("pem", StandardChains.good().pem), ("name", "www.example.com"), ("include", "evidence")]
                + options)
        return try await assessor.validate(
            try OptionParser.parse(inputs, for: .validate), given: Set(inputs.map(\.name)),
            now: AssessorTests.now, id: "first")
    }

    private static func replay(
        _ assessor: Assessor, _ record: EvidenceRecord, _ options: [(String, String)] = []
    ) throws -> Report {
        let inputs = OptionInput.query(options)
        let read = try EvidenceRecord(try JSONParser.parse(record.document.json), at: "/evidence")
        return try assessor.replay(
            read, try OptionParser.parse(inputs, over: read.options), given: Set(inputs.map(\.name)),
            at: "/evidence", newID: { "second" })
    }

    @Test func theSame() async throws {
        let rule = try StoreRule(match: "*.example.com", stores: ["corp", "mozilla"], warn: "200d")
        let assessor = try Self.assessor([rule])
        let report = try await Self.validate(assessor)
        let record = try #require(report.evidence)
        #expect(record.stores == ["corp@1", "mozilla@2"] && record.storesFrom == .rule("*.example.com"))
        #expect(record.options.warn == [.seconds(200 * 86_400)])
        let again = try Self.replay(assessor, record, [("include", "evidence")])
        #expect(
            String(decoding: again.json(), as: UTF8.self) == String(decoding: report.json(), as: UTF8.self))
        // Rules of now are not asked, and the evidence is only shown when it is asked for.
        let elsewhere = try Self.replay(try Self.assessor(), record)
        #expect(elsewhere.id == "first" && elsewhere.storesFrom == .rule("*.example.com"))
        #expect(elsewhere.thresholds.warnSeconds == 200 * 86_400)
        #expect(!String(decoding: elsewhere.json(), as: UTF8.self).contains("\"evidence\""))
    }

    @Test func anotherQuestion() async throws {
        let assessor = try Self.assessor()
        let report = try await Self.validate(assessor)
        let record = try #require(report.evidence)
        #expect(report.verdict == .trusted)
        let later = try Self.replay(assessor, record, [("at", "2027-01-01T00:00:00Z")])
        #expect(later.verdict == .untrusted && later.id == "second")
        #expect(later.at.description == "2027-01-01T00:00:00Z" && later.checkedAt == report.checkedAt)
        #expect(later.findings.contains { $0.check == .timeLeaf && $0.reason == .validityEnded })
        let older = try Self.replay(assessor, record, [("stores", "mozilla@1")])
        #expect(older.stores.map(\.version) == ["1"] && older.verdict == .untrusted)
        #expect(older.storesFrom == .request)
        // As in any request, anchors without stores alone count.
        let anchors = try Self.replay(assessor, record, [("anchors", StandardChains.root.certificate.pem)])
        #expect(anchors.stores.map(\.name) == ["request"] && anchors.verdict == .trusted)
        let name = try Self.replay(assessor, record, [("name", "other.example")])
        #expect(name.findings.contains { $0.reason == .nameMismatch })
        // The same instant is the same question.
        let same = try Self.replay(assessor, record, [("at", report.at.description)])
        #expect(same.id == "first")
        // A changed question is recorded as such.
        let twice = try Self.replay(assessor, try #require(later.evidence))
        #expect(twice.id == "second" && twice.verdict == .untrusted)
    }

    /// Asked in the request or named in the record: the place is told apart.
    @Test func whatIsNotThere() async throws {
        let assessor = try Self.assessor()
        var record = try #require(try await Self.validate(assessor).evidence)
        let asked = #expect(throws: OptionErrors.self) {
            try Self.replay(assessor, record, [("stores", "mozilla@9")])
        }
        #expect(asked?.errors.map(\.code) == [.unknownStore] && asked?.errors.map(\.pointer) == ["stores"])
        record.stores = ["mozilla@9"]
        let recorded = #expect(throws: OptionErrors.self) { try Self.replay(assessor, record) }
        #expect(recorded?.errors.map(\.code) == [.unknownStore])
        #expect(recorded?.errors.map(\.pointer) == ["/evidence/stores"])
        #expect(recorded?.errors.first?.detail.contains("loaded: 2, 1") == true)
        // Another store answers all the same.
        #expect(try Self.replay(assessor, record, [("stores", "corp")]).verdict == .untrusted)
        record.stores = []
        record.options.anchors = [[0x30, 0x00]]
        let anchors = #expect(throws: OptionErrors.self) { try Self.replay(assessor, record) }
        #expect(anchors?.errors.map(\.code) == [.certificateMalformed])
        #expect(anchors?.errors.map(\.pointer) == ["/evidence/anchors"])
    }

    /// A real handshake, several of them, and none at all.
    @Test func whatWasChecked() async throws {
        let server = try await OpenSSLServer(StandardChains.good().presented)
        defer { server.stop() }
        let assessor = try Self.assessor()
        for options in [
            [("variants", "true")], [("samples", "3"), ("variants", "true")], [("address", "all")],
            [("port", "1")], [("port", "1"), ("address", "all")],
        ] {
            var inputs = [("host", "127.0.0.1"), ("name", "www.example.com"), ("include", "evidence,checks")]
            if !options.contains(where: { $0.0 == "port" }) { inputs.append(("port", "\(server.port)")) }
            let asked = OptionInput.query(inputs + options)
            let report = try await assessor.check(
                try OptionParser.parse(asked, for: .check), given: Set(asked.map(\.name)),
                now: AssessorTests.now, id: "first")
            let again = try Self.replay(
                assessor, try #require(report.evidence), [("include", "evidence,checks")])
            #expect(
                String(decoding: again.json(), as: UTF8.self)
                    == String(decoding: report.json(), as: UTF8.self),
                "\(options)")
        }
    }
}
