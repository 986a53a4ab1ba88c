import Certificates
import Testing

@testable import TrustStores

/// Counts and overlaps of the shipped stores, as they were computed from the source packages by another
/// program.
@Suite struct StoreMatrixTests {
    static let order = [
        "mozilla@2.92", "chrome@156", "debian@20260816+nmu1", "apple@2025-12-28", "android@16.0.0_r4",
        "microsoft@2026-03-28", "java@25.0.2", "java@17.0.19",
    ]

    /// How many certificates two stores have in common, in that order.
    static let overlaps = [
        [118, 98, 118, 84, 108, 103, 101, 59],
        [98, 114, 98, 75, 93, 90, 88, 53],
        [118, 98, 120, 84, 110, 105, 103, 59],
        [84, 75, 84, 156, 110, 134, 118, 84],
        [108, 93, 110, 110, 143, 126, 134, 74],
        [103, 90, 105, 134, 126, 310, 129, 88],
        [101, 88, 103, 118, 134, 129, 146, 82],
        [59, 53, 59, 84, 74, 88, 82, 109],
    ]

    private static func hashes(_ references: [String]) throws -> [Set<SHA256Digest>] {
        let set = try ShippedStoresTests.loaded()
        return try references.map { reference in
            Set(try #require(set.lookup(reference)).anchors.map(\.certificate.sha256))
        }
    }

    @Test func overlapsAsTheSourcesDo() throws {
        let sets = try Self.hashes(Self.order)
        #expect(sets.map { a in sets.map { a.intersection($0).count } } == Self.overlaps)
    }

    @Test func unionAndIntersectionOfTheSixPlatforms() throws {
        let six = try Self.hashes([
            "mozilla@2.92", "chrome@156", "apple@2025-12-28", "android@16.0.0_r4", "microsoft@2026-03-28",
            "java@17.0.19",
        ])
        let union = six.reduce(into: Set()) { $0.formUnion($1) }
        #expect(union.count == 379)
        let held = union.map { digest in six.count { $0.contains(digest) } }
        #expect((1...6).map { count in held.count { $0 == count } } == [193, 45, 27, 33, 32, 49])
        let alone = six.enumerated().map { at, set in
            six.enumerated().reduce(into: set) { if $1.offset != at { $0.subtract($1.element) } }.count
        }
        #expect(alone == [0, 15, 16, 5, 141, 16])
        #expect(six[0].intersection(six[1]).intersection(six[2]).intersection(six[4]).count == 72)
    }

    /// Eight keys stand in two certificates each: an anchor is matched by subject and key.
    @Test func eightKeysStandInTwoCertificates() throws {
        let set = try ShippedStoresTests.loaded()
        let six = try Self.hashes([
            "mozilla", "chrome", "apple", "android", "microsoft", "java@17.0.19",
        ]).reduce(into: Set()) { $0.formUnion($1) }
        let byKey = Dictionary(grouping: set.anchors.filter { six.contains($0.sha256) }, by: \.spkiSHA256)
        #expect(byKey.values.count { $0.count == 2 } == 8)
        #expect(byKey.values.allSatisfy { $0.count <= 2 })
    }
}
