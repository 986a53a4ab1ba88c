import Fixtures
import Foundation
import Reports
import Testing

@testable import Retrieval

/// RFC 6960 appendix A.1: GET while short, else POST, and POST where GET is not understood.
@Suite(.timeLimit(.minutes(2))) struct OCSPTransportTests {
    private static let answer: [UInt8] = [0x30, 3, 0x0A, 1, 6]
    private static let fields = ["Content-Type: application/ocsp-response"]
    /// Its base64 has all three characters that a path may not have.
    private static let request: [UInt8] = [0xFB, 0xFF, 0xFE, 0xFB]

    @Test(arguments: ["", "/", "/ocsp", "/ocsp/"]) func short(_ path: String) async throws {
        let server = try WebPeer { _, _ in WebPeer.answer(Self.answer, fields: Self.fields) }
        defer { server.stop() }
        let octets = try await RetrievalStage().octets(server.url + path, .ocsp, request: Self.request)
        #expect(octets == Self.answer)
        let asked = try #require(server.requests.first)
        #expect(asked.method == "GET")
        let prefix = path.hasSuffix("/") ? path : path + "/"
        #expect(asked.path == prefix + "%2B%2F%2F%2B%2Bw%3D%3D")
        #expect(server.requests.count == 1)
    }

    /// The whole URL counts.
    @Test(arguments: [0, 1]) func bound(_ more: Int) async throws {
        let server = try WebPeer { _, _ in WebPeer.answer(Self.answer, fields: Self.fields) }
        defer { server.stop() }
        // Three octets are four characters that need no escape.
        let request = [UInt8](repeating: 0x69, count: 90)
        let path = String(repeating: "a", count: 255 - server.url.utf8.count - 2 - 120 + more)
        let stage = try RetrievalStage()
        #expect(try await stage.octets(server.url + "/" + path, .ocsp, request: request) == Self.answer)
        #expect(server.requests.map(\.method) == [more == 0 ? "GET" : "POST"])
    }

    @Test func aQueryCannotBeAppendedTo() async throws {
        let server = try WebPeer { _, _ in WebPeer.answer(Self.answer, fields: Self.fields) }
        defer { server.stop() }
        let stage = try RetrievalStage()
        #expect(try await stage.octets(server.url + "/?a=b", .ocsp, request: [1]) == Self.answer)
        let asked = try #require(server.requests.first)
        #expect(asked.method == "POST" && asked.path == "/?a=b" && asked.body == [1])
        #expect(asked.fields["content-type"] == "application/ocsp-request")
    }

    struct Misunderstood: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var steps: [WebPeer.Step]
    }

    @Test(arguments: [
        Misunderstood(testDescription: "404", steps: WebPeer.answer(status: 404)),
        Misunderstood(testDescription: "405", steps: WebPeer.answer(status: 405)),
        Misunderstood(testDescription: "500", steps: WebPeer.answer(answer, status: 500, fields: fields)),
        Misunderstood(
            testDescription: "a page", steps: WebPeer.answer([1], fields: ["Content-Type: text/html"])),
        Misunderstood(testDescription: "no type", steps: WebPeer.answer(answer)),
        Misunderstood(
            testDescription: "malformedRequest",
            steps: WebPeer.answer([0x30, 3, 0x0A, 1, 1], fields: fields)),
    ])
    func postAfterGet(_ misunderstood: Misunderstood) async throws {
        let server = try WebPeer { request, _ in
            request.method == "GET" ? misunderstood.steps : WebPeer.answer(Self.answer, fields: Self.fields)
        }
        defer { server.stop() }
        let octets = try await RetrievalStage().octets(server.url, .ocsp, request: Self.request)
        #expect(octets == Self.answer)
        #expect(server.requests.map(\.method) == ["GET", "POST"])
        #expect(server.requests.last?.body == Self.request && server.requests.last?.path == "/")
    }

    /// The status is looked at after POST, too; the type no more: who judges sees what it is.
    @Test func afterPostTheStatusDecides() async throws {
        let server = try WebPeer { request, _ in
            WebPeer.answer([1], status: request.path == "/bad" || request.method == "GET" ? 403 : 200)
        }
        defer { server.stop() }
        let stage = try RetrievalStage()
        #expect(try await stage.octets(server.url, .ocsp, request: Self.request) == [1])
        #expect(await stage.fetch(server.url + "/bad", .ocsp, request: Self.request).failure == .status)
    }

    /// 307 and 308 keep the method; the others would make it a GET without its question.
    @Test(arguments: [301, 302, 303, 307, 308]) func redirectedPost(_ status: Int) async throws {
        let server = try WebPeer { request, _ in
            request.path.hasPrefix("/?")
                ? WebPeer.answer(status: status, fields: ["Location: /new"])
                : WebPeer.answer(Self.answer, fields: Self.fields)
        }
        defer { server.stop() }
        let fetched = try await RetrievalStage().fetch(server.url + "/?a", .ocsp, request: Self.request)
        if status >= 307 {
            #expect(try fetched.result.get().array == Self.answer)
            #expect(server.requests.last?.body == Self.request && server.requests.last?.method == "POST")
        } else {
            #expect(fetched.failure == .status && server.requests.count == 1)
        }
    }
}
