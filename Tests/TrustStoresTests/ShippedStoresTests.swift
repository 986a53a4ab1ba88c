import Certificates
import Foundation
import JSON
import Testing

@testable import TrustStores

let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

/// The folder that is shipped, as it is in the repository.
@Suite struct ShippedStoresTests {
    static let folder = repository + "/trust-store"

    static func loaded() throws -> StoreSet {
        try TrustStoreLoader(folder: folder, systemBundle: nil).load()
    }

    struct Expected: Sendable {
        let name: String
        let version: String
        let published: String
        let anchors: Int
        let client: String
        let completes: Client.Completion
    }

    static let expected = [
        Expected(
            name: "mozilla", version: "2.92", published: "2026-10-28T00:00:00Z", anchors: 118,
            client: "firefox",
            completes: .preload),
        Expected(
            name: "debian", version: "20260816+nmu1", published: "2026-08-16T00:00:00Z", anchors: 120,
            client: "libcrypto", completes: .nothing),
    ]

    @Test(arguments: expected) func holdsWhatItsPublisherLists(_ e: Expected) throws {
        let store = try #require(try Self.loaded().lookup(e.name))
        #expect(store.version == e.version)
        #expect(store.published?.description == e.published)
        #expect(store.anchors.count == e.anchors)
        #expect(store.client.text == e.client)
        #expect(store.completes == e.completes)
        #expect(store.basis == .membership)
        #expect(store.origin == .shipped)
        #expect(store.anchors.allSatisfy { $0.purposes == ["serverAuth"] })
    }

    @Test func overlapsAsTheSourcesDo() throws {
        let set = try Self.loaded()
        let hashes = set.newest.map { store in Set(store.anchors.map(\.certificate.sha256)) }
        #expect(hashes.count == 2)
        #expect(hashes.reduce(hashes[0]) { $0.intersection($1) }.count == 118)
        #expect(set.anchors.count == 120)
        #expect(set.anchors.map(\.sha256) == set.anchors.map(\.sha256).sorted())
        #expect(set.all.map(\.reference).sorted() == ["debian@20260816+nmu1", "mozilla@2.92"])
    }

    /// Every certificate is there because a store names it, below a comment with its own hash.
    @Test func rootsAreSortedNamedAndUsed() throws {
        let text = try String(contentsOfFile: Self.folder + "/roots.pem", encoding: .utf8)
        let named = text.split(separator: "\n").filter { $0.hasPrefix("# ") }
            .map { String($0.dropFirst(2).prefix(64)) }
        let present = try PEM.decode(Array(text.utf8), limit: 10_000).map { SHA256Digest(of: $0).hex }
        #expect(named == present)
        #expect(present == present.sorted())
        #expect(present == (try Self.loaded().anchors.map(\.sha256.hex)))
    }

    /// Izenpe.com: Mozilla trusts no end entity that it issued after 2026-04-15.
    @Test func carriesMozillasDistrustDate() throws {
        let store = try #require(try Self.loaded().lookup("mozilla"))
        let conditioned = store.anchors.filter { !$0.conditions.isEmpty }
        #expect(conditioned.map(\.certificate.subject.commonName) == ["Izenpe.com"])
        let date = try #require(Instant(rfc3339: "2026-04-15T23:59:59Z"))
        #expect(conditioned.first?.conditions == [.distrustAfter(date)])
        #expect(conditioned.first?.conditions.map(\.type) == ["distrust_after"])
    }

    @Test func clientsNameTheirSources() throws {
        let clients = try Self.loaded().clients
        #expect(clients.keys.map(\.text).sorted() == ["firefox", "go", "java", "libcrypto", "rustls"])
        for client in clients.values {
            #expect(client.sources.contains { $0.fact == "completes" && !$0.source.isEmpty })
        }
    }

    @Test func aReloadParsesNothingAgain() throws {
        let loader = TrustStoreLoader(folder: Self.folder, systemBundle: nil)
        let first = try loader.load()
        let second = try loader.load(reusing: first)
        for (a, b) in zip(first.anchors, second.anchors) { #expect(a === b) }
    }

    @Test func storesShareTheirCertificates() throws {
        let set = try Self.loaded()
        let mozilla = try #require(set.lookup("mozilla"))
        let debian = try #require(set.lookup("debian"))
        let anchor = try #require(mozilla.anchors.first).certificate
        #expect(try #require(debian.anchors(matching: anchor).first).certificate === anchor)
    }

    @Test(arguments: ["trust-store", "Tests/Fixtures/real"])
    func provenanceNamesEveryFileAndItsHash(_ place: String) throws {
        let root = repository + "/" + place
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: root + "/SOURCES.json")))
        let files = try #require(try JSONParser.parse(bytes).object?["files"]?.array)
        var named = Set<String>()
        for entry in files {
            let file = try #require(entry.object?["file"]?.string)
            named.insert(file)
            let content = [UInt8](try Data(contentsOf: URL(fileURLWithPath: root + "/" + file)))
            #expect(SHA256Digest(of: content).hex == entry.object?["sha256"]?.string, "\(file)")
            let origins = entry.object?["from"]?.array ?? [entry]
            #expect(origins.allSatisfy { $0.object?["licence"]?.string?.isEmpty == false }, "\(file)")
        }
        let walk = try #require(FileManager.default.enumerator(atPath: root))
        let present = walk.compactMap { $0 as? String }.filter { $0.contains(".") && $0 != "SOURCES.json" }
        #expect(Set(present) == named)
    }
}
