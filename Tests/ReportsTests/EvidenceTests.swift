import Certificates
import JSON
import Testing

@testable import Reports

/// Evidence written and read again; whatever does not fit is refused with its place.
@Suite struct EvidenceTests {
    /// Every member set, and to something else than its default.
    static func whole() throws -> EvidenceRecord {
        var options = Options()
        options.names = [
            try ReferenceIdentifier(parsing: "bücher.example"),
            try ReferenceIdentifier(parsing: "2001:DB8::1"),
        ]
        options.anchors = [[0x30, 0x01], [0x30, 0x02]]
        options.clients = ["java", "go"]
        options.intermediates = [[0x30, 0x03]]
        options.profile = .rfc5280
        options.purpose = .client
        options.warn = [.seconds(90), .percent(33.33333)]
        options.critical = [.percent(0.000001), .percent(100), .percent(12.5)]
        options.serves = SHA256Digest(of: [1])
        options.reissue = Instant(seconds: 1_800_000_000)
        options.include = [.pem, .bundle, .checks, .trace]
        options.crls = [[0x30, 0x04]]
        options.revocation = .hard
        options.aia = true
        options.maxDepth = 3
        options.policies.acceptable = ["1.2.3", "2.5.29.32.0"]
        options.policies.requireExplicitPolicy = true
        options.policies.inhibitPolicyMapping = true
        options.policies.inhibitAnyPolicy = true
        var record = EvidenceRecord(
            id: "01hzy.x_-9", checkedAt: Instant(seconds: 1_782_864_000), at: Instant(seconds: 1_782_864_001),
            target: Target(
                host: "xn--bcher-kva.example", port: 25, address: "192.0.2.1", sni: "www.example",
                startTLS: .smtp),
            stores: ["mozilla@2.92", "corp@0123456789ab"], storesFrom: .rule("*.example"), options: options,
            rules: RuleVersions(program: "1", stores: "a", clients: "b", blocks: "c", logs: "2026-11-01"),
            members: [evidence(), failed()], isFleet: true,
            variants: [VariantEvidence(.default, evidence()), VariantEvidence(.noSNI, failed())])
        record.row = 7
        return record
    }

    static func evidence() -> Evidence {
        var evidence = Evidence()
        evidence.source = .handshake
        // The same certificate twice, and one that is an anchor, too: their octets are written once.
        evidence.presented = [[0x30, 0x05], [0x30, 0x05], [0x30, 0x01], []]
        evidence.stapledOCSP = [1, 2, 3]
        evidence.sctList = [4, 5]
        evidence.addressesLeft = 2
        var handshake = Handshake()
        handshake.protocolVersion = "TLS 1.3"
        handshake.cipher = "TLS_AES_256_GCM_SHA384"
        handshake.group = "x25519"
        handshake.alpn = "h2"
        handshake.address = "192.0.2.1"
        handshake.sni = "www.example"
        handshake.timings = [
            Timing(phase: .resolve, milliseconds: 0.1 + 0.2), Timing(phase: .connect, milliseconds: 5e-07),
            Timing(phase: .connect, milliseconds: 1e21),
        ]
        handshake.failedAt = .handshake
        handshake.addressesTried = ["192.0.2.1", "2001:db8::1"]
        handshake.proxy = "proxy.example:3128"
        var asked = ClientCertificateRequest(required: true, authorities: ["CN=a \u{202E}\"\\ä"])
        (asked.presented, asked.refused) = (true, true)
        handshake.clientCertificate = asked
        handshake.clientCertificateName = "corp"
        handshake.firstAttempt = FailedAttempt(
            protocolVersion: "TLS 1.0", reason: .keyTooSmall, presented: "ee key too small")
        evidence.handshake = handshake
        evidence.fetched = [
            Fetched(
                wanted: Wanted(
                    kind: .issuer, url: "http://a.example/ca.der",
                    certificate: SHA256Digest(of: [0x30, 0x05])),
                result: .success(Octets([0x30, 0x06])), at: Instant(seconds: 1_782_864_000)),
            Fetched(
                wanted: Wanted(
                    kind: .ocsp, url: "http://o.example/", certificate: SHA256Digest(of: [0x30, 0x05]),
                    request: [0x30, 0x07]),
                result: .failure(FetchFailure(.status, "HTTP 404")), at: Instant(seconds: 1_782_864_009)),
        ]
        return evidence
    }

    static func failed() -> Evidence {
        var evidence = Evidence()
        evidence.source = .handshake
        evidence.failure = ProbeFailure(
            check: .netHandshake, reason: .alertReceived, presented: "handshake_failure", address: "192.0.2.2"
        )
        return evidence
    }

    private static func read(_ bytes: [UInt8], at pointer: String = "") throws -> EvidenceRecord {
        try EvidenceRecord(try JSONParser.parse(bytes), at: pointer)
    }

    @Test func comesBack() throws {
        let record = try Self.whole()
        let document = record.document
        let again = try Self.read(document.json)
        #expect(again == record)
        #expect(again.document.json == document.json)
        #expect(again.document.id == document.id)
        // Each once: three certificates and a CRL of the options, two presented, staple, SCTs, request, body.
        #expect(document.octets.count == 10)
        #expect(Set(document.octets.map(\.sha256)).count == 10)
    }

    /// An option that comes to be must be written, too, or be none that a judgement looks at.
    @Test func everyOptionIsWritten() throws {
        let standard = Mirror(reflecting: Options()).children.map { ($0.label ?? "", "\($0.value)") }
        let given = Mirror(reflecting: try Self.whole().options).children.map { "\($0.value)" }
        let elsewhere: Set = ["at", "stores", "expect", "format", "fields", "timeout", "keep"]
        for (index, (name, value)) in standard.enumerated() where !elsewhere.contains(name) {
            #expect(value != given[index], "\(name)")
        }
    }

    @Test func whatIsNotJudgedIsNotWritten() {
        var options = Options()
        options.at = Instant(seconds: 1)
        options.stores = ["a"]
        (options.expect, options.format, options.fields) = (.ok, .text, ["id"])
        (options.timeout, options.keep, options.include) = (.seconds(1), true, [.evidence])
        #expect(options.judged == Options())
    }

    @Test func posted() throws {
        var evidence = Evidence()
        evidence.presented = [[0x30, 0x00]]
        let record = EvidenceRecord(
            id: "1", checkedAt: Instant(seconds: 0), at: Instant(seconds: 0), stores: [],
            storesFrom: .default,
            options: Options(), members: [evidence])
        #expect(try Self.read(record.document.json) == record)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var pointer: String
        var code: EvidenceError.Code
        /// What is replaced by what.
        var from: String
        var to: String
        init(_ pointer: String, _ code: EvidenceError.Code, _ from: String, _ to: String) {
            (self.pointer, self.code, self.from, self.to) = (pointer, code, from, to)
        }
        var testDescription: String { "\(pointer) \(to.prefix(40))" }
    }

    private static let digest = SHA256Digest(of: [0x30, 0x05]).hex
    private static let long = Array(repeating: "{}", count: 65).joined(separator: ",")

    static let bad: [Bad] = [
        Bad("", .malformed, #""schema":1,"#, ""),
        Bad("/schema", .schemaUnknown, #""schema":1"#, #""schema":2"#),
        Bad("/schema", .schemaUnknown, #""schema":1"#, #""schema":"1""#),
        Bad("/colour", .memberUnknown, #""schema":1"#, #""schema":1,"colour":"red""#),
        Bad("/options/colour", .memberUnknown, #""options":{"#, #""options":{"colour":1,"#),
        Bad("/options/at", .memberUnknown, #""options":{"#, #""options":{"at":"2026-01-01T00:00:00Z","#),
        Bad("/options/profile", .malformed, #""profile":"rfc5280""#, #""profile":"x""#),
        Bad("/options/name/0", .malformed, #""name":["bücher.example""#, #""name":["*.example""#),
        Bad("/members/0/colour", .memberUnknown, #""members":[{"#, #""members":[{"colour":1,"#),
        Bad("/members/0/variant", .memberUnknown, #""members":[{"#, #""members":[{"variant":"rsa","#),
        Bad("/members/0/source", .malformed, #""source":"handshake""#, #""source":"thin air""#),
        Bad("/members/0/handshake/timings/0/phase", .malformed, #""resolve""#, #""dreaming""#),
        Bad(
            "/members/0/presented/0", .incomplete, #""presented":[""#,
            #""presented":["\#(String(repeating: "0", count: 64))",""#),
        Bad("/members/0/presented/0", .malformed, #""presented":[""#, #""presented":["x",""#),
        Bad(
            "/members/0/fetched/0", .malformed, #""kind":"issuer","#,
            #""kind":"issuer","failure":{"code":"status","detail":""},"#),
        Bad("/members/1/failure/reason", .malformed, #""reason":"alert_received""#, #""reason":"bad_mood""#),
        Bad("/members", .malformed, #""fleet":true"#, #""fleet":false"#),
        Bad("/members", .tooLarge, #""members":[{"#, #""members":[\#(long),{"#),
        Bad("/octets/\(digest)", .hashMismatch, #""\#(digest)":"MAU=""#, #""\#(digest)":"MAY=""#),
        Bad("/octets/\(digest)", .malformed, #""\#(digest)":"MAU=""#, #""\#(digest)":"%""#),
        Bad("/octets/\(digest)", .malformed, #""\#(digest)":"MAU=""#, #""\#(digest)":7"#),
        Bad("/octets/abc", .malformed, #""octets":{"#, #""octets":{"abc":"","#),
        Bad("/at", .malformed, #""at":"2026-07-01T00:00:01Z""#, #""at":"yesterday""#),
        Bad("/id", .malformed, #""id":"01hzy.x_-9""#, #""id":"../x""#),
        Bad("/row", .malformed, #""row":7"#, #""row":-7"#),
        Bad("/target/port", .malformed, #""port":25"#, #""port":65536"#),
    ]

    @Test(arguments: bad) func isRefused(_ c: Bad) throws {
        let text = String(decoding: try Self.whole().document.json, as: UTF8.self)
        let place = try #require(text.range(of: c.from))
        let spoilt = text.replacingCharacters(in: place, with: c.to)
        let error = #expect(throws: EvidenceError.self) {
            try Self.read(Array(spoilt.utf8), at: "/evidence")
        }
        #expect(error?.code == c.code)
        #expect(error?.pointer == "/evidence" + c.pointer)
        #expect(error?.detail.isEmpty == false)
    }

    /// Every prefix of the document and every member left out is refused or means the same, and nothing
    /// crashes.
    @Test func everyMemberLeftOut() throws {
        let record = try Self.whole()
        let value = try JSONParser.parse(record.document.json)
        let object = try #require(value.object)
        for index in object.members.indices {
            var less = object
            let name = less.members.remove(at: index).name
            let isOptional = name == "row" || name == "target"
            if isOptional {
                #expect(throws: Never.self) { try EvidenceRecord(.object(less), at: "") }
            } else {
                #expect(throws: EvidenceError.self, "\(name)") { try EvidenceRecord(.object(less), at: "") }
            }
        }
    }
}
