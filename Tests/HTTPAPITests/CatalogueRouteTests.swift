import JSON
import Reports
import Testing

/// The catalogue over HTTP.
@Suite struct CatalogueRouteTests {
    private static func json(_ text: String) throws -> JSONObject {
        try #require(JSONParser.parse(Array(text.utf8)).object)
    }

    @Test func everyCheckIsListed() async throws {
        try await withServer { port in
            let answer = try await RawClient.send("GET", "/v1/checks", port: port)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            let document = try Self.json(answer.body)
            #expect(document.members.map(\.name) == ["items", "next"])
            #expect(document["next"] == .null)
            let items = (document["items"]?.array ?? []).compactMap(\.object)
            #expect(items.map { $0["id"]?.string } == CheckID.allCases.map(\.rawValue))
            for item in items {
                #expect(
                    item.members.map(\.name) == ["id", "title", "kind", "severity", "reference"]
                    + (item["stages"] == nil ? [] : ["effective_from", "stages"]) + ["reasons"])
                #expect(item["reasons"]?.array?.isEmpty == false)
            }
        }
    }

    @Test func oneCheck() async throws {
        try await withServer { port in
            for path in ["/v1/checks/chain.order", "/v1/checks/chain%2Eorder?format=json"] {
                let answer = try await RawClient.send("GET", path, port: port)
                #expect(
                    answer.body == """
                        {"id":"chain.order","title":"Each certificate certifies the one before it",\
                        "kind":"presentation","severity":"info","reference":"RFC 8446 4.4.2","reasons":\
                        [{"reason":"out_of_order","meaning":"the certificates are not in order: each should \
                        certify the one before it","fix":{"action":"reorder","text":"send the end \
                        entity first, then each issuer"}}]}

                        """)
            }
        }
    }

    @Test func text() async throws {
        try await withServer { port in
            let asked = try await RawClient.send("GET", "/v1/checks/name.match?format=text", port: port)
            #expect(asked.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(asked.body.hasPrefix("name.match  The certificate is for this name\n  path check, error"))
            let accepted = try await RawClient.send(
                "GET", "/v1/checks", port: port, headers: ["Accept: text/plain"])
            #expect(accepted.body.contains(asked.body))
            #expect(accepted.headers["vary"] == "Accept")
            let head = try await RawClient.send("HEAD", "/v1/checks?format=text", port: port)
            #expect(head.headers["content-length"] == String(accepted.body.utf8.count) && head.body.isEmpty)
        }
    }

    @Test func problems() async throws {
        let cases: [(path: String, accept: String, status: Int, code: String, says: String)] = [
            ("/v1/checks/path.isuer", "*/*", 404, "not_found", "path.issuer"),
            ("/v1/checks/validity_ended", "*/*", 404, "not_found", "/v1/checks has all"),
            ("/v1/checks/%ff", "*/*", 404, "not_found", "no such check"),
            ("/v1/checks/", "*/*", 404, "not_found", "No resource"),
            ("/v1/checks/path.issuer/x", "*/*", 404, "not_found", "No resource"),
            ("/v1/checks?format=nagios", "*/*", 422, "value_malformed", "json or text"),
            ("/v1/checks?format=json&format=text", "*/*", 400, "option_conflict", "twice"),
            ("/v1/checks?stores=mozilla", "*/*", 400, "unknown_option", "\"parameter\":\"stores\""),
            ("/v1/checks?format=%ff", "*/*", 400, "query_malformed", "\"parameter\":\"format\""),
            ("/v1/checks", "image/png", 406, "not_acceptable", "text/plain"),
        ]
        try await withServer { port in
            for c in cases {
                let answer = try await RawClient.send(
                    "GET", c.path, port: port, headers: ["Accept: \(c.accept)"])
                #expect(answer.status == c.status, "\(c.path)")
                #expect(answer.body.contains("\"code\":\"\(c.code)\""), "\(c.path): \(answer.body)")
                #expect(answer.body.contains(c.says), "\(c.path): \(answer.body)")
            }
            let post = try await RawClient.send("POST", "/v1/checks", port: port)
            #expect(post.status == 405 && post.headers["allow"] == "GET, HEAD")
        }
    }
}
