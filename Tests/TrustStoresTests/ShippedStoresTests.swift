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

    /// Loaded once for all tests.
    private static let once = Result { try TrustStoreLoader(folder: folder, systemBundle: nil).load() }
    static func loaded() throws -> StoreSet { try once.get() }

    struct Expected: Sendable {
        let name: String
        let version: String
        let published: String
        let anchors: Int
        let client: String
        let completes: Client.Completion
        let basis: TrustStore.Basis
    }

    static let expected = [
        Expected(
            name: "mozilla", version: "2.92", published: "2026-10-28", anchors: 118, client: "firefox",
            completes: .preload, basis: .full),
        Expected(
            name: "chrome", version: "156", published: "2026-11-02", anchors: 114, client: "chrome",
            completes: .aia, basis: .full),
        Expected(
            name: "apple", version: "2025-12-28", published: "2025-12-28", anchors: 156, client: "apple",
            completes: .aia, basis: .approximate),
        Expected(
            name: "microsoft", version: "2026-03-28", published: "2026-03-28", anchors: 310,
            client: "microsoft", completes: .aia, basis: .membership),
        Expected(
            name: "android", version: "16.0.0_r4", published: "2025-12-07", anchors: 143, client: "android",
            completes: .nothing, basis: .membership),
        Expected(
            name: "java", version: "25.0.2", published: "2026-01-20", anchors: 146, client: "java",
            completes: .nothing, basis: .full),
        Expected(
            name: "debian", version: "20260816+nmu1", published: "2026-08-16", anchors: 120,
            client: "curl", completes: .nothing, basis: .full),
        Expected(
            name: "mozilla@2.60", version: "2.60", published: "2023-02-15", anchors: 140, client: "firefox",
            completes: .preload, basis: .full),
        Expected(
            name: "mozilla@2.74", version: "2.74", published: "2025-04-02", anchors: 140, client: "firefox",
            completes: .preload, basis: .full),
        Expected(
            name: "chrome@150", version: "150", published: "2026-07-22", anchors: 121, client: "chrome",
            completes: .aia, basis: .full),
        Expected(
            name: "java@17.0.19", version: "17.0.19", published: "2026-04-21", anchors: 109, client: "java",
            completes: .nothing, basis: .approximate),
        Expected(
            name: "debian@20250419_deb13u1", version: "20250419+deb13u1", published: "2025-04-19",
            anchors: 148, client: "curl", completes: .nothing, basis: .full),
    ]

    @Test(arguments: expected) func holdsWhatItsPublisherLists(_ e: Expected) throws {
        let store = try #require(try Self.loaded().lookup(e.name))
        #expect(store.version == e.version)
        #expect(store.published?.date == e.published)
        #expect(store.anchors.count == e.anchors)
        #expect(store.client.text == e.client)
        #expect(store.completes == e.completes)
        #expect(store.basis == e.basis)
        #expect((store.basisReason == nil) == (e.basis == .full))
        #expect(store.origin == .shipped)
        // Lists without purposes say so by having none.
        let hasPurposes = !["apple", "microsoft", "android"].contains(store.name)
        #expect(store.anchors.allSatisfy { ($0.purposes == ["serverAuth"]) == hasPurposes })
    }

    @Test func nothingElseIsShipped() throws {
        let set = try Self.loaded()
        #expect(set.all.count == Self.expected.count)
        #expect(set.anchors.map(\.sha256) == set.anchors.map(\.sha256).sorted())
        #expect(set.defaultNames == ["mozilla", "chrome", "apple", "microsoft"])
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

    @Test func clientsNameTheirSources() throws {
        let clients = try Self.loaded().clients
        let used = Set(try Self.loaded().all.map(\.client))
        #expect(used.isSubset(of: clients.keys))
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
