import HTTPAPI
import Testing

/// Routes, methods, and the resources that are the same for everybody.
@Suite struct RouteTests {
    @Test func methodsThatDoNotApply() async throws {
        let cases = [
            ("GET", "/v1/validate", "POST"), ("PUT", "/v1/validate", "POST"),
            ("POST", "/healthz", "GET, HEAD"),
            ("DELETE", "/v1/check", "GET, HEAD, POST"), ("POST", "/v1/check/a.example", "GET, HEAD"),
            ("OPTIONS", "/", "GET, HEAD"),
        ]
        try await withServer { port in
            for (method, path, allow) in cases {
                let answer = try await RawClient.send(method, path, port: port)
                #expect(answer.status == 405, "\(method) \(path)")
                #expect(answer.headers["allow"] == allow)
                #expect(answer.body.contains("\"code\":\"method_not_allowed\""))
            }
        }
    }

    @Test(arguments: ["/nowhere", "/v1", "/v1/check/a/b", "/v1/validate/", "/healthz2", "*"])
    func unknownPaths(_ path: String) async throws {
        try await withServer { port in
            let answer = try await RawClient.send("GET", path, port: port)
            #expect(answer.status == 404)
            #expect(answer.body.contains("\"code\":\"not_found\""))
        }
    }

    @Test func headHasTheHeaderOfGet() async throws {
        try await withServer(openapi: Array("openapi: 3.1.0\n".utf8)) { port in
            for path in ["/", "/healthz", "/readyz", "/v1/version", "/v1/checks", "/openapi.yaml"] {
                let get = try await RawClient.send("GET", path, port: port)
                let head = try await RawClient.send("HEAD", path, port: port)
                #expect(get.status == 200 && head.status == 200)
                #expect(get.headers["content-length"] == head.headers["content-length"])
                #expect(get.headers["content-type"] == head.headers["content-type"])
                #expect(!get.body.isEmpty && head.body.isEmpty)
            }
        }
    }

    @Test func openapiIsServedAsItWasLoaded() async throws {
        try await withServer(openapi: Array("openapi: 3.1.0\n".utf8)) { port in
            let answer = try await RawClient.send("GET", "/openapi.yaml", port: port)
            #expect(answer.body == "openapi: 3.1.0\n")
            #expect(answer.headers["content-type"] == "application/yaml")
        }
        try await withServer { port in
            let answer = try await RawClient.send("GET", "/openapi.yaml", port: port)
            #expect(answer.status == 404)
            #expect(answer.body.contains("\"code\":\"openapi_absent\""))
        }
    }

    @Test func requestIDsAreKeptOrMade() async throws {
        try await withServer { port in
            let kept = try await RawClient.send(
                "GET", "/nowhere", port: port, headers: ["X-Request-Id: abc-1.2:3_x"])
            #expect(kept.headers["x-request-id"] == "abc-1.2:3_x")
            #expect(kept.body.contains("\"request_id\":\"abc-1.2:3_x\""))
            for odd in ["a b", "\"", String(repeating: "a", count: 65)] {
                let made = try await RawClient.send(
                    "GET", "/healthz", port: port, headers: ["X-Request-Id: \(odd)"])
                #expect(made.headers["x-request-id"]?.count == 24)
            }
        }
    }
}
