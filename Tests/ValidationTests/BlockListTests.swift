import Certificates
import Fixtures
import Reports
import Testing

@testable import TrustStores
@testable import Validation

/// What a client refuses by name wherever it stands in a path, from the list to the verdict.
@Suite struct BlockListTests {
    typealias Authority = Fixtures.Authority

    static let root = Authority.root("Blocked Root")
    static let issuer = root.intermediate("Blocked Issuer")
    static let leaf = issuer.leaf(StandardChains.host)

    /// As OneCRL names an intermediate: issuer and serial number, or subject and key.
    static func oneCRL(
        _ change: (inout Set<BlockList.IssuerSerial>, inout [SHA256Digest: Set<SHA256Digest>]) throws -> Void
    ) rethrows -> BlockList {
        var (serials, keys): (Set<BlockList.IssuerSerial>, [SHA256Digest: Set<SHA256Digest>]) = ([], [:])
        try change(&serials, &keys)
        return BlockList(
            name: "onecrl", version: "2026-06-01", published: nil, clients: [ClientName("firefox")],
            issuerSerials: serials, subjectKeys: keys, keys: [], certificates: [])
    }

    /// As Chrome and the JDK do.
    static func list(_ client: String, keys: Set<SHA256Digest> = [], certificates: Set<SHA256Digest> = [])
        -> BlockList
    {
        BlockList(
            name: client, version: "156", published: nil, clients: [ClientName(client)], issuerSerials: [],
            subjectKeys: [:], keys: keys, certificates: certificates)
    }

    static func report(
        _ list: BlockList, presented: [FixtureCertificate]? = nil,
        anchors: [FixtureCertificate] = [root.certificate]
    ) throws -> Report {
        let clients = ["firefox", "chrome", "java"].map { Client(name: ClientName($0), completes: .nothing) }
        let stores = try clients.map { try store("of-\($0.name)", anchors, client: $0) }
        let set = StoreSet(stores, clients: clients, blocks: [list])
        var evidence = Evidence()
        evidence.presented = (presented ?? [leaf, issuer.certificate]).map(\.der)
        evidence.source = .handshake
        let report = Validator(stores: set, cache: cache).judge(
            Question(
                evidence: evidence, options: Options(), stores: stores, at: now, checkedAt: now, id: "1"))
        try expectCatalogued(report)
        return report
    }

    @Test func issuerAndSerial() throws {
        let intermediate = try Certificate.parse(der: Self.issuer.certificate.der)
        let report = try Self.report(
            Self.oneCRL { serials, _ in
                serials.insert(.init(issuer: intermediate.issuer.der, serial: intermediate.serial))
            })
        #expect(report.stores.map(\.trusted) == [false, true, true])
        #expect(report.verdict == .partlyTrusted && report.state == .critical)
        #expect(
            report.stores[0].reasons == [
                StoreReason(
                    check: .revocationBlocked, reason: .certificateBlocked,
                    certificate: intermediate.sha256, path: 0)
            ])
        let finding = try #require(report.finding(.revocationBlocked))
        #expect(finding.kind == .client && finding.store == "of-firefox" && finding.place == .intermediate)
        #expect(finding.expected == "a certificate that is not in onecrl")
        #expect(finding.presented == "onecrl 2026-06-01, by issuer_serial")
    }

    /// The same serial number of another issuer, or another key of the same subject, is not meant.
    @Test func onlyWhatIsNamed() throws {
        let intermediate = try Certificate.parse(der: Self.issuer.certificate.der)
        let report = try Self.report(
            Self.oneCRL { serials, keys in
                serials.insert(.init(issuer: intermediate.subject.der, serial: intermediate.serial))
                keys[intermediate.spkiSHA256] = [SHA256Digest(of: intermediate.issuer.der)]
            })
        #expect(report.verdict == .trusted && report.finding(.revocationBlocked) == nil)
    }

    @Test func subjectAndKey() throws {
        let intermediate = try Certificate.parse(der: Self.issuer.certificate.der)
        let report = try Self.report(
            Self.oneCRL { _, keys in
                keys[intermediate.spkiSHA256] = [SHA256Digest(of: intermediate.subject.der)]
            })
        #expect(report.stores.map(\.trusted) == [false, true, true])
        #expect(report.finding(.revocationBlocked)?.presented == "onecrl 2026-06-01, by subject_key")
    }

    /// Chrome's blocked keys: of the end entity, of an intermediate, of the anchor.
    @Test(arguments: [0, 1, 2]) func key(_ depth: Int) throws {
        let chain = try parsed([Self.leaf, Self.issuer.certificate, Self.root.certificate])
        let report = try Self.report(Self.list("chrome", keys: [chain[depth].spkiSHA256]))
        #expect(report.stores.map(\.trusted) == [true, false, true])
        let finding = try #require(report.finding(.revocationBlocked))
        #expect(finding.certificate == chain[depth].sha256)
        #expect(finding.place == [.leaf, .intermediate, .anchor][depth])
        #expect(report.stores[1].reasons.map(\.reason) == [.certificateBlocked])
    }

    /// The JDK's list names certificates; another one of the same key is a way around it, as in the JDK.
    @Test func certificateAndAWayAround() throws {
        let other = Authority.root("Blocked Other Root")
        let cross = Self.issuer.crossSigned(by: other)
        let blocked = Self.list("java", certificates: [Self.issuer.certificate.sha256])
        #expect(try Self.report(blocked).stores.map(\.trusted) == [true, true, false])
        let around = try Self.report(
            blocked, presented: [Self.leaf, Self.issuer.certificate, cross.certificate],
            anchors: [Self.root.certificate, other.certificate])
        #expect(around.stores.map(\.trusted) == [true, true, true])
        let index = try #require(around.stores[2].path)
        #expect(around.paths[index].certificates.contains(cross.certificate.sha256))
        #expect(around.finding(.revocationBlocked) == nil)
    }
}
