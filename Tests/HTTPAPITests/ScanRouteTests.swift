import Fixtures
import Foundation
import HTTPAPI
import JSON
import NIOCore
import NIOPosix
import Synchronization
import Testing

/// `POST /v1/scan` over a real socket.
@Suite struct ScanRouteTests {
    private static let json = "Content-Type: application/json"
    private static let lines = "Accept: application/x-ndjson"

    private static func quoted(_ pem: String) -> String { pem.replacing("\n", with: "\\n") }

    private static func scan(
        _ body: String, headers: [String] = [json], query: String = "", port: Int
    ) async throws -> RawResponse {
        try await RawClient.send(
            "POST", "/v1/scan" + query, port: port, headers: headers, body: Array(body.utf8))
    }

    /// The reports of a whole answer, in its order.
    private static func reports(_ answer: RawResponse) throws -> [JSONObject] {
        let body = try dechunked(Array(answer.body.utf8))
        if answer.headers["content-type"] == "application/x-ndjson" {
            return try body.split(separator: 0x0A).map { try #require(JSONParser.parse(Array($0)).object) }
        }
        let array = try #require(JSONParser.parse(body).array)
        return try array.map { try #require($0.object) }
    }

    static func dechunked(_ body: [UInt8]) throws -> [UInt8] {
        var (out, rest) = ([UInt8](), body[...])
        while let end = rest.firstIndex(of: 0x0D) {
            let size = try #require(Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16))
            if size == 0 { return out }
            out += rest[(end + 2)..<(end + 2 + size)]
            rest = rest[(end + 4 + size)...]
        }
        Issue.record("the answer broke off")
        return out
    }

    /// Real TLS servers, certificates, a peer that hangs and a row that is none, in one call.
    @Test(.timeLimit(.minutes(1))) func everyKindOfRow() async throws {
        let (good, expired) = (StandardChains.good(), StandardChains.expiredLeaf())
        let (first, second) = try await (
            OpenSSLServer(good.presented), OpenSSLServer(expired.presented, arguments: ["-tls1_2"])
        )
        defer {
            first.stop()
            second.stop()
        }
        let silent = try SilentPeer()
        let body = """
            {"timeout": "5s", "name": "www.example.com", "targets": [
              {"target": "127.0.0.1:\(silent.port)", "timeout": "3s"}, "127.0.0.1:\(first.port)",
              {"host": "127.0.0.1", "port": \(second.port)}, "127.0.0.1:\(first.port)",
              {"pem": "\(Self.quoted(good.pem))"}, "127.1", 7, {"target": "a.example", "stores": ["nobody"]}]}
            """
        let expected: [(verdict: String, reason: String?)] = [
            ("unreachable", "timeout"), ("trusted", nil), ("untrusted", "validity_ended"), ("trusted", nil),
            ("trusted", nil), ("indeterminate", "target_malformed"), ("indeterminate", "value_malformed"),
            ("indeterminate", "unknown_store"),
        ]
        try await withServer { port in
            for form in ["application/x-ndjson", "application/json"] {
                let answer = try await Self.scan(body, headers: [Self.json, "Accept: \(form)"], port: port)
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == form)
                #expect(answer.headers["cache-control"] == "no-store")
                #expect(answer.headers["content-length"] == nil)
                let reports = try Self.reports(answer)
                let rows = reports.compactMap { $0["row"]?.int }
                // The hung one is the last to end.
                if form == "application/x-ndjson" {
                    #expect(rows.last == 0)
                } else {
                    #expect(rows == Array(0..<8))
                }
                #expect(rows.sorted() == Array(0..<8))
                for report in reports {
                    let row = try #require(report["row"]?.int)
                    #expect(report["verdict"]?.string == expected[row].verdict, "row \(row)")
                    let finding = report["findings"]?.array?.first?.object
                    if let reason = expected[row].reason {
                        #expect(finding?["reason"]?.string == reason, "row \(row)")
                    }
                    if row >= 5 { #expect(finding?["check"]?.string == "input.target") }
                }
                #expect(Set(reports.compactMap { $0["id"]?.string }).count == 8)
            }
        }
    }

    /// The report of a row is that of a check alone, but for the row, its id and the time it took.
    @Test func aRowIsACheck() async throws {
        let server = try await OpenSSLServer(StandardChains.good().presented)
        defer { server.stop() }
        let options = #""target":"127.0.0.1:\#(server.port)","name":"www.example.com","include":["checks"]"#
        try await withServer { port in
            let scanned = try await Self.scan(#"{"targets":[{\#(options)}]}"#, port: port)
            let checked = try await RawClient.send(
                "POST", "/v1/check", port: port, headers: [Self.json], body: Array("{\(options)}".utf8))
            let row = try #require(Self.reports(scanned).first)
            let alone = try #require(JSONParser.parse(Array(checked.body.utf8)).object)
            #expect(row.members.map(\.name).filter { $0 != "row" } == alone.members.map(\.name))
            for member in alone.members where !["id", "handshake"].contains(member.name) {
                #expect(row[member.name] == member.value, "\(member.name)")
            }
        }
    }

    @Test func fieldsAndAcceptance() async throws {
        let pem = Self.quoted(StandardChains.good().pem)
        let body = #"{"targets":[{"pem":"\#(pem)"}],"fields":["row","state"]}"#
        try await withServer { port in
            let cut = try await Self.scan(body, headers: [Self.json, Self.lines], port: port)
            #expect(
                try Self.dechunked(Array(cut.body.utf8)) == Array("{\"row\":0,\"state\":\"warning\"}\n".utf8))
            for (accept, type) in [
                ("*/*", "application/json"), ("application/x-ndjson, */*", "application/x-ndjson"),
                ("application/x-ndjson;q=0.5, application/json", "application/json"),
                ("text/html, application/*;q=0.1", "application/json"),
                ("text/plain, */*;q=0.5", "text/plain; charset=utf-8"),
            ] {
                let answer = try await Self.scan(body, headers: [Self.json, "Accept: \(accept)"], port: port)
                #expect(answer.headers["content-type"] == type, "\(accept)")
            }
            let none = try await Self.scan(body, headers: [Self.json, "Accept: image/png"], port: port)
            #expect(none.status == 406 && none.body.contains("not_acceptable"))
            let empty = try await Self.scan(#"{"targets":[]}"#, port: port)
            #expect(try Self.dechunked(Array(empty.body.utf8)) == Array("[\n]\n".utf8))
        }
    }

    /// Two thousand rows with a chain each: 7 MB in, 15 MB out, in their order.
    @Test(.timeLimit(.minutes(2))) func thousandsOfRowsWithCertificates() async throws {
        let chains = [StandardChains.good(), StandardChains.expiredLeaf(), StandardChains.untrustedRoot()]
        let verdicts = ["trusted", "untrusted", "untrusted"]
        let rows = (0..<2_000).map { #"{"pem":"\#(Self.quoted(chains[$0 % 3].pem))"}"# }
        let body = #"{"name":"www.example.com","targets":[\#(rows.joined(separator: ","))]}"#
        try await withServer { port in
            let reports = try Self.reports(try await Self.scan(body, port: port))
            #expect(reports.compactMap { $0["row"]?.int } == Array(0..<2_000))
            #expect(reports.enumerated().allSatisfy { $1["verdict"]?.string == verdicts[$0 % 3] })
        }
    }

    static let bad: [(body: String, query: String, status: Int, code: String, pointer: String?)] = [
        ("", "", 400, "empty_body", nil),
        ("[]", "", 400, "json_malformed", ""),
        ("{\"targets\":[", "", 400, "json_malformed", nil),
        ("{}", "", 400, "option_missing", "/targets"),
        (#"{"targets":"a.example"}"#, "", 422, "value_malformed", "/targets"),
        (#"{"targets":[],"targets":[]}"#, "", 400, "json_malformed", "/targets"),
        (#"{"targets":[],"nmae":"a"}"#, "", 400, "unknown_option", "/nmae"),
        (#"{"targets":[],"target":"a"}"#, "", 400, "unknown_option", "/target"),
        (#"{"targets":[],"expect":"ok"}"#, "", 400, "unknown_option", "/expect"),
        (#"{"targets":[],"timeout":"1h"}"#, "", 422, "duration_malformed", "/timeout"),
        (#"{"targets":[],"stores":["nobody"]}"#, "", 422, "unknown_store", "/stores"),
        (#"{"targets":[]}"#, "?stores=nobody", 422, "unknown_store", nil),
        (#"{"targets":[],"warn":"9d"}"#, "?warn=8d", 400, "option_conflict", "/warn"),
        (#"{"targets":["a","b","c","d"]}"#, "", 413, "too_many_rows", "/targets"),
    ]

    @Test func whatFailsTheWhole() async throws {
        var limits = APILimits()
        limits.rows = 3
        try await withServer(limits: limits) { port in
            for c in Self.bad {
                let answer = try await Self.scan(c.body, query: c.query, port: port)
                #expect(answer.status == c.status, "\(c.body)")
                #expect(answer.headers["content-type"] == "application/problem+json")
                let problem = try #require(JSONParser.parse(Array(answer.body.utf8)).object)
                #expect(problem["code"]?.string == c.code, "\(c.body)")
                guard let pointer = c.pointer else { continue }
                let place = problem["errors"]?.array?.first?.object?["pointer"]?.string
                #expect(place == pointer, "\(c.body)")
            }
            let form = try await Self.scan("a=b", headers: ["Content-Type: text/plain"], port: port)
            #expect(form.status == 415 && form.headers["accept-post"] == "application/json")
            let get = try await RawClient.send("GET", "/v1/scan", port: port)
            #expect(get.status == 405 && get.headers["allow"] == "POST")
        }
    }

    /// While nobody reads, the scan stands still; then it goes on and every row is answered.
    @Test(.timeLimit(.minutes(2))) func aSlowReaderSlowsTheScan() async throws {
        let peer = try await CountingPeer()
        // Each report names them all, so that 1,000 of them fill any buffer: 25 MB.
        let names = (0..<100).map {
            "\"n\($0)." + String(repeating: "\(String(repeating: "x", count: 59)).", count: 4) + "example\""
        }
        let rows = Array(repeating: "\"127.0.0.1:\(peer.port)\"", count: 1_000).joined(separator: ",")
        let body = #"{"name":[\#(names.joined(separator: ","))],"targets":[\#(rows)]}"#
        var limits = APILimits()
        limits.concurrency = 20
        try await withServer(limits: limits) { port in
            let reader = try await SlowReader(Self.lines, body, port: port)
            // Until it makes no more progress.
            var (before, quiet) = (-1, 0)
            while quiet < 10 {
                let now = peer.seen
                quiet = now == before && now > 0 ? quiet + 1 : 0
                before = now
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(before < 900)
            let answer = try RawResponse(String(decoding: await reader.rest(), as: UTF8.self))
            #expect(try Self.reports(answer).compactMap { $0["row"]?.int }.sorted() == Array(0..<1_000))
            #expect(peer.seen >= 1_000)
        }
    }

    /// A reader who leaves ends the scan: the server is drained long before the peers' time-out.
    @Test(.timeLimit(.minutes(1))) func aReaderWhoLeaves() async throws {
        let silent = try SilentPeer()
        let rows = Array(repeating: "\"127.0.0.1:\(silent.port)\"", count: 300).joined(separator: ",")
        let pem = Self.quoted(StandardChains.good().pem)
        let body = #"{"timeout":"60s","targets":[{"pem":"\#(pem)"},\#(rows)]}"#
        let began = ContinuousClock.now
        try await withServer { port in
            let reader = try await SlowReader(Self.lines, body, port: port)
            try await reader.firstBytes()
            reader.leave()
        }
        #expect(ContinuousClock.now - began < .seconds(30))
    }
}

/// A peer that closes every connection at once and counts them.
private final class CountingPeer: Sendable {
    private let count = Counter()
    private let channel: any Channel
    var port: Int { channel.localAddress?.port ?? 0 }
    var seen: Int { count.value.load(ordering: .relaxed) }

    private final class Counter: Sendable { let value = Atomic<Int>(0) }

    init() async throws {
        let count = count
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelInitializer { channel in
                count.value.add(1, ordering: .relaxed)
                return channel.close()
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    deinit { channel.close(promise: nil) }
}
