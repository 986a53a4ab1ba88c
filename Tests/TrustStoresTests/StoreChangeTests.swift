import Certificates
import Fixtures
import Foundation
import Testing

@testable import TrustStores

/// What an update may change without being asked twice. Before: sixteen anchors of 2020-10-28.
@Suite struct StoreChangeTests {
    static let now = Instant(rfc3339: "2020-11-24T12:00:00Z")

    static func load(_ data: TrustData) throws -> StoreSet {
        let folder = try TemporaryFolder()
        return try TrustStoreLoader(folder: data.write(to: folder), systemBundle: nil).load()
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let data: TrustData
        let doubts: [String]
        init(_ name: String, _ doubts: [String], _ change: (inout TrustData) -> Void) {
            var data = TrustData()
            change(&data)
            (testDescription, self.data, self.doubts) = (name, data, doubts)
        }
    }

    static let roots = TrustData.roots
    static let cases = [
        Case("the same", []) { _ in },
        Case("newer", []) { ($0.version, $0.published) = ("2", "2020-11-20T00:00:00Z") },
        Case("older by a second", ["update_older"]) { $0.published = "2020-10-27T23:59:59Z" },
        // A day ahead may be another time zone's.
        Case("of tomorrow", []) { $0.published = "2020-11-25T12:00:00Z" },
        Case("of the day after", ["update_from_future"]) { $0.published = "2020-11-25T12:00:01Z" },
        Case("five are gone", []) { $0.anchors = Array(roots[..<11]) },
        Case("more than a third is gone", ["update_implausible"]) { $0.anchors = Array(roots[..<10]) },
        Case("five are new", []) { $0.anchors = Array(roots[..<21]) },
        // As many as before: the count alone would say nothing.
        Case("six are others", ["update_implausible", "update_implausible"]) {
            $0.anchors = Array(roots[6..<22])
        },
    ]

    @Test(arguments: cases) func doubts(_ row: Case) throws {
        let change = StoreChange(from: try Self.load(TrustData()), to: try Self.load(row.data))
        let now = try #require(Self.now)
        #expect(change.doubts(now: now).map(\.code.rawValue) == row.doubts)
    }

    /// What is shown: anchors by hash, and those of which the list now says something else.
    @Test func rows() throws {
        var data = TrustData(anchors: 17)
        data.anchors.removeFirst()
        data.conditions = #"[{"type": "blocked"}]"#
        let change = StoreChange(from: try Self.load(TrustData()), to: try Self.load(data))
        let row = try #require(change.rows.first)
        #expect(change.rows.count == 1)
        #expect(row.removed.map { "\($0.certificate.sha256)" } == ["\(Self.roots[0].sha256)"])
        #expect(row.added.map { "\($0.certificate.sha256)" } == ["\(Self.roots[16].sha256)"])
        #expect(row.changed.count == 15)
        #expect(!change.isSame)
        let same = try Self.load(data)
        #expect(StoreChange(from: same, to: same).isSame)
    }

    static func blocked(_ count: Int, _ date: String) -> [String: String] {
        let hashes = (0..<count).map { #""\#(SHA256Digest(of: [UInt8($0)]))""# }.joined(separator: ", ")
        return [
            "blocked-keys.json": """
            {"schema": 1, "lists": [{"name": "jdk", "version": "1", "published": "\(date)",
             "clients": ["libcrypto"], "certificates": [\(hashes)]}]}
            """
        ]
    }

    /// Lists beside the stores: half may go, their dates count as well. No store and no client may be absent.
    @Test func listsAndClients() throws {
        var old = TrustData()
        old.others = Self.blocked(10, "2020-10-01T00:00:00Z")
        old.clients.append("java")
        old.stores.append("debian")
        let before = try Self.load(old)
        func codes(_ change: (inout TrustData) -> Void) throws -> [String] {
            var data = old
            change(&data)
            return StoreChange(from: before, to: try Self.load(data))
                .doubts(now: try #require(Self.now)).map(\.code.rawValue)
        }
        #expect(try codes { $0.others = Self.blocked(5, "2020-10-01T00:00:00Z") } == [])
        #expect(try codes { $0.others = Self.blocked(4, "2020-10-01T00:00:00Z") } == ["update_implausible"])
        #expect(try codes { $0.others = [:] } == ["update_implausible"])
        #expect(try codes { $0.others = Self.blocked(10, "2020-09-30T00:00:00Z") } == ["update_older"])
        #expect(try codes { $0.clients = ["libcrypto"] } == ["update_client_gone"])
        #expect(try codes { $0.stores = ["mozilla"] } == ["update_store_gone"])
        #expect(try codes { $0.stores.append("chrome") } == [])
    }

    /// The shipped data holds against itself.
    @Test func shipped() throws {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = repository.appending(path: "trust-store").path
        let set = try TrustStoreLoader(folder: folder, systemBundle: nil).load()
        let now = try #require(set.newest.compactMap(\.published).max())
        #expect(StoreChange(from: set, to: set).doubts(now: now).isEmpty)
    }
}
