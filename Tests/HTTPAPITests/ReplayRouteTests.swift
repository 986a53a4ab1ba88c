import Fixtures
import JSON
import Testing

/// `POST /v1/replay` and `include=evidence` over a real socket.
@Suite struct ReplayRouteTests {
    private static let json = ["Content-Type: application/json"]

    private static func post(_ path: String, _ body: String, port: Int) async throws -> RawResponse {
        try await RawClient.send("POST", path, port: port, headers: json, body: Array(body.utf8))
    }

    private static func object(_ answer: RawResponse) throws -> JSONObject {
        try #require(JSONParser.parse(Array(answer.body.utf8)).object)
    }

    private static func report(_ port: Int, _ options: String = "") async throws -> String {
        let pem = StandardChains.good().pem.replacing("\n", with: "\\n")
        let answer = try await post(
            "/v1/validate", #"{"pem":"\#(pem)","name":"www.example.com","include":"evidence"\#(options)}"#,
            port: port)
        #expect(answer.status == 200)
        return answer.body
    }

    @Test func theSameAgain() async throws {
        try await withServer { port in
            let report = try await Self.report(port)
            let whole = try await Self.post(
                "/v1/replay", #"{"report":\#(report),"include":["evidence"]}"#, port: port)
            #expect(whole.status == 200 && whole.headers["cache-control"] == "no-store")
            #expect(whole.body == report)
            // The evidence alone, without itself.
            let evidence = try #require(report.range(of: #","evidence":"#))
            let alone = String(report[evidence.upperBound...].dropLast(2))
            let bare = try await Self.post("/v1/replay?format=json", #"{"evidence":\#(alone)}"#, port: port)
            #expect(bare.body == report[..<evidence.lowerBound] + "}\n")
            // A row of a scan stays one.
            let pem = StandardChains.good().pem.replacing("\n", with: "\\n")
            let scanned = try await Self.post(
                "/v1/scan", #"{"include":"evidence","targets":["127.0.0.1:1",{"pem":"\#(pem)"}]}"#, port: port
            )
            for row in String(decoding: try ScanRouteTests.dechunked(Array(scanned.body.utf8)), as: UTF8.self)
                .split(separator: "\n").filter({ $0.hasPrefix("{") || $0.hasPrefix(",{") })
            {
                let row = row.first == "," ? row.dropFirst() : row
                let again = try await Self.post(
                    "/v1/replay", #"{"report":\#(row),"include":"evidence"}"#, port: port)
                #expect(again.body == row + "\n")
            }
        }
    }

    @Test func anotherInstantStoreAndForm() async throws {
        try await withServer { port in
            let report = try await Self.report(port)
            let later = try await Self.post(
                "/v1/replay?expect=ok&fields=verdict,at",
                #"{"report":\#(report),"at":"2027-01-01T00:00:00Z"}"#,
                port: port)
            #expect(later.status == 424)
            #expect(later.body == #"{"at":"2027-01-01T00:00:00Z","verdict":"untrusted"}"# + "\n")
            let corp = try await Self.post(
                "/v1/replay", #"{"report":\#(report),"stores":["corp"]}"#, port: port)
            #expect(try Self.object(corp)["verdict"]?.string == "untrusted")
            let text = try await Self.post("/v1/replay?format=text", #"{"report":\#(report)}"#, port: port)
            #expect(text.headers["content-type"]?.hasPrefix("text/plain") == true)
            #expect(text.body.contains("not checked"))
        }
    }

    @Test func whatCannotBeReplayed() async throws {
        try await withServer { port in
            let report = try await Self.report(port)
            let cases: [(body: String, status: Int, code: String, pointer: String)] = [
                ("{}", 400, "option_missing", "/evidence"),
                (#"{"evidence":{},"report":{}}"#, 400, "option_conflict", "/report"),
                (#"{"evidence":7}"#, 422, "evidence_malformed", "/evidence"),
                (#"{"report":{"verdict":"trusted"}}"#, 422, "evidence_incomplete", "/report/evidence"),
                (#"{"evidence":{"schema":99}}"#, 422, "evidence_schema_unknown", "/evidence/schema"),
                (#"{"report":\#(report),"nmae":"a"}"#, 400, "unknown_option", "/nmae"),
                (#"{"report":\#(report),"target":"a.example"}"#, 400, "unknown_option", "/target"),
                (#"{"report":\#(report),"stores":["mozilla@9"]}"#, 422, "unknown_store", "/stores"),
                (
                    #"{"report":\#(report.replacing(#"["mozilla@1"]"#, with: #"["mozilla@9"]"#))}"#, 422,
                    "unknown_store", "/report/evidence/stores"
                ),
                (
                    #"{"report":\#(report.replacing(#""octets":{"#, with: #""octets":{"0":"","#))}"#, 422,
                    "evidence_malformed", "/report/evidence/octets/0"
                ),
                (
                    #"{"report":\#(report.replacing(#""options":{"#, with: #""options":{"x":1,"#))}"#, 422,
                    "evidence_member_unknown", "/report/evidence/options/x"
                ),
            ]
            for c in cases {
                let answer = try await Self.post("/v1/replay", c.body, port: port)
                #expect(answer.status == c.status, "\(c.code) \(c.pointer)")
                let problem = try Self.object(answer)
                #expect(problem["code"]?.string == c.code, "\(c.pointer)")
                #expect(
                    problem["errors"]?.array?.first?.object?["pointer"]?.string == c.pointer, "\(c.code)")
            }
            let form = try await RawClient.send(
                "POST", "/v1/replay", port: port, headers: ["Content-Type: text/plain"], body: [0x7B])
            #expect(form.status == 415 && form.headers["accept-post"] == "application/json")
            let get = try await RawClient.send("GET", "/v1/replay", port: port)
            #expect(get.status == 405 && get.headers["allow"] == "POST")
        }
    }
}
