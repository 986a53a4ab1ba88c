import Certificates
import Fixtures
import Testing

@testable import TrustStores

func parsed(_ certificate: FixtureCertificate) throws -> Certificate {
    try Certificate.parse(der: certificate.der)
}

func store(
    _ name: String, version: String = "1", published: Instant? = nil, origin: TrustStore.Origin = .shipped,
    _ certificates: [FixtureCertificate]
) throws -> TrustStore {
    TrustStore(
        name: name, version: version, published: published, origin: origin,
        client: Client(name: .libcrypto, completes: .nothing),
        anchors: try certificates.map { Anchor(certificate: try parsed($0)) })
}

@Suite struct StoreSetTests {
    let root = Authority.root("Root")
    let other = Authority.root("Other")

    /// Eight public keys stand in two certificates each: a renewed anchor is the same anchor, shown by its
    /// own hash.
    @Test func anchorsMatchBySubjectAndKey() throws {
        let renewed = root.renewed { $0.notAfter = "2050-01-01" }
        let set = StoreSet([
            try store("mozilla", [root.certificate]), try store("java", [renewed.certificate]),
            try store("apple", [other.certificate]),
        ])
        let asked = try parsed(root.certificate)
        #expect(set.stores(holding: asked).map(\.name) == ["mozilla", "java"])
        #expect(
            set.anchors(matching: asked).map(\.sha256)
                == [root.certificate.sha256, renewed.certificate.sha256])
        #expect(
            set.lookup("java")?.anchors(matching: asked).map(\.certificate.sha256)
                == [renewed.certificate.sha256])
        #expect(set.anchors.count == 3)
    }

    @Test func aCrossSignFindsTheAnchorItCrossSigns() throws {
        let cross = root.crossSigned(by: other)
        let set = StoreSet([try store("mozilla", [root.certificate])])
        #expect(
            set.anchors(matching: try parsed(cross.certificate)).map(\.sha256) == [root.certificate.sha256])
    }

    /// One name with another key, and one key under another name: neither is the anchor.
    @Test func nameAloneOrKeyAloneIsNotTheAnchor() throws {
        let set = StoreSet([try store("mozilla", [root.certificate])])
        let sameName = root.rekeyed(.labelled(.ec256, "stranger"))
        let sameKey = Authority.root("Impostor", key: root.key)
        for stranger in [sameName, sameKey] {
            let certificate = try parsed(stranger.certificate)
            #expect(set.stores(holding: certificate).isEmpty)
            #expect(set.anchors(matching: certificate).isEmpty)
            #expect(set.lookup("mozilla")?.anchors(matching: certificate).isEmpty == true)
        }
    }

    @Test func aStoreListsACertificateOnce() throws {
        let twice = try store("mozilla", [root.certificate, other.certificate, root.certificate])
        #expect(twice.anchors.count == 2)
        #expect(twice.anchors[0].certificate.sha256 < twice.anchors[1].certificate.sha256)
    }

    @Test func newestVersionAnswersToTheBareName() throws {
        let set = StoreSet([
            try store("mozilla", version: "2.92", [root.certificate]),
            try store("mozilla", version: "2.100", [root.certificate]),
            try store("chrome", version: "160", published: Instant(seconds: 1), [root.certificate]),
            try store("chrome", version: "156", published: Instant(seconds: 2), [root.certificate]),
        ])
        #expect(set.lookup("mozilla")?.version == "2.100")
        #expect(set.lookup("mozilla@2.92")?.version == "2.92")
        #expect(set.lookup("chrome")?.version == "156")
        #expect(set.newest.map(\.reference) == ["mozilla@2.100", "chrome@156"])
        #expect(set.lookup("mozilla@") == nil)
        #expect(set.lookup("mozilla@2.9") == nil)
        #expect(set.lookup("") == nil)
    }

    @Test(arguments: ["debian@20260816+nmu1", "debian@20260816 nmu1", "debian@20260816_nmu1"])
    func aVersionSurvivesAQueryString(_ reference: String) throws {
        let set = StoreSet([try store("debian", version: "20260816+nmu1", [root.certificate])])
        #expect(set.lookup(reference)?.version == "20260816+nmu1")
    }

    @Test func namesResolveInTheOrderAskedAndOnce() throws {
        let set = StoreSet([
            try store("mozilla", version: "2", [root.certificate]),
            try store("mozilla", version: "1", [root.certificate]), try store("debian", [root.certificate]),
        ])
        #expect(try set.resolve(["debian", "mozilla", "debian"]).map(\.name) == ["debian", "mozilla"])
        #expect(try set.resolve(["all"]).map(\.reference) == ["mozilla@2", "debian@1"])
        #expect(
            try set.resolve(["mozilla@1", "all"]).map(\.reference) == ["mozilla@1", "mozilla@2", "debian@1"])
        #expect(try set.resolve([]).isEmpty)
    }

    static let unknown = [
        ("opera", "no store 'opera' is loaded; loaded: mozilla"),
        ("mozilla@7", "no such version of 'mozilla'; loaded: 1"),
        ("<script>", "no such store is loaded; loaded: mozilla"),
    ]

    @Test(arguments: unknown) func anUnknownNameIsAnError(_ reference: String, _ detail: String) throws {
        let set = StoreSet([try store("mozilla", [root.certificate])])
        #expect(throws: TrustStoreError(.unknown, detail)) { try set.resolve(["mozilla", reference]) }
    }

    @Test func onlyTheProgrammesMakeAPathPublic() throws {
        let own = Authority.root("Own")
        let set = StoreSet([
            try store("mozilla", [root.certificate]), try store("debian", [other.certificate]),
            try store("chrome", origin: .custom, [own.certificate]),
        ])
        #expect(set.isPublic(try parsed(root.renewed { $0.notAfter = "2050-01-01" }.certificate)))
        #expect(!set.isPublic(try parsed(other.certificate)))
        #expect(!set.isPublic(try parsed(own.certificate)))
    }

    @Test func aRequestsAnchorsAreAStore() throws {
        let set = StoreSet([try store("mozilla", [root.certificate])])
        let request = set.request(anchors: [try parsed(other.certificate)])
        #expect(request.name == "request")
        #expect(request.client == .libcrypto)
        #expect(request.completes == .nothing)
        #expect(request.version.count == 12)
        #expect(set.lookup("request") == nil)
    }
}
