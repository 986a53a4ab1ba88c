import Certificates
import Counters
import Fixtures
import Foundation
import Reports
import Testing

@testable import Retrieval

/// What is asked again and what is not, in memory and on disk.
@Suite(.timeLimit(.minutes(2))) struct CacheTests {
    private static let now = RetrievalStage.now

    @Test func freshIsNotAskedAgain() async throws {
        let server = try WebPeer { _, before in
            WebPeer.answer([UInt8(before)], fields: ["Cache-Control: public, max-age=100"])
        }
        defer { server.stop() }
        let stage = try RetrievalStage()
        #expect(try await stage.octets(server.url) == [0])
        let again = await stage.fetch(server.url, at: Self.now + 99)
        #expect(try again.result.get().array == [0])
        // It keeps the time at which it was asked for.
        #expect(again.at == Self.now && server.requests.count == 1)
        #expect(try await stage.octets(server.url, at: Self.now + 100) == [1])
        #expect(stage.count("catenary_fetch_cache_hits_total", .init("state", "fresh")) == 1)
    }

    @Test func confirmed() async throws {
        let server = try WebPeer { request, _ in
            let fields = [
                "ETag: \"one\"", "Last-Modified: Mon, 07 Sep 2026 10:00:00 GMT", "Cache-Control: max-age=10",
            ]
            return request.fields["if-none-match"] == "\"one\""
                ? WebPeer.answer(status: 304, fields: fields) : WebPeer.answer([7], fields: fields)
        }
        defer { server.stop() }
        let stage = try RetrievalStage()
        #expect(try await stage.octets(server.url) == [7])
        let again = await stage.fetch(server.url, at: Self.now + 10)
        #expect(try again.result.get().array == [7])
        #expect(again.at == Self.now + 10)
        let asked = try #require(server.requests.last?.fields)
        #expect(asked["if-none-match"] == "\"one\"")
        #expect(asked["if-modified-since"] == "Mon, 07 Sep 2026 10:00:00 GMT")
        // Fresh again from then.
        #expect(try await stage.octets(server.url, at: Self.now + 19) == [7])
        #expect(server.requests.count == 2)
        #expect(stage.count("catenary_fetch_cache_hits_total", .init("state", "confirmed")) == 1)
    }

    /// A validator is one of the URL that the answer came from.
    @Test func conditionsStayWithTheirURL() async throws {
        let server = try WebPeer { request, before in
            if request.path == "/" {
                return WebPeer.answer(status: 302, fields: ["Location: /\(before < 2 ? "a" : "b")"])
            }
            return WebPeer.answer(
                Array(request.path.utf8), fields: ["ETag: \"x\"", "Cache-Control: no-cache"])
        }
        defer { server.stop() }
        let stage = try RetrievalStage()
        #expect(try await stage.octets(server.url + "/") == Array("/a".utf8))
        #expect(try await stage.octets(server.url + "/") == Array("/b".utf8))
        #expect(server.requests.allSatisfy { $0.fields["if-none-match"] == nil })
        // The third time /b is asked with its own.
        #expect(try await stage.octets(server.url + "/") == Array("/b".utf8))
        #expect(server.requests.last?.fields["if-none-match"] == "\"x\"")
    }

    @Test func notStored() async throws {
        let folder = try TemporaryFolder()
        let server = try WebPeer { _, _ in WebPeer.answer([7], fields: ["Cache-Control: no-store"]) }
        defer { server.stop() }
        let stage = try RetrievalStage(folder: folder.path)
        for _ in 0..<3 { #expect(try await stage.octets(server.url) == [7]) }
        #expect(server.requests.count == 3)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/bodies").isEmpty)
    }

    @Test func failuresAreRememberedBriefly() async throws {
        let server = try WebPeer { _, before in
            before == 0 ? WebPeer.answer(status: 503) : WebPeer.answer([7])
        }
        defer { server.stop() }
        let stage = try RetrievalStage()
        #expect(await stage.failure(server.url) == .status)
        let again = await stage.fetch(server.url, at: Self.now + 29)
        #expect(again.failure == .status && again.at == Self.now)
        #expect(server.requests.count == 1)
        #expect(try await stage.octets(server.url, at: Self.now + 30) == [7])
    }

    /// Small ones and one that is a file.
    @Test(arguments: [3, TransferLimits.held + 1]) func nextProcessFindsIt(_ size: Int) async throws {
        let folder = try TemporaryFolder()
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let server = try WebPeer { request, _ in
            request.fields["if-none-match"] == nil
                ? WebPeer.answer(body, fields: ["Cache-Control: max-age=100", "ETag: \"a\""])
                : WebPeer.answer(status: 304)
        }
        defer { server.stop() }
        let first = try RetrievalStage(folder: folder.path)
        #expect(try await first.octets(server.url) == body)
        await first.retriever.close()
        let second = try RetrievalStage(folder: folder.path)
        let fetched = await second.fetch(server.url, at: Self.now + 50)
        #expect(try fetched.result.get().array == body)
        #expect(fetched.at == Self.now && server.requests.count == 1)
        // And what is stale is confirmed, not sent again.
        #expect(try await second.octets(server.url, at: Self.now + 100) == body)
        #expect(server.requests.count == 2 && server.requests.last?.fields["if-none-match"] == "\"a\"")
        // Nobody else may read what was fetched, or change it.
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/bodies")
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }

    enum Damage: CaseIterable { case changed, shortened, gone, entryChanged, entryShortened, entryEmpty }

    /// What is not as it was written is fetched again.
    @Test(arguments: Damage.allCases, [3, TransferLimits.held + 1])
    func damageIsNoticed(_ damage: Damage, _ size: Int) async throws {
        let folder = try TemporaryFolder()
        let body = [UInt8](repeating: 7, count: size)
        let server = try WebPeer { _, _ in WebPeer.answer(body, fields: ["Cache-Control: max-age=100"]) }
        defer { server.stop() }
        let first = try RetrievalStage(folder: folder.path)
        #expect(try await first.octets(server.url) == body)
        await first.retriever.close()
        let place =
            folder.path
            + (damage == .changed || damage == .shortened || damage == .gone ? "/bodies" : "/entries")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: place).first)
        let file = URL(fileURLWithPath: place + "/" + name)
        var bytes = try Data(contentsOf: file)
        switch damage {
        case .changed, .entryChanged: bytes[1] ^= 1
        case .shortened, .entryShortened: bytes.removeLast()
        case .entryEmpty: bytes = Data()
        case .gone: break
        }
        if damage == .gone { try FileManager.default.removeItem(at: file) } else { try bytes.write(to: file) }
        let second = try RetrievalStage(folder: folder.path)
        #expect(try await second.octets(server.url) == body)
        #expect(server.requests.count == 2)
        await second.retriever.close()
        // And kept again.
        #expect(try await RetrievalStage(folder: folder.path).octets(server.url) == body)
        #expect(server.requests.count == 2)
    }

    /// As two processes would: each has its own memory, and all they share is the folder.
    @Test func oneFolderForTwo() async throws {
        let folder = try TemporaryFolder()
        let server = try WebPeer { request, before in
            // Of the same URL something new each time, in two sizes.
            let size = before % 7 == 0 ? TransferLimits.held + before : 100 + before
            return WebPeer.answer(
                [UInt8](repeating: UInt8(truncatingIfNeeded: before), count: size),
                fields: ["Cache-Control: \(request.path.contains("0") ? "max-age=100" : "no-cache")"])
        }
        defer { server.stop() }
        let stages = try (0..<4).map { _ in try RetrievalStage(folder: folder.path) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<160 {
                let stage = stages[number % 4]
                group.addTask {
                    let body = try await stage.octets(server.url + "/\(number / 16)")
                    #expect(body.count >= 100 && Set(body).count == 1)
                }
            }
            try await group.waitForAll()
        }
        for stage in stages { await stage.retriever.close() }
        // Every file is whole, and none is left half made.
        let cache = try CacheFolder(folder.path)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/entries")
        #expect(names.count == 10)
        for name in names { #expect(cache.entry(name) != nil) }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "bodies", "entries",
            ])
    }

    @Test func leastRecentlyUsedGoes() throws {
        let folder = try TemporaryFolder()
        let cache = try CacheFolder(folder.path, .init(octets: 8000, files: 4096))
        func entry(_ number: UInt8) -> CacheEntry {
            CacheEntry(
                url: "http://a/\(number)", octets: Octets([UInt8](repeating: number, count: 1000)),
                at: Self.now,
                lifetime: 100)
        }
        for number in 0..<6 as Range<UInt8> {
            cache.keep(entry(number), "\(number)", nil)
            // Files of one moment have no order.
            let long = timeval(tv_sec: 1000 + Int(number), tv_usec: 0)
            utimes(folder.path + "/bodies/\(entry(number).octets.sha256)", [long, long])
        }
        cache.touch(entry(0), "0")
        for number in 6..<10 as Range<UInt8> { cache.keep(entry(number), "\(number)", nil) }
        // A body that is gone makes its entry none.
        let left = (0..<10).filter { cache.entry("\($0)") != nil }
        #expect(left == [0] + Array(10 - left.count + 1..<10) && (6...8).contains(left.count))
    }

    @Test func unusableFolder() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("file", "text")
        #expect(throws: CacheFolderUnusable.self) { _ = try RetrievalStage(folder: file + "/cache") }
    }

    struct Life: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var fields: [String: String]
        var kind = Wanted.Kind.crl
        /// Nil: not stored.
        var seconds: Int64?
    }

    private static let date = "Mon, 21 Sep 2026 14:13:20 GMT"

    @Test(arguments: [
        Life(testDescription: "max-age", fields: ["cache-control": "max-age=60"], seconds: 60),
        Life(
            testDescription: "quoted, in capitals", fields: ["cache-control": "Public, Max-Age=\"60\""],
            seconds: 60),
        Life(
            testDescription: "max-age before Expires",
            fields: ["cache-control": "max-age=60", "expires": "0"], seconds: 60),
        Life(
            testDescription: "the age is past", fields: ["cache-control": "max-age=60", "age": "50"],
            seconds: 10),
        Life(
            testDescription: "older than it may be", fields: ["cache-control": "max-age=60", "age": "61"],
            seconds: 0),
        Life(testDescription: "not a number", fields: ["cache-control": "max-age=soon"], seconds: 0),
        Life(testDescription: "negative", fields: ["cache-control": "max-age=-1"], seconds: 0),
        Life(testDescription: "no-store", fields: ["cache-control": "max-age=60, no-store"], seconds: nil),
        Life(testDescription: "no-cache", fields: ["cache-control": "no-cache, max-age=60"], seconds: 0),
        Life(testDescription: "Vary", fields: ["vary": "*"], seconds: 0),
        Life(
            testDescription: "Expires against Date",
            fields: ["date": date, "expires": "Mon, 21 Sep 2026 14:15:00 GMT"], seconds: 100),
        Life(
            testDescription: "Expires against our clock",
            fields: ["expires": "Mon, 21 Sep 2026 14:15:00 GMT"], seconds: 100),
        Life(
            testDescription: "expired", fields: ["date": date, "expires": "Mon, 21 Sep 2026 14:00:00 GMT"],
            seconds: 0),
        Life(testDescription: "Expires is no date", fields: ["expires": "0"], seconds: 0),
        Life(
            testDescription: "a tenth of its age",
            fields: ["date": date, "last-modified": "Mon, 21 Sep 2026 12:33:20 GMT"], seconds: 600),
        Life(
            testDescription: "of the future",
            fields: ["date": date, "last-modified": "Mon, 21 Sep 2026 18:00:00 GMT"], seconds: 0),
        Life(testDescription: "nothing said, CRL", fields: [:], seconds: 900),
        Life(testDescription: "nothing said, OCSP", fields: [:], kind: .ocsp, seconds: 300),
        Life(testDescription: "nothing said, issuer", fields: [:], kind: .issuer, seconds: 3600),
        Life(testDescription: "a year, CRL", fields: ["cache-control": "max-age=31536000"], seconds: 14_400),
        Life(
            testDescription: "a year, OCSP", fields: ["cache-control": "max-age=31536000"], kind: .ocsp,
            seconds: 3600),
        Life(
            testDescription: "a year, issuer", fields: ["cache-control": "max-age=31536000"], kind: .issuer,
            seconds: 86_400),
    ])
    func lifetime(_ life: Life) {
        let headers = AnswerHeaders(status: 200, life.fields)
        #expect(Freshness.lifetime(headers, life.kind, now: Self.now) == life.seconds)
    }
}
