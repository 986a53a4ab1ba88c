import Assessment
import Certificates
import Foundation
import JSON
import Testing
import TrustStores

@testable import HTTPAPI

/// The shipped stores over HTTP, each version by its name. The clock is pinned.
@Suite struct ShippedStoresHTTPTests {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static let once = Result {
        try TrustStoreLoader(folder: repository.path + "/trust-store", systemBundle: nil).load()
    }

    static func stores() throws -> CurrentStores {
        let set = try once.get()
        return try CurrentStores(rules: StoreRules()) { _ throws(TrustStoreError) in set }
    }

    static func object(_ answer: RawResponse) throws -> JSONObject {
        try #require(try JSONParser.parse(Array(answer.body.utf8)).object)
    }

    static let versions = [
        "mozilla@2.92", "mozilla@2.74", "mozilla@2.60", "chrome@156", "chrome@150", "apple@2025-12-28",
        "microsoft@2026-03-28", "android@16.0.0_r4", "java@25.0.2", "java@17.0.19", "debian@20260816_nmu1",
        "debian@20250419%2Bdeb13u1",
    ]

    /// A real chain whose SCTs the shipped log list knows, and whose anchor all of them have.
    static func chain() throws -> String {
        let file = repository.path + "/Tests/Fixtures/real/rustls-platform-verifier/aws_amazon_com.pem"
        return try String(contentsOfFile: file, encoding: .utf8)
    }

    static let path = "/v1/validate?name=aws.amazon.com&at=2026-03-01T00:00:00Z"

    @Test func everyVersionAnswersByItsName() async throws {
        let chain = try Self.chain()
        try await withServer(stores: Self.stores()) { port in
            for reference in Self.versions {
                let parts = reference.replacing("%2B", with: "+").split(separator: "@").map(String.init)
                let answer = try await RawClient.send(
                    "POST", Self.path + "&stores=" + reference, port: port,
                    headers: ["Content-Type: application/pem-certificate-chain"], body: Array(chain.utf8))
                #expect(answer.status == 200, "\(reference)")
                let report = try Self.object(answer)
                #expect(report["verdict"]?.string == "trusted", "\(reference)")
                let store = try #require(report["stores"]?.object?[parts[0]]?.object)
                #expect(StoreVersionText.same(store["version"]?.string, parts[1]), "\(reference)")
                #expect(store["trusted"]?.bool == true && store["published"]?.string != nil)
                let page = try await RawClient.send("GET", "/v1/trust-stores/" + reference, port: port)
                #expect(page.status == 200)
                #expect(StoreVersionText.same(try Self.object(page)["version"]?.string, parts[1]))
            }
        }
    }

    /// Beside each other the newest bears the name.
    @Test func twoVersionsInOneRequest() async throws {
        let chain = try Self.chain()
        try await withServer(stores: Self.stores()) { port in
            let answer = try await RawClient.send(
                "POST", Self.path + "&stores=mozilla@2.60,mozilla,mozilla@2.74", port: port,
                headers: ["Content-Type: application/pem-certificate-chain"], body: Array(chain.utf8))
            let stores = try #require(try Self.object(answer)["stores"]?.object)
            let versions = stores.members.map { "\($0.name) \($0.value.object?["version"]?.string ?? "")" }
            #expect(versions == ["mozilla@2.60 2.60", "mozilla 2.92", "mozilla@2.74 2.74"])
        }
    }

    /// Only in a query string and in a file name does a version read differently.
    enum StoreVersionText {
        static func same(_ a: String?, _ b: String) -> Bool {
            a?.replacing("+", with: "_") == b.replacing("+", with: "_")
        }
    }

    /// What ends within a year of 2026-07-01, or has ended.
    @Test(arguments: [
        ("mozilla", [String]()), ("chrome", ["E7", "E8", "E9", "R12", "R13", "R14"]),
        ("debian", []),
        (
            "apple",
            [
                "Apple Root Certificate Authority", "Certigna", "Certum CA",
                "Developer ID Certification Authority", "Entrust Root Certification Authority",
            ]
        ),
        ("android", ["Certigna", "Entrust Root Certification Authority"]),
    ]) func anchorsThatEnd(_ store: String, _ names: [String]) async throws {
        try await withServer(stores: Self.stores()) { port in
            let answer = try await RawClient.send(
                "GET", "/v1/trust-stores/\(store)/anchors?expiring=12mo", port: port)
            #expect(answer.status == 200)
            let items = try #require(try Self.object(answer)["items"]?.array).compactMap(\.object)
            let found = items.compactMap { item -> String? in
                guard let subject = item["subject"]?.string else { return nil }
                let part = subject.split(separator: ",").first { $0.hasPrefix("CN=") }
                return part.map { String($0.dropFirst(3)) } ?? subject
            }
            #expect(found.sorted() == names)
        }
    }

    @Test func theListSaysWhatAnAnswerIsWorth() async throws {
        try await withServer(stores: Self.stores()) { port in
            let list = try Self.object(try await RawClient.send("GET", "/v1/trust-stores", port: port))
            let names = list["default"]?.array?.compactMap(\.string)
            #expect(names == ["mozilla", "chrome", "apple", "microsoft"])
            let items = try #require(list["items"]?.array).compactMap(\.object)
            #expect(items.count == Self.versions.count)
            for item in items {
                let isFull = item["basis"]?.string == "full"
                #expect((item["basis_reason"]?.string == nil) == isFull)
            }
        }
    }
}
