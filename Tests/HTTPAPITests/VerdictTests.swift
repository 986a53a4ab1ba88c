import Certificates
import Fixtures
import JSON
import Testing

/// An answered question is HTTP 200 whatever the verdict, in the form that was asked for.
@Suite struct VerdictTests {
    private static let pem = ["Content-Type: application/pem-certificate-chain"]
    private static let json = ["Content-Type: application/json"]

    private static func report(_ answer: RawResponse) throws -> JSONObject {
        try #require(JSONParser.parse(Array(answer.body.utf8)).object)
    }

    private static func validate(
        _ chain: StandardChain, query: String = "", headers: [String] = pem, port: Int
    ) async throws -> RawResponse {
        try await RawClient.send(
            "POST", "/v1/validate" + query, port: port, headers: headers, body: Array(chain.pem.utf8))
    }

    @Test func verdictsAreAnsweredWith200() async throws {
        let cases = [
            (StandardChains.good(), "trusted", ""),
            (StandardChains.expiredLeaf(), "untrusted", "validity_ended"),
            (StandardChains.notYetValidLeaf(), "untrusted", "validity_not_started"),
            (StandardChains.untrustedRoot(), "untrusted", "issuer_found_untrusted"),
        ]
        try await withServer { port in
            for (chain, verdict, reason) in cases {
                let answer = try await Self.validate(chain, query: "?name=www.example.com", port: port)
                #expect(answer.status == 200, "\(chain)")
                #expect(answer.headers["content-type"] == "application/json")
                #expect(answer.headers["cache-control"] == "no-store")
                let report = try Self.report(answer)
                #expect(report["verdict"]?.string == verdict, "\(chain)")
                #expect(report["checked_at"]?.string == "2026-07-01T00:00:00Z")
                let reasons = report["findings"]?.array?.compactMap { $0.object?["reason"]?.string } ?? []
                #expect(reason.isEmpty || reasons.contains(reason), "\(chain): \(reasons)")
            }
        }
    }

    /// The same certificates in every form that a body may have.
    @Test func everyFormOfBody() async throws {
        let chain = StandardChains.good()
        let leaf = chain.presented[0]
        let inJSON = chain.pem.replacing("\n", with: "\\n")
        let leafInBase64 = Base64.encode(leaf.der)
        let bodies: [(String?, [UInt8])] = [
            ("application/pem-certificate-chain", Array(chain.pem.utf8)),
            ("application/x-pem-file", Array(chain.pem.utf8)),
            ("text/plain; charset=utf-8", Array(chain.pem.utf8)),
            ("application/x-www-form-urlencoded", Array(chain.pem.utf8)),
            (nil, Array(chain.pem.utf8)),
            ("application/pkix-cert", leaf.der),
            ("application/json", Array("{\"pem\":\"\(inJSON)\"}".utf8)),
            ("Application/JSON", Array("{\"der\":\"\(leafInBase64)\"}".utf8)),
        ]
        try await withServer { port in
            for (type, body) in bodies {
                let answer = try await RawClient.send(
                    "POST", "/v1/validate", port: port, headers: type.map { ["Content-Type: \($0)"] } ?? [],
                    body: body)
                #expect(answer.status == 200, "\(type ?? "no type")")
                let seen = try Self.report(answer)["leaf"]?.object?["sha256"]?.string
                #expect(seen == SHA256Digest(of: leaf.der).hex, "\(type ?? "no type")")
            }
        }
    }

    @Test func textByFormatAndByAccept() async throws {
        try await withServer { port in
            let chain = StandardChains.expiredLeaf()
            for (query, headers) in [
                ("?format=text", Self.pem), ("", Self.pem + ["Accept: text/plain"]),
                ("", Self.pem + ["Accept: application/json;q=0.5, text/*"]),
            ] {
                let answer = try await Self.validate(chain, query: query, headers: headers, port: port)
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
                #expect(answer.body.hasPrefix("CRITICAL"))
                #expect(answer.body.contains("not checked"))
            }
            // The option is stronger than the header, and whatever is accepted is JSON.
            for (query, accept) in [
                ("?format=json", "text/plain"), ("", "*/*"), ("", "text/html, */*;q=0.8"),
            ] {
                let headers = Self.pem + ["Accept: \(accept)"]
                let answer = try await Self.validate(chain, query: query, headers: headers, port: port)
                #expect(answer.headers["content-type"] == "application/json")
            }
            let nagios = try await Self.validate(chain, query: "?format=nagios", port: port)
            #expect(nagios.body.hasPrefix("SSL_CERT CRITICAL"))
            let none = try await Self.validate(chain, headers: Self.pem + ["Accept: image/png"], port: port)
            #expect(none.status == 406)
            #expect(none.body.contains("\"code\":\"not_acceptable\""))
        }
    }

    static let forms = [
        ("csv", "text/csv; charset=utf-8; header=present", "target,host,port,"),
        ("prometheus", "text/plain; version=0.0.4; charset=utf-8", "# HELP catenary_state "),
        ("zabbix", "application/json", "{\"x509\":{\"version\":3,"),
        ("junit", "application/xml", "<?xml version=\"1.0\""),
    ]

    @Test(arguments: forms) func otherForms(_ format: String, _ type: String, _ start: String) async throws {
        try await withServer { port in
            let chain = StandardChains.expiredLeaf()
            let answer = try await Self.validate(chain, query: "?format=\(format)", port: port)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == type)
            #expect(answer.body.hasPrefix(start))
        }
    }

    /// `expect` turns the answer into the status line; the body is the same report.
    @Test func expectations() async throws {
        try await withServer { port in
            for (chain, expect, status) in [
                (StandardChains.good(), "trusted", 200), (StandardChains.expiredLeaf(), "trusted", 424),
                (StandardChains.expiredLeaf(), "ok", 424),
            ] {
                let answer = try await Self.validate(chain, query: "?expect=\(expect)", port: port)
                #expect(answer.status == status, "\(chain) \(expect)")
                #expect(try Self.report(answer)["verdict"]?.string != nil)
            }
            // Trusted, but it expires tomorrow: not ok.
            let soon = try await Self.validate(
                StandardChains.good(), query: "?expect=ok&at=2026-11-27T00:00:00Z", port: port)
            #expect(soon.status == 424)
            #expect(try Self.report(soon)["verdict"]?.string == "trusted")
        }
    }

    @Test func fieldsAndIncludes() async throws {
        try await withServer { port in
            let few = try await Self.validate(
                StandardChains.good(), query: "?fields=verdict,state", port: port)
            #expect(try Self.report(few).members.map(\.name) == ["verdict", "state"])
            let more = try await Self.validate(
                StandardChains.good(), query: "?include=pem,checks", port: port)
            #expect(more.body.contains("BEGIN CERTIFICATE"))
        }
    }

    /// The request's stores, else the rule's, else the default; anchors of the request alone count without
    /// any.
    @Test func whichStores() async throws {
        try await withServer { port in
            func asked(_ members: String, _ chain: StandardChain = StandardChains.good()) async throws
                -> JSONObject
            {
                let pem = chain.pem.replacing("\n", with: "\\n")
                let answer = try await RawClient.send(
                    "POST", "/v1/validate", port: port, headers: Self.json,
                    body: Array("{\"pem\":\"\(pem)\"\(members)}".utf8))
                return try Self.report(answer)
            }
            func names(_ report: JSONObject) -> [String] {
                report["stores"]?.object?.members.map(\.name) ?? []
            }

            let standard = try await asked("")
            #expect(standard["stores_from"]?.string == "default" && names(standard) == ["mozilla"])
            let own = try await asked(",\"stores\":[\"corp\",\"mozilla\"]")
            #expect(own["stores_from"]?.string == "request" && names(own) == ["corp", "mozilla"])
            #expect(own["verdict"]?.string == "partly_trusted")
            let rule = try await asked(",\"name\":\"a.corp.example\"")
            #expect(rule["stores_from"]?.string == "*.corp.example" && names(rule) == ["corp"])
            let stranger = StandardChains.untrustedRoot()
            let root = stranger.presented[2].pem.replacing("\n", with: "\\n")
            let anchored = try await asked(",\"anchors\":\"\(root)\"", stranger)
            #expect(anchored["stores_from"]?.string == "request" && names(anchored) == ["request"])
            #expect(anchored["verdict"]?.string == "trusted")
            let nobody = try await asked(",\"stores\":[]")
            #expect(nobody["verdict"]?.string == "indeterminate" && names(nobody).isEmpty)
        }
    }

    /// Real TLS servers, by every road to a check.
    @Test func checks() async throws {
        let good = try await OpenSSLServer(StandardChains.good().presented)
        defer { good.stop() }
        try await withServer { port in
            let target = "127.0.0.1:\(good.port)"
            let roads = [
                ("GET", "/v1/check/\(target)?name=www.example.com", ""),
                ("GET", "/v1/check?target=\(target)&name=www.example.com", ""),
                ("GET", "/v1/check?target=https%3A%2F%2F\(target)%2Fpath&name=www.example.com", ""),
                (
                    "POST", "/v1/check",
                    "{\"host\":\"127.0.0.1\",\"port\":\(good.port),\"name\":[\"www.example.com\"]}"
                ),
                (
                    "POST", "/v1/check",
                    "{\"target\":\"www.example.com:\(good.port)\",\"address\":\"127.0.0.1\"}"
                ),
            ]
            for (method, path, body) in roads {
                let answer = try await RawClient.send(
                    method, path, port: port, headers: body.isEmpty ? [] : Self.json, body: Array(body.utf8))
                #expect(answer.status == 200, "\(path)")
                let report = try Self.report(answer)
                #expect(report["verdict"]?.string == "trusted", "\(path) \(answer.body)")
                #expect(report["target"]?.object?["port"]?.int == Int(good.port))
            }
            let head = try await RawClient.send("HEAD", "/v1/check/\(target)", port: port)
            #expect(head.status == 200 && head.body.isEmpty)
        }
    }

    @Test func nobodyThereIsAnAnswerToo() async throws {
        try await withServer { port in
            // The discard of RFC 863 listens nowhere any more.
            let answer = try await RawClient.send("GET", "/v1/check/127.0.0.1:9", port: port)
            #expect(answer.status == 200)
            let report = try Self.report(answer)
            #expect(report["verdict"]?.string == "unreachable")
            #expect(report["state"]?.string == "critical")
            #expect(answer.body.contains("\"reason\":\"connection_refused\""))
        }
    }
}
