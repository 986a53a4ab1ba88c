import Fixtures
import HTTPAPI
import JSON
import Testing

/// `POST /v1/scan?format=…` over a real socket.
@Suite struct ScanFormatTests {
    private static let header =
        "target,host,port,address,state,verdict,conforms,first_break,first_break_cause,leaf_sha256,"
        + "leaf_not_after,issuer,renewal_due,summary\n"

    private static func scan(
        _ body: String, _ query: String, accept: String = "*/*", port: Int
    ) async throws -> (type: String?, status: Int, body: String) {
        let answer = try await RawClient.send(
            "POST", "/v1/scan" + query, port: port,
            headers: ["Content-Type: application/json", "Accept: \(accept)"], body: Array(body.utf8))
        let whole = answer.status == 200 ? try ScanRouteTests.dechunked(Array(answer.body.utf8)) : []
        let text = answer.status == 200 ? String(decoding: whole, as: UTF8.self) : answer.body
        return (answer.headers["content-type"], answer.status, text)
    }

    /// Two names at one address, a third row that asks what the first does, certificates, and rows that are
    /// none.
    private static func rows(_ port: UInt16) -> String {
        let pem = StandardChains.expiredLeaf().pem.replacing("\n", with: "\\n")
        let target = "127.0.0.1:\(port)"
        return #"""
            {"targets":[{"target":"\#(target)","name":"www.example.com"},"\#(target)",
            {"host":"127.0.0.1","port":\#(port),"name":"www.example.com"},
            {"pem":"\#(pem)","name":"www.example.com"},"127.1","a\"b\n\u001bc",{"port":5}]}
            """#
    }

    private static func withScan(
        _ body: @Sendable @escaping (Int, UInt16, String) async throws -> Void
    ) async throws {
        let server = try await OpenSSLServer(StandardChains.good().presented)
        defer { server.stop() }
        let rows = rows(server.port)
        try await withServer { port in try await body(port, server.port, rows) }
    }

    @Test(.timeLimit(.minutes(1))) func linesOfEveryKind() async throws {
        try await Self.withScan { port, peer, rows in
            let csv = try await Self.scan(rows, "?format=csv", port: port)
            #expect(csv.type == "text/csv; charset=utf-8; header=present")
            let cells = csv.body.split(separator: "\n")
            #expect(cells.first.map { $0 + "\n" } == Self.header[...])
            #expect(cells.count == 8)
            #expect(cells.count { $0.hasPrefix("127.0.0.1:\(peer),127.0.0.1,\(peer),127.0.0.1,") } == 3)
            #expect(cells.contains { $0.hasPrefix("127.1,,,,critical,indeterminate,") })
            // What was written as a target neither ends the cell nor the line.
            #expect(cells.contains { $0.hasPrefix(#""a""b\u{a}\u{1b}c",,,,critical,"#) })
            #expect(cells.contains { $0.hasPrefix("/targets/6,,,,critical,") })

            let nagios = try await Self.scan(rows, "?format=nagios", port: port)
            #expect(nagios.type == "text/plain; charset=utf-8")
            #expect(nagios.body.split(separator: "\n").count == 7)
            #expect(nagios.body.split(separator: "\n").allSatisfy { $0.hasPrefix("SSL_CERT ") })

            for (query, accept) in [("?format=text", "application/json"), ("", "text/plain")] {
                let text = try await Self.scan(rows, query, accept: accept, port: port)
                #expect(text.type == "text/plain; charset=utf-8")
                let lines = text.body.split(separator: "\n")
                #expect(lines.count == 7)
                #expect(lines.contains { $0.hasPrefix("CRITICAL  127.1  ") })
                #expect(lines.count { $0.hasPrefix("WARNING   127.0.0.1:\(peer)  ") } == 2)
            }
        }
    }

    /// Zabbix's JSON does not name its target: the order does.
    @Test func zabbixIsInOrder() async throws {
        try await Self.withScan { port, _, rows in
            let answer = try await Self.scan(rows, "?format=zabbix", port: port)
            #expect(answer.type == "application/x-ndjson")
            let values = try answer.body.split(separator: "\n").map { line in
                try #require(JSONParser.parse(Array(line.utf8)).object)["result"]?.object?["value"]?.string
            }
            #expect(values == ["valid", "invalid", "valid"] + Array(repeating: "invalid", count: 4))
        }
    }

    @Test func metricsAreToldApart() async throws {
        try await Self.withScan { port, peer, rows in
            let answer = try await Self.scan(rows, "?format=prometheus", port: port)
            #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
            try Promtool.check(metrics: answer.body, "scan")
            let states = answer.body.split(separator: "\n").filter { $0.hasPrefix("catenary_state{") }
            let target = "target=\"127.0.0.1:\(peer)\""
            #expect(
                states == [
                    "catenary_state{\(target),name=\"www.example.com\"} 1",
                    "catenary_state{\(target)} 2",
                    "catenary_state{\(target),name=\"www.example.com\",row=\"2\"} 1",
                    "catenary_state{target=\"www.example.com\"} 2",
                    "catenary_state{target=\"127.1\"} 2",
                    #"catenary_state{target="a\"b\n\\u{1b}c"} 2"#,
                    "catenary_state{target=\"/targets/6\"} 2",
                ])
            // A family stands in one piece, and no series twice.
            let lines = answer.body.split(separator: "\n")
            #expect(lines.count { $0.hasPrefix("# TYPE catenary_state ") } == 1)
            let series = lines.filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != "}" } }
            #expect(Set(series).count == series.count)
        }
    }

    @Test func junitHasASuiteARow() async throws {
        try await Self.withScan { port, peer, rows in
            let answer = try await Self.scan(rows, "?format=junit", port: port)
            #expect(answer.type == "application/xml")
            let suites = answer.body.matches(of: /<testsuite name="([^"]*)"/).map { String($0.1) }
            let target = "127.0.0.1:\(peer)"
            #expect(
                suites == [
                    target, target, target, "www.example.com", "127.1", "a&quot;b\\u{a}\\u{1b}c",
                    "/targets/6",
                ])
            #expect(answer.body.contains("<failure type=\"target_malformed\""))
            #expect(answer.body.hasSuffix("</testsuites>\n"))
        }
    }

    /// Of JSON the Accept field says which form; no row at all is still a document.
    @Test func formatsAndAcceptance() async throws {
        try await withServer { port in
            let none = #"{"targets":[]}"#
            for (query, accept, type, body) in [
                ("?format=json", "application/x-ndjson", "application/x-ndjson", ""),
                ("?format=json", "text/plain", "application/json", "[\n]\n"),
                ("?format=csv", "image/png", "text/csv; charset=utf-8; header=present", Self.header),
                ("?format=prometheus", "*/*", "text/plain; version=0.0.4; charset=utf-8", ""),
                ("?format=nagios", "*/*", "text/plain; charset=utf-8", ""),
            ] {
                let answer = try await Self.scan(none, query, accept: accept, port: port)
                #expect(answer.status == 200 && answer.type == type && answer.body == body, "\(query)")
            }
            let inBody = try await Self.scan(#"{"targets":[],"format":"junit"}"#, "", port: port)
            #expect(inBody.body.hasSuffix("skipped=\"0\">\n</testsuites>\n"))
            let twice = try await Self.scan(#"{"targets":[],"format":"junit"}"#, "?format=csv", port: port)
            #expect(twice.status == 400 && twice.body.contains("option_conflict"))
            let unknown = try await Self.scan(none, "?format=yaml", port: port)
            #expect(unknown.status == 422 && unknown.body.contains("value_malformed"))
            let ofARow = try await Self.scan(
                #"{"targets":[{"target":"a.example","format":"csv"}]}"#, "", port: port)
            #expect(ofARow.body.contains("\"reason\":\"unknown_option\""))
        }
    }

    /// What must be held until the last row is there has a limit of its own.
    @Test func wholeFormsTakeFewerRows() async throws {
        var limits = APILimits()
        limits.wholeRows = 2
        try await withServer(limits: limits) { port in
            let rows = #"{"targets":["127.1","127.2","127.3"]}"#
            for (format, status) in [("prometheus", 413), ("junit", 413), ("csv", 200), ("zabbix", 200)] {
                let answer = try await Self.scan(rows, "?format=\(format)", port: port)
                #expect(answer.status == status, "\(format)")
                guard status == 413 else { continue }
                let problem = try #require(JSONParser.parse(Array(answer.body.utf8)).object)
                #expect(problem["code"]?.string == "too_many_rows")
                #expect(problem["errors"]?.array?.first?.object?["pointer"]?.string == "/targets")
            }
        }
    }

    /// A row of CSV is there while others still hang, and who leaves then ends the scan.
    @Test(.timeLimit(.minutes(1))) func csvStreams() async throws {
        let silent = try SilentPeer()
        let body = #"{"timeout":"60s","format":"csv","targets":["127.0.0.1:\#(silent.port)","127.1"]}"#
        let began = ContinuousClock.now
        try await withServer { port in
            let reader = try await SlowReader("Accept: */*", body, port: port)
            try await reader.firstBytes()
            reader.leave()
        }
        #expect(ContinuousClock.now - began < .seconds(30))
    }
}
