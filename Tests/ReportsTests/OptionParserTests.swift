import Certificates
import JSON
import Reports
import Testing

@Suite struct OptionParserTests {
    static let pem = PEM.encode([0x30, 0x00])
    static let crl = PEM.encode([0x30, 0x00], label: "X509 CRL")
    static let digest = SHA256Digest(of: [0x30, 0x00])

    static func query(
        _ pairs: [(name: String, value: String)], _ kind: RequestKind = .validate
    ) throws(OptionErrors) -> ParsedRequest {
        try OptionParser.parse(OptionInput.query(pairs), for: kind)
    }

    static func body(_ text: String, _ kind: RequestKind = .validate) throws -> ParsedRequest {
        let object = try #require(try JSONParser.parse(Array(text.utf8)).object)
        return try OptionParser.parse(OptionInput.body(object), for: kind)
    }

    /// A value of each option as text and as JSON, and what both come to.
    struct Good: Sendable, CustomTestStringConvertible {
        var name: String
        var text: [String]
        var json: JSONValue
        var check: @Sendable (ParsedRequest) -> Bool
        init(
            _ name: String, _ text: String..., json: JSONValue? = nil,
            _ check: @escaping @Sendable (ParsedRequest) -> Bool
        ) {
            (self.name, self.text, self.json) = (name, text, json ?? .string(text[0]))
            self.check = check
        }
        var testDescription: String { "\(name)=\(text.joined(separator: "&").prefix(40))" }
    }

    static let good: [Good] = [
        Good("pem", pem) { $0.posted == .pem(Array(pem.utf8)) },
        Good("der", "MAA=") { $0.posted == .der([0x30, 0x00]) },
        Good("pkcs7", "MAA=") { $0.posted == .pkcs7([0x30, 0x00]) },
        Good("name", "a.example", "::1", json: .array([.string("a.example"), .string("::1")])) {
            $0.options.names.map(\.text) == ["a.example", "::1"]
        },
        Good("at", "2026-11-24T13:59:00.9+01:00") { $0.options.at?.description == "2026-11-24T12:59:00Z" },
        Good("stores", "mozilla,debian", json: .array([.string("mozilla"), .string("debian")])) {
            $0.options.stores == ["mozilla", "debian"]
        },
        Good("stores", "all") { $0.options.stores == ["all"] },
        Good("stores", "", json: .array([])) { $0.options.stores == [] },
        Good("clients", "java,go", json: .array([.string("java"), .string("go")])) {
            $0.options.clients == ["java", "go"]
        },
        Good("anchors", pem) { $0.options.anchors == [[0x30, 0x00]] },
        Good("intermediates", pem + pem) { $0.options.intermediates == [[0x30, 0x00], [0x30, 0x00]] },
        Good("crls", crl) { $0.options.crls == [[0x30, 0x00]] },
        Good("revocation", "hard") { $0.options.revocation == .hard },
        Good("aia", "true", json: .bool(true)) { $0.options.aia == true },
        Good("aia", "false", json: .bool(false)) { $0.options.aia == false },
        Good("max_depth", "3", json: .number("3")) { $0.options.maxDepth == 3 },
        Good("policies", "1.2.3,2.5.29.32.0", json: .array([.string("1.2.3"), .string("2.5.29.32.0")])) {
            $0.options.policies.acceptable == ["1.2.3", "2.5.29.32.0"]
        },
        Good("require_explicit_policy", "true", json: .bool(true)) {
            $0.options.policies.requireExplicitPolicy
        },
        Good("inhibit_policy_mapping", "true", json: .bool(true)) {
            $0.options.policies.inhibitPolicyMapping
        },
        Good("inhibit_any_policy", "true", json: .bool(true)) { $0.options.policies.inhibitAnyPolicy },
        Good("profile", "rfc5280") { $0.options.profile == .rfc5280 },
        Good("purpose", "client") { $0.options.purpose == .client },
        Good("warn", "30d,25%") { $0.options.warn == [.seconds(2_592_000), .percent(25)] },
        Good("warn", "12h", "12.5pct", json: .array([.string("12h"), .string("12.5pct")])) {
            $0.options.warn == [.seconds(43_200), .percent(12.5)]
        },
        Good("critical", "90s") { $0.options.critical == [.seconds(90)] },
        Good("reissue", "2026-11-24T13:59:00Z") {
            $0.options.reissue?.description == "2026-11-24T13:59:00Z"
        },
        Good("serves", digest.hex.uppercased()) { $0.options.serves == digest },
        Good("serves", pem) { $0.options.serves == digest },
        Good("host", "Example.com") { $0.endpoint?.host.text == "example.com" },
        Good("target", "[::1]:8443") { $0.endpoint?.port == 8443 && $0.endpoint?.host.text == "::1" },
        Good("port", "8443", json: .number("8443")) { $0.endpoint?.port == 8443 },
        Good("address", "2001:DB8::1") { $0.endpoint?.address == "2001:db8::1" },
        Good("address", "all") { $0.endpoint?.isFleet == true && $0.endpoint?.address == nil },
        Good("samples", "16", json: .number("16")) { $0.endpoint?.samples == 16 },
        Good("sni", "WWW.example") { $0.endpoint?.sni == "www.example" },
        Good("sni", "") { $0.endpoint?.sni == "" },
        Good("starttls", "imap") { $0.endpoint?.startTLS == .imap && $0.endpoint?.port == 143 },
        Good("starttls", "none") { $0.endpoint?.startTLS == nil && $0.endpoint?.port == 443 },
        Good("port", "587", json: .number("587")) { $0.endpoint?.startTLS == .smtp },
        Good("port", "465", json: .number("465")) { $0.endpoint?.startTLS == nil },
        Good("target", "h.example:5269") { $0.endpoint?.startTLS == .xmppServer },
        Good("target", "https://h.example:25") { $0.endpoint?.startTLS == nil && $0.endpoint?.port == 25 },
        Good("target", "postgres://h.example/db") {
            $0.endpoint?.startTLS == .postgres && $0.endpoint?.port == 5432
        },
        Good("target", "XMPPS://h.example") { $0.endpoint?.startTLS == nil && $0.endpoint?.port == 5223 },
        Good("variants", "true", json: .bool(true)) { $0.endpoint?.hasVariants == true },
        Good("proxy", "dmz") { $0.endpoint?.proxy == "dmz" },
        Good("client_certificate", "corp") { $0.endpoint?.clientCertificate == "corp" },
        Good("timeout", "5s") { $0.options.timeout == .seconds(5) },
        Good("timeout", "1m") { $0.options.timeout == .seconds(60) },
        Good("expect", "trusted") { $0.options.expect == .trusted },
        Good("include", "pem,checks", json: .array([.string("checks"), .string("pem")])) {
            $0.options.include == [.pem, .checks]
        },
        Good("include", "evidence", json: .array([.string("evidence")])) {
            $0.options.include == [.evidence]
        },
        Good("format", "text") { $0.options.format == .text },
        Good("format", "junit") { $0.options.format == .junit },
        Good("fields", "target,state,first_break") {
            $0.options.fields == ["target", "state", "first_break"]
        },
    ]

    /// The kinds of request that take an option, each with what else it needs.
    static func inputs(_ name: String, _ input: OptionInput, _ kind: RequestKind) -> [OptionInput] {
        guard kind == .check, name != "host", name != "target" else { return [input] }
        return [input, OptionInput(name: "host", value: .text(["h.example"]), pointer: "host")]
    }

    @Test(arguments: good) func reads(_ c: Good) throws {
        let row = try #require(OptionTable.row(c.name))
        for kind in row.kinds {
            for value in [OptionInput.Value.text(c.text), .json(c.json)] {
                let input = OptionInput(name: c.name, value: value, pointer: c.name)
                let request = try OptionParser.parse(Self.inputs(c.name, input, kind), for: kind)
                #expect(c.check(request), "\(kind) \(value)")
            }
        }
    }

    @Test func everyRowHasACase() {
        #expect(Set(Self.good.map(\.name)) == Set(OptionTable.rows.map(\.name)))
        #expect(Set(Self.bad.map(\.name)) == Set(OptionTable.rows.map(\.name)))
        #expect(OptionTable.rows.count == 38)
        #expect(OptionTable.rows.allSatisfy { $0.flag == OptionTable.flag($0.name) && !$0.help.isEmpty })
        #expect(OptionTable.flag("max_depth") == "--max-depth")
    }

    static let bad: [(name: String, value: String, code: OptionError.Code)] = [
        ("crls", "x", .noCertificate), ("crls", pem, .valueMalformed),
        ("revocation", "maybe", .valueMalformed), ("aia", "yes", .valueMalformed),
        ("aia", "", .valueMalformed),
        ("max_depth", "33", .valueMalformed), ("max_depth", "-1", .valueMalformed),
        ("policies", "1.2.x", .valueMalformed), ("policies", "3.1", .valueMalformed),
        ("require_explicit_policy", "yes", .valueMalformed), ("inhibit_policy_mapping", "1", .valueMalformed),
        ("inhibit_any_policy", "", .valueMalformed),
        ("der", "%%", .base64Malformed), ("der", "", .base64Malformed), ("pkcs7", "MAA", .base64Malformed),
        ("name", "*.example", .nameMalformed), ("name", "", .nameMalformed), ("name", "a,b", .nameMalformed),
        ("at", "10000-01-01T00:00:00Z", .instantMalformed), ("at", "2026-02-30T00:00:00Z", .instantMalformed),
        ("at", "2026-11-24", .instantMalformed), ("at", "now", .instantMalformed),
        ("at", "", .instantMalformed),
        ("clients", "a,,b", .unknownClient), ("clients", "a b", .unknownClient),
        ("stores", "a,,b", .unknownStore), ("stores", "a b", .unknownStore),
        ("anchors", "no PEM", .noCertificate), ("anchors", "", .noCertificate),
        ("anchors", "-----BEGIN CERTIFICATE-----\nMAA=\n", .pemTruncated),
        ("intermediates", "-----BEGIN CERTIFICATE-----\nMA\n-----END CERTIFICATE-----\n", .base64Malformed),
        ("intermediates", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----", .privateKeyRefused),
        ("intermediates", String(repeating: pem, count: 1_001), .tooManyCertificates),
        ("profile", "WebPKI", .valueMalformed), ("purpose", "email", .valueMalformed),
        ("warn", "", .thresholdMalformed), ("warn", "30", .thresholdMalformed),
        ("warn", "0%", .thresholdMalformed),
        ("warn", "101%", .thresholdMalformed), ("warn", "nan%", .thresholdMalformed),
        ("warn", "-1d", .thresholdMalformed), ("warn", "30d,", .thresholdMalformed),
        ("warn", "1w", .thresholdMalformed), ("warn", "1e1%", .thresholdMalformed),
        ("critical", "9999999999d", .thresholdMalformed), ("critical", "1.5d", .thresholdMalformed),
        ("reissue", "2026-11-24", .instantMalformed),
        ("serves", "abcd", .valueMalformed), ("serves", String(repeating: "g", count: 64), .valueMalformed),
        ("target", "0x7f.1", .targetMalformed), ("target", "http://h.example", .targetMalformed),
        ("host", "h.example:443", .targetMalformed), ("host", "127.1", .targetMalformed),
        ("port", "0", .valueMalformed), ("port", "65536", .valueMalformed),
        ("port", "https", .valueMalformed),
        ("address", "h.example", .targetMalformed), ("address", "010.0.0.1", .targetMalformed),
        ("variants", "yes", .valueMalformed), ("client_certificate", "a b", .unknownClientCertificate),
        ("proxy", "", .unknownProxy),
        ("samples", "0", .valueMalformed), ("samples", "17", .valueMalformed),
        ("sni", "192.0.2.1", .nameMalformed), ("sni", "a b", .nameMalformed),
        ("starttls", "telnet", .valueMalformed), ("starttls", "SMTP", .valueMalformed),
        ("timeout", "5", .durationMalformed), ("timeout", "0s", .durationMalformed),
        ("timeout", "61s", .durationMalformed), ("timeout", "500ms", .durationMalformed),
        ("expect", "fine", .valueMalformed), ("include", "pem,bundles", .valueMalformed),
        ("format", "yaml", .valueMalformed), ("fields", "state,statee", .valueMalformed),
        // A posted PEM is decoded by whoever judges it; here only its being there counts.
        ("pem", "two\u{0}", .optionConflict),
    ]

    @Test(arguments: bad) func refuses(_ name: String, _ value: String, _ code: OptionError.Code) throws {
        let row = try #require(OptionTable.row(name))
        for kind in row.kinds {
            var inputs = Self.inputs(name, OptionInput.query([(name, value)])[0], kind)
            if code == .optionConflict { inputs += OptionInput.query([("der", "MAA=")]) }
            let thrown = #expect(throws: OptionErrors.self) { try OptionParser.parse(inputs, for: kind) }
            let error = try #require(thrown?.errors.first)
            #expect(thrown?.errors.count == 1 && error.code == code)
            #expect(error.pointer == (code == .optionConflict ? "der" : name))
            #expect(!error.detail.isEmpty && !error.detail.contains("MAA"))
        }
    }
}
