import Certificates
import Fixtures
import HTTPAPI
import JSON
import Logging
import Synchronization
import Testing

/// Whatever is sent, the answer is a problem with a stable code that points at the offending part, and the
/// server lives on.
@Suite struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var target = "/v1/validate"
        var type: String? = "application/pem-certificate-chain"
        var body: [UInt8]
        var status = 422
        var code: String
        /// JSON pointer or parameter of the first error.
        var place: String?
    }

    private static let good = StandardChains.good().presented[0]
    private static let json: String? = "application/json"

    private static func pem(_ body: String) -> [UInt8] {
        Array("-----BEGIN CERTIFICATE-----\n\(body)\n-----END CERTIFICATE-----\n".utf8)
    }

    private static func json(_ members: String) -> [UInt8] {
        let pem = StandardChains.good().pem.replacing("\n", with: "\\n")
        return Array("{\"pem\":\"\(pem)\"\(members)}".utf8)
    }

    static let cases: [Case] = [
        Case(testDescription: "empty body", body: [], status: 400, code: "empty_body"),
        Case(testDescription: "empty JSON", type: json, body: [], status: 400, code: "empty_body"),
        Case(testDescription: "no PEM block", body: Array("hello\n".utf8), code: "no_certificate"),
        Case(
            testDescription: "no certificates in JSON", type: json, body: Array("{}".utf8), status: 400,
            code: "option_missing"),
        Case(testDescription: "truncated base64", body: pem("MIIB" + "A"), code: "base64_malformed"),
        Case(
            testDescription: "no END line", body: Array("-----BEGIN CERTIFICATE-----\nMIIB\n".utf8),
            code: "pem_truncated"),
        Case(
            testDescription: "truncated DER", type: "application/pkix-cert",
            body: Array(good.der.dropLast(9)),
            code: "certificate_malformed"),
        Case(
            testDescription: "bytes after the DER", type: "application/pkix-cert", body: good.der + [0],
            code: "certificate_malformed"),
        Case(
            testDescription: "truncated DER in JSON", type: json,
            body: Array("{\"der\":\"\(Base64.encode(Array(good.der.dropLast(9))))\"}".utf8),
            code: "certificate_malformed", place: "/der"),
        Case(
            testDescription: "not PKCS#7", type: "application/pkcs7-mime", body: good.der,
            code: "pkcs7_malformed"),
        Case(
            testDescription: "10,000 certificates",
            body: Array(
                String(
                    repeating: "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", count: 10_000
                ).utf8),
            status: 413, code: "too_many_certificates"),
        Case(
            testDescription: "unknown store", type: json, body: json(",\"stores\":[\"mozilla\",\"nobody\"]"),
            code: "unknown_store", place: "/stores"),
        Case(
            testDescription: "unknown store in the query", target: "/v1/validate?stores=nobody",
            body: Array(StandardChains.good().pem.utf8), code: "unknown_store", place: "stores"),
        Case(
            testDescription: "malformed name", type: json, body: json(",\"name\":[\"a.example\",\"a..b\"]"),
            code: "name_malformed", place: "/name/1"),
        Case(
            testDescription: "year 10000", type: json, body: json(",\"at\":\"10000-01-01T00:00:00Z\""),
            code: "instant_malformed", place: "/at"),
        Case(
            testDescription: "unknown JSON member", type: json, body: json(",\"nmae\":\"a\""), status: 400,
            code: "unknown_option", place: "/nmae"),
        Case(
            testDescription: "unknown parameter", target: "/v1/validate?nmae=a",
            body: Array(StandardChains.good().pem.utf8), status: 400, code: "unknown_option", place: "nmae"),
        Case(
            testDescription: "option of another request", target: "/v1/validate?port=443",
            body: Array(StandardChains.good().pem.utf8), status: 400, code: "unknown_option", place: "port"),
        Case(
            testDescription: "broken escape", target: "/v1/validate?name=%zz",
            body: Array(StandardChains.good().pem.utf8), status: 400, code: "query_malformed", place: "name"),
        Case(
            testDescription: "wrong content type", type: "image/png",
            body: Array(StandardChains.good().pem.utf8),
            status: 415, code: "media_type_unsupported"),
        Case(
            testDescription: "a form that is no PEM", type: "application/x-www-form-urlencoded",
            body: Array("pem=abc".utf8), status: 415, code: "media_type_unsupported"),
        Case(
            testDescription: "not JSON", type: json, body: Array("{\"pem\":".utf8), status: 400,
            code: "json_malformed"),
        Case(
            testDescription: "a name twice", type: json, body: Array("{\"at\":1,\"at\":2}".utf8), status: 400,
            code: "json_malformed", place: "/at"),
        Case(
            testDescription: "an array", type: json, body: Array("[]".utf8), status: 400,
            code: "json_malformed"),
        Case(
            testDescription: "33 levels", type: json,
            body: Array((String(repeating: "[", count: 33) + String(repeating: "]", count: 33)).utf8),
            status: 400,
            code: "json_malformed"),
        Case(
            testDescription: "BOM", type: json, body: [0xEF, 0xBB, 0xBF] + Array("{}".utf8), status: 400,
            code: "json_malformed"),
        Case(
            testDescription: "both body and pem", type: json,
            body: Array("{\"pem\":\"a\",\"der\":\"AA==\"}".utf8), status: 400, code: "option_conflict"),
        Case(
            testDescription: "check without target", target: "/v1/check", type: json, body: Array("{}".utf8),
            status: 400, code: "option_missing"),
        Case(
            testDescription: "check with PEM", target: "/v1/check", body: Array("a".utf8), status: 415,
            code: "media_type_unsupported"),
        Case(
            testDescription: "octal address", target: "/v1/check", type: json,
            body: Array("{\"target\":\"0177.0.0.1\"}".utf8), code: "target_malformed", place: "/target"),
    ]

    @Test(arguments: cases) func problem(_ c: Case) async throws {
        try await withServer { port in
            let headers = c.type.map { ["Content-Type: \($0)"] } ?? []
            let answer = try await RawClient.send(
                "POST", c.target, port: port, headers: headers, body: c.body)
            #expect(answer.status == c.status)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.headers["cache-control"] == "no-store")
            let problem = try #require(JSONParser.parse(Array(answer.body.utf8)).object)
            #expect(problem["code"]?.string == c.code)
            #expect(problem["status"]?.int == c.status)
            #expect(problem["title"]?.string?.isEmpty == false)
            #expect(problem["detail"]?.string?.isEmpty == false)
            #expect(problem["request_id"]?.string == answer.headers["x-request-id"])
            if let place = c.place {
                let first = try #require(problem["errors"]?.array?.first?.object)
                #expect((first["pointer"] ?? first["parameter"])?.string == place)
                #expect(first[place.hasPrefix("/") ? "pointer" : "parameter"] != nil)
            }
            #expect(try await RawClient.send("GET", "/healthz", port: port).status == 200)
        }
    }

    @Test func theHintNamesTheHeaderToSend() async throws {
        try await withServer { port in
            let answer = try await RawClient.send(
                "POST", "/v1/validate", port: port,
                headers: ["Content-Type: application/x-www-form-urlencoded"],
                body: Array("abc".utf8))
            #expect(answer.body.contains("Content-Type: application/pem-certificate-chain"))
            #expect(answer.headers["accept-post"]?.contains("application/pem-certificate-chain") == true)
        }
    }

    /// Refused, not echoed, not logged: not even at the lowest level.
    @Test func privateKeysGoNowhere() async throws {
        let secret = "c2VjcmV0IGtleSBtYXRlcmlhbA=="
        let key = "-----BEGIN PRIVATE KEY-----\n\(secret)\n-----END PRIVATE KEY-----\n"
        let log = LogCollector()
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = .trace
        try await withServer(logger: logger) { port in
            let bodies = [
                ("text/plain", StandardChains.good().pem + key),
                ("application/json", "{\"pem\":\"\(key.replacing("\n", with: "\\n"))\"}"),
                ("application/json", "{\"anchors\":\"\(key.replacing("\n", with: "\\n"))\"}"),
                ("application/x-www-form-urlencoded", key),
            ]
            for (type, body) in bodies {
                let answer = try await RawClient.send(
                    "POST", "/v1/validate", port: port, headers: ["Content-Type: \(type)"],
                    body: Array(body.utf8))
                #expect(answer.status == 422)
                #expect(answer.body.contains("\"code\":\"private_key_refused\""))
                #expect(!answer.body.contains(secret))
            }
        }
        #expect(log.text.contains("/v1/validate"))
        #expect(!log.text.contains(secret))
    }
}

/// Keeps every event with its metadata.
final class LogCollector: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
    func log(event: LogEvent) { lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") } }
}
