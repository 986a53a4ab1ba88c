import HTTPAPI
import Testing

/// The rules of one connection, spoken to octet by octet.
@Suite struct ConnectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var request: String
        var status: Int
        var code: String
        var halfClose = false

        init(_ name: String, _ request: String, _ status: Int, _ code: String, halfClose: Bool = false) {
            (testDescription, self.request, self.status) = (name, request, status)
            (self.code, self.halfClose) = (code, halfClose)
        }
    }

    static let refused = [
        Case("no Host", "GET / HTTP/1.1\r\n\r\n", 400, "host_invalid"),
        Case("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "host_invalid"),
        Case(
            "length and coding",
            "POST /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "request_malformed"),
        Case(
            "coding in HTTP/1.0",
            "POST /v1/validate HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400, "request_malformed"),
        Case(
            "identity, chunked",
            "POST /v1/validate HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n"
                + "0\r\n\r\n", 501, "transfer_coding_unknown"),
        Case(
            "two lengths",
            "POST /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            400, "request_malformed"),
        Case("not HTTP", "\u{16}\u{3}\u{1}\r\n\r\n", 501, "method_unknown"),
        Case("unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method_unknown"),
        Case("HTTP/3.0", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505, "version_unsupported"),
        Case(
            "long target", "GET /?\(String(repeating: "a", count: 8001)) HTTP/1.1\r\nHost: a\r\n\r\n", 414,
            "target_too_long"),
        Case(
            "large field", "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 17_000))\r\n\r\n",
            431,
            "header_too_large"),
        Case(
            "many fields",
            "GET / HTTP/1.1\r\nHost: a\r\n" + (0..<101).map { "X\($0): a\r\n" }.joined() + "\r\n", 431,
            "header_too_large"),
        Case(
            "declared length above the limit, and no 100 Continue",
            "POST /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Length: 10485760\r\n"
                + "Expect: 100-continue\r\n\r\n",
            413,
            "body_too_large"),
        Case(
            "Content-Encoding",
            "POST /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
                + "Content-Length: 4\r\n\r\nabcd", 415, "content_coding_unsupported"),
        Case(
            "Expect", "POST /v1/validate HTTP/1.1\r\nHost: a\r\nExpect: magic\r\nContent-Length: 0\r\n\r\n",
            417,
            "expectation_unknown"),
        Case("ends within the header", "GET / HTTP/1.1\r\nHo", 400, "request_malformed", halfClose: true),
        Case(
            "ends within the body",
            "POST /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 9\r\n\r\n{}", 400, "body_malformed", halfClose: true),
        Case(
            "broken chunk",
            "POST /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "body_malformed"),
    ]

    @Test(arguments: refused) func refusal(_ c: Case) async throws {
        try await withServer { port in
            let answer = try await RawResponse(
                RawClient.exchange(c.request, port: port, halfClose: c.halfClose))
            #expect(answer.status == c.status)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.headers["connection"] == "close")
            #expect(answer.body.contains("\"code\":\"\(c.code)\""))
            #expect(answer.headers["x-request-id"].map { answer.body.contains($0) } == true)
            #expect(answer.rest.isEmpty)
            // The server lives on.
            #expect(try await RawClient.send("GET", "/healthz", port: port).status == 200)
        }
    }

    @Test func tenMegabytesAreRefusedReadably() async throws {
        try await withServer { port in
            let body = [UInt8](repeating: 0x61, count: 10 << 20)
            let answer = try await RawClient.send(
                "POST", "/v1/validate", port: port, headers: ["Content-Type: text/plain"], body: body)
            #expect(answer.status == 413)
            #expect(answer.body.contains("\"code\":\"body_too_large\""))
        }
    }

    /// Without a declared length the limit is met on the way.
    @Test func tenMegabytesInChunksAreRefused() async throws {
        try await withServer { port in
            let chunk = "10000\r\n" + String(repeating: "a", count: 0x10000) + "\r\n"
            let request =
                "POST /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + String(repeating: chunk, count: 160) + "0\r\n\r\n"
            let answer = try await RawResponse(RawClient.exchange(request, port: port))
            #expect(answer.status == 413)
            #expect(answer.body.contains("\"code\":\"body_too_large\""))
        }
    }

    @Test func slowHeader() async throws {
        var limits = APILimits()
        limits.headerTime = .milliseconds(50)
        try await withServer(limits: limits) { port in
            let answer = try await RawResponse(RawClient.exchange("GET / HTTP/1.1\r\nHo", port: port))
            #expect(answer.status == 408)
            #expect(answer.body.contains("\"code\":\"header_timeout\""))
        }
    }

    @Test func slowBody() async throws {
        var limits = APILimits()
        limits.bodyTime = .milliseconds(50)
        try await withServer(limits: limits) { port in
            let request =
                "POST /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                + "Content-Length: 5\r\n\r\nab"
            let answer = try await RawResponse(RawClient.exchange(request, port: port))
            #expect(answer.status == 408)
            #expect(answer.body.contains("\"code\":\"body_timeout\""))
        }
    }

    @Test func continueIsSentWhenTheBodyIsWanted() async throws {
        try await withServer { port in
            let request =
                "POST /v1/validate HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                + "Expect: 100-continue\r\n"
                + "Connection: close\r\nContent-Length: 2\r\n\r\nab"
            let interim = try await RawResponse(RawClient.exchange(request, port: port))
            #expect(interim.status == 100)
            #expect(try RawResponse(interim.rest).status == 422)
        }
    }

    /// A refusal waits for the answers before it.
    @Test func pipelinedAnswersKeepTheirOrder() async throws {
        try await withServer { port in
            let good = "GET /v1/version HTTP/1.1\r\nHost: a\r\n\r\n"
            let first = try await RawResponse(
                RawClient.exchange(good + good + "GET / HTTP/1.1\r\n\r\n" + good, port: port))
            #expect(first.status == 200)
            let second = try RawResponse(first.rest)
            #expect(second.status == 200)
            let third = try RawResponse(second.rest)
            #expect(third.status == 400)
            #expect(third.body.contains("\"code\":\"host_invalid\""))
            #expect(third.rest.isEmpty)
        }
    }

    @Test func aConnectionServesSoManyRequests() async throws {
        var limits = APILimits()
        limits.requestsPerConnection = 2
        try await withServer(limits: limits) { port in
            let get = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
            let first = try await RawResponse(RawClient.exchange(get + get + get, port: port))
            #expect(first.headers["connection"] == nil)
            let second = try RawResponse(first.rest)
            #expect(second.headers["connection"] == "close")
            #expect(second.rest.isEmpty)
        }
    }

    /// A client that closed its side and sent a whole request gets its answer.
    @Test func halfClosedClientIsAnswered() async throws {
        try await withServer { port in
            let answer = try await RawResponse(
                RawClient.exchange("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", port: port, halfClose: true))
            #expect(answer.status == 200)
            #expect(answer.body == "ok\n")
        }
    }

    /// An answer that does not need the body does not wait for it and closes.
    @Test func unreadBodiesAreNotDrained() async throws {
        try await withServer { port in
            let request = "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nab"
            let answer = try await RawResponse(RawClient.exchange(request, port: port))
            #expect(answer.status == 404)
            #expect(answer.headers["connection"] == "close")
        }
    }
}
