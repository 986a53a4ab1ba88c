import Certificates
import Counters
import Egress
import Fixtures
import Reports
import Testing

@testable import Retrieval

/// What comes and how it is asked for.
@Suite(.timeLimit(.minutes(2))) struct FetchTests {
    @Test func bodyComes() async throws {
        let body = Array("not really a CRL".utf8)
        let server = try WebPeer { _, _ in WebPeer.answer(body) }
        defer { server.stop() }
        let stage = try RetrievalStage()
        let fetched = await stage.fetch(server.url + "/a.crl?b=c#d")
        #expect(try fetched.result.get().array == body)
        #expect(fetched.at == RetrievalStage.now)
        let request = try #require(server.requests.first)
        #expect(request.method == "GET" && request.path == "/a.crl?b=c")
        // Nothing of this host goes out.
        #expect(request.fields.keys.sorted() == ["accept", "host", "user-agent"])
        #expect(request.fields["user-agent"] == "Catenary" && request.fields["accept"] == "*/*")
        #expect(stage.count("catenary_fetches_total", .init("result", "ok"), .init("kind", "crl")) == 1)
        #expect(stage.count("catenary_fetched_octets_total") == Int64(body.count))
    }

    @Test(arguments: [0, 1, TransferLimits.held, TransferLimits.held + 1, 5 << 20])
    func everySizeComesWhole(_ size: Int) async throws {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let server = try WebPeer { _, _ in WebPeer.answer(body) }
        defer { server.stop() }
        #expect(try await RetrievalStage().octets(server.url) == body)
    }

    @Test(arguments: [201, 204, 206, 301, 400, 401, 404, 410, 500, 503])
    func onlyStatus200Counts(_ status: Int) async throws {
        let server = try WebPeer { _, _ in WebPeer.answer([1, 2, 3], status: status) }
        defer { server.stop() }
        let fetched = try await RetrievalStage().fetch(server.url)
        #expect(fetched.result == .failure(FetchFailure(.status, "HTTP status \(status)")))
    }

    @Test(arguments: [
        "", "nonsense", "//host/path", "ftp://127.0.0.1/a", "file:///etc/passwd", "ldap://127.0.0.1/cn=a?b",
        "gopher://127.0.0.1/1", "dict://127.0.0.1/d", "http://", "http:///path", "http://user@127.0.0.1/",
        "http://user:password@127.0.0.1/", "http://127.0.0.1:0/", "http://127.0.0.1:65536/",
        "http://[fe80::1%25eth0]/", "http://a b/", "http://127.0.0.1/a\r\nHost: b", "http://127.0.0.1/\u{e4}",
        "http://127.0.0.1/" + String(repeating: "a", count: 2048),
    ])
    func whatIsNoURLIsUnsupported(_ url: String) async throws {
        #expect(try await RetrievalStage().failure(url) == .unsupported)
    }
}
