import Certificates
import Foundation
import JSON
import Testing

@testable import TrustStores

/// Tests/Fixtures/real: chains of real servers, and what they are expected to give.
@Suite struct RealChainsTests {
    static let folder = repository + "/Tests/Fixtures/real"

    static func sources(_ member: String) throws -> [JSONObject] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/SOURCES.json")))
        return try JSONParser.parse(bytes).object?[member]?.array?.compactMap(\.object) ?? []
    }

    @Test func everyFileHoldsCertificates() throws {
        var shelf = CertificateShelf()
        let files = try Self.sources("files")
        #expect(files.count == 38)
        for entry in files {
            let file = Self.folder + "/" + (try #require(entry["file"]?.string))
            let certificates = try shelf.certificates(try StoreFile.read(file).bytes, file: file)
            #expect(!certificates.isEmpty)
        }
    }

    @Test func everyExpectationNamesWhatIsThere() throws {
        let set = try ShippedStoresTests.loaded()
        let files = Set(try Self.sources("files").compactMap { $0["file"]?.string })
        let expected = try Self.sources("expected")
        #expect(expected.count == 11)
        for entry in expected {
            #expect(files.contains(try #require(entry["file"]?.string)))
            #expect(Instant(rfc3339: try #require(entry["at"]?.string)) != nil)
            let stores = try #require(entry["stores"]?.object)
            #expect(stores.members.allSatisfy { set.lookup($0.name) != nil && $0.value.bool != nil })
        }
    }

    /// The intermediates that are sent above a leaf end at an anchor that is sent as a cross-sign.
    @Test func aRealCrossSignFindsItsAnchor() throws {
        let set = try ShippedStoresTests.loaded()
        var shelf = CertificateShelf()
        let file = Self.folder + "/chromium/lets-encrypt-dst-x3-root.pem"
        let sent = try shelf.certificates(try StoreFile.read(file).bytes, file: file)
        let cross = try #require(sent.first { $0.subject.commonName == "ISRG Root X1" })
        #expect(!cross.isSelfIssued)
        #expect(set.stores(holding: cross).map(\.name).sorted() == [
                "android", "apple", "chrome", "chrome", "debian", "debian", "java", "java", "microsoft",
                "mozilla", "mozilla", "mozilla",
            ])
        let anchor = try #require(set.anchors(matching: cross).first)
        #expect(anchor.isSelfIssued)
        #expect(anchor != cross)
    }
}
