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

    struct Counts: Sendable {
        let store: String
        let anchors: Int
        /// Of them, on 2026-11-24: they end within a year; they have ended.
        let ending: Int
        let ended: Int
        /// With dates or sets in the list itself.
        let constrained: Int
    }

    static let today: Instant = "2026-11-24"

    static let counts = [
        Counts(store: "mozilla@2.92", anchors: 118, ending: 0, ended: 0, constrained: 1),
        Counts(store: "mozilla@2.74", anchors: 140, ending: 2, ended: 0, constrained: 8),
        Counts(store: "mozilla@2.60", anchors: 140, ending: 2, ended: 4, constrained: 3),
        Counts(store: "chrome@156", anchors: 114, ending: 6, ended: 0, constrained: 47),
        Counts(store: "chrome@150", anchors: 121, ending: 6, ended: 0, constrained: 17),
        Counts(store: "debian@20260816+nmu1", anchors: 120, ending: 0, ended: 0, constrained: 0),
        Counts(store: "debian@20250419+deb13u1", anchors: 148, ending: 2, ended: 1, constrained: 0),
        Counts(store: "apple@2025-12-28", anchors: 156, ending: 4, ended: 1, constrained: 0),
        Counts(store: "android@16.0.0_r4", anchors: 143, ending: 2, ended: 0, constrained: 0),
        Counts(store: "microsoft@2026-03-28", anchors: 310, ending: 3, ended: 5, constrained: 0),
        Counts(store: "java@25.0.2", anchors: 146, ending: 2, ended: 2, constrained: 0),
        Counts(store: "java@17.0.19", anchors: 109, ending: 3, ended: 6, constrained: 0),
    ]

    @Test(arguments: counts) func countsAsTheSourcesDo(_ c: Counts) throws {
        let store = try #require(try ShippedStoresTests.loaded().lookup(c.store))
        #expect(store.anchors.count == c.anchors)
        let ends = store.anchors.compactMap(\.certificate.notAfter)
        #expect(ends.count { $0 >= Self.today && $0 < Self.today + 365 * 86_400 } == c.ending)
        #expect(ends.count { $0 < Self.today } == c.ended)
        let constrained = store.anchors.count { anchor in
            anchor.conditions.contains { ["distrust_after", "constraint_sets"].contains($0.type) }
        }
        #expect(constrained == c.constrained)
    }

    /// The kinds of keys of the six platforms' anchors.
    @Test func keys() throws {
        let six = try Self.hashes([
            "mozilla@2.92", "chrome@156", "apple@2025-12-28", "android@16.0.0_r4", "microsoft@2026-03-28",
            "java@17.0.19",
        ]).reduce(into: Set()) { $0.formUnion($1) }
        let held = try ShippedStoresTests.loaded().anchors.filter { six.contains($0.sha256) }
        let kinds = Dictionary(grouping: held, by: \.key.display).mapValues(\.count)
        #expect(
            kinds == [
                "RSA 4096": 185, "EC P-384": 96, "RSA 2048": 82, "EC P-256": 10, "EC P-521": 3, "RSA 3072": 2,
                "RSA 1024": 1,
            ])
    }

    /// The soonest to end of the six platforms, and who holds them.
    @Test func theSoonestToEnd() throws {
        let set = try ShippedStoresTests.loaded()
        let six: Set = [
            "mozilla@2.92", "chrome@156", "apple@2025-12-28", "android@16.0.0_r4", "microsoft@2026-03-28",
            "java@17.0.19",
        ]
        func holders(_ certificate: Certificate) -> [String] {
            set.all.filter { store in
                six.contains(store.reference)
                    && store.anchors.contains { $0.certificate.sha256 == certificate.sha256 }
            }.map(\.name)
        }
        let soon = set.anchors.filter { certificate in
            guard let end = certificate.notAfter else { return false }
            return end >= Self.today && end < Self.today + 365 * 86_400 && !holders(certificate).isEmpty
        }.sorted { ($0.notAfter ?? .latest, $0.subject.text) < ($1.notAfter ?? .latest, $1.subject.text) }
        let found = soon.prefix(10).map { certificate in
            "\(certificate.notAfter?.date ?? "") \(certificate.subject.display): "
                + holders(certificate).sorted().joined(separator: " ")
        }
        #expect(
            found == [
                "2026-11-27 Entrust Root Certification Authority: android apple java microsoft",
                "2027-02-01 Developer ID Certification Authority: apple",
                "2027-03-12 E7: chrome", "2027-03-12 E8: chrome", "2027-03-12 E9: chrome",
                "2027-03-12 R12: chrome", "2027-03-12 R13: chrome", "2027-03-12 R14: chrome",
                "2027-06-11 Certum CA: apple java microsoft",
                "2027-06-29 Certigna: android apple java microsoft",
            ])
    }
}
