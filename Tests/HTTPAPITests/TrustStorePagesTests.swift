import Certificates
import Testing
import TrustStores

@testable import HTTPAPI

/// The trust stores as resources.
@Suite struct TrustStorePagesTests {
    @Test func listShowAndAnchors() async throws {
        try await withServer { port in
            let list = try await RawClient.send("GET", "/v1/trust-stores", port: port)
            #expect(list.status == 200)
            #expect(list.body.contains(#""default":["mozilla"]"#))
            #expect(list.body.contains(#""name":"corp","version":"1""#))
            let one = try await RawClient.send("GET", "/v1/trust-stores/mozilla%401", port: port)
            #expect(one.status == 200)
            #expect(one.body.contains(#""client":"libcrypto","completes":"none","anchors":1"#))
            let anchors = try await RawClient.send("GET", "/v1/trust-stores/corp/anchors", port: port)
            #expect(anchors.body.contains(#""subject":"CN=Corporate Root"#))
            // The root of the fixtures lives longer than a day.
            let none = try await RawClient.send(
                "GET", "/v1/trust-stores/corp/anchors?expiring=1d", port: port)
            #expect(none.status == 200)
            #expect(none.body.contains(#""items":[],"next":null"#))
            let soon = try await RawClient.send(
                "GET", "/v1/trust-stores/corp/anchors?expiring=200y", port: port)
            #expect(soon.body == anchors.body)
        }
    }

    @Test func whatCannotBeAnswered() async throws {
        let cases = [
            ("/v1/trust-stores/nobody", 404, "not_found"),
            ("/v1/trust-stores/mozilla@2", 404, "not_found"),
            ("/v1/trust-stores/corp/anchors?expiring=soon", 400, "query_malformed"),
            ("/v1/trust-stores/corp/anchors?until=1d", 400, "query_malformed"),
            ("/v1/trust-stores/corp/anchors?expiring=1d&expiring=2d", 400, "query_malformed"),
            ("/v1/trust-stores/corp/anchors?expiring=%zz", 400, "query_malformed"),
            ("/v1/trust-stores/%zz", 404, "not_found"),
            ("/v1/trust-stores/..%2Fstores", 404, "not_found"),
            ("/v1/trust-stores/all", 404, "not_found"),
            ("/v1/trust-stores/corp/roots", 404, "not_found"),
            ("/v1/trust-stores/" + String(repeating: "a", count: 9000), 414, "target_too_long"),
        ]
        try await withServer { port in
            for (path, status, code) in cases {
                let answer = try await RawClient.send("GET", path, port: port)
                #expect(answer.status == status, "\(path)")
                #expect(answer.body.contains("\"code\":\"\(code)\""), "\(path)")
            }
        }
    }

    /// The newest list of a store is older than 180 days: the server is ready and says so. Older versions
    /// and operators' own lists make no line.
    @Test func readinessNamesStaleLists() {
        let now = Instant(seconds: 1_795_000_000)
        let client = Client(name: .libcrypto, completes: .nothing)
        func store(_ name: String, _ version: String, _ days: Int64, _ origin: TrustStore.Origin)
            -> TrustStore
        {
            TrustStore(
                name: name, version: version, published: now + -days * 86_400, origin: origin, client: client,
                anchors: [])
        }
        let stores = [
            store("a", "2", 181, .shipped), store("b", "2", 180, .shipped), store("b", "1", 900, .shipped),
            store("own", "1", 900, .custom),
        ]
        func lines(logs days: Int64) -> [String] {
            let logs = CTLogList(version: "156", published: now + -days * 86_400, logs: [])
            return StorePages(stores: StoreSet(stores, logs: logs), now: now).staleLines
        }
        let stale = "store_stale a@2, published 2026-05-21, 181 days ago"
        #expect(lines(logs: 70) == [stale])
        #expect(lines(logs: 71) == [stale, "ct_list_stale 156, published 2026-09-08, 71 days ago"])
    }

    @Test(arguments: [
        ("12mo", Int64(365)), ("1mo", 30), ("90d", 90), ("1y", 365), ("0d", 0), ("mo", nil), ("-1d", nil),
        ("12", nil),
        ("99999d", nil), ("1.5y", nil),
    ]) func spans(_ text: String, _ days: Int64?) {
        #expect(StorePages.days(text) == days)
    }
}
