import Certificates
import Fixtures
import JSON
import Reports
import Testing

@Suite struct ReportJSONTests {
    static let leaf = Authority.root("Report Root").leaf("www.example", "192.0.2.1", "2001:db8::1")

    static func parsed(_ report: Report, fields: [String] = []) throws -> JSONObject {
        let bytes = report.json(fields: fields)
        #expect(bytes.last == 0x0A && bytes.dropLast().allSatisfy { $0 >= 0x20 })
        return try #require(try JSONParser.parse(Array(bytes.dropLast())).object)
    }

    static func text(_ report: Report, _ field: String) -> String {
        String(decoding: report.json(fields: [field]).dropLast(), as: UTF8.self)
    }

    static var at: Instant { Instant(seconds: 1_800_000_000) }

    static func bare() -> Report {
        Report(
            id: "01X", checkedAt: at + 5, at: at, verdict: .indeterminate, state: .unknown,
            summary: "nothing \"known\"")
    }

    @Test func aBareReportLeavesOutWhatIsAbsent() {
        let expected =
            #"{"schema":1,"id":"01X","checked_at":"2027-01-15T08:00:05Z","at":"2027-01-15T08:00:00Z","#
            + #""stores_from":"default","verdict":"indeterminate","conforms":null,"state":"unknown","#
            + #""thresholds":{"warn_seconds":0,"critical_seconds":0},"#
            + #""summary":"nothing \"known\"","findings":[],"#
            + #""checks":{"passed":0,"not_applicable":0},"stores":{},"breaks":[],"paths":[],"#
            + #""certificates":{},"not_checked":[]}"#
        #expect(String(decoding: Self.bare().json(), as: UTF8.self) == expected + "\n")
    }

    @Test func targetHoldsTheNames() throws {
        var report = Self.bare()
        report.names = [try ReferenceIdentifier(parsing: "bücher.example")]
        #expect(Self.text(report, "names") == #"{"names":["xn--bcher-kva.example"]}"#)
        report.target = Target(host: "h.example", port: 443, address: "192.0.2.1", sni: "s.example")
        #expect(Self.text(report, "names") == "{}")
        let expected =
            #"{"target":{"host":"h.example","port":443,"address":"192.0.2.1","sni":"s.example","#
            + #""names":["xn--bcher-kva.example"]}}"#
        #expect(Self.text(report, "target") == expected)
    }

    @Test func storesInOrderWithNullTrust() {
        var report = Self.bare()
        let digest = SHA256Digest(of: [1])
        report.storesFrom = .rule("*.corp.example")
        report.stores = [
            StoreAnswer(
                name: "mozilla", version: "2.92", published: Self.at, trusted: true, basis: .membership,
                completes: .preload, path: 0, until: Self.at + 9),
            StoreAnswer(
                name: "corp", version: "1", published: nil, trusted: nil, basis: .full, completes: .none,
                reasons: [
                    StoreReason(check: .anchorFound, reason: .anchorAbsent),
                    StoreReason(check: .timeLeaf, reason: .validityEnded, certificate: digest, path: 1),
                ]),
        ]
        #expect(Self.text(report, "stores_from") == #"{"stores_from":"*.corp.example"}"#)
        let expected =
            #"{"stores":{"mozilla":{"version":"2.92","published":"2027-01-15T08:00:00Z","trusted":true,"#
            + #""basis":"membership","completes":"preload","path":0,"until":"2027-01-15T08:00:09Z","#
            + #""reasons":[]},"#
            + #""corp":{"version":"1","trusted":null,"basis":"full","completes":"none","reasons":["#
            + #"{"check":"anchor.found","reason":"anchor_absent"},"#
            + #"{"check":"time.leaf","reason":"validity_ended","certificate":"\#(digest.hex)","path":1}]}}}"#
        #expect(Self.text(report, "stores") == expected)
    }

    @Test func findingsCarryAllTheirMembers() {
        var report = Self.bare()
        let digest = SHA256Digest(of: [1])
        var whole = Finding(
            check: .nameMatch, kind: .path, reason: .nameMismatch, severity: .error, message: "m",
            certificate: digest, place: .leaf, expected: "a.example", presented: "b.example",
            reference: "RFC 9525 6.3", native: Native(code: 62, name: "X509_V_ERR_HOSTNAME_MISMATCH"),
            fix: Fix(.changeName, "t"))
        (whole.path, whole.store, whole.address, whole.effectiveFrom) = (2, "corp", "192.0.2.1", Self.at)
        let small = Finding(
            check: .pathBudget, kind: .path, status: .notEstablished, reason: .stepsExhausted,
            severity: .info,
            message: "n", reference: "ours")
        report.findings = [whole, small]
        let expected =
            #"{"findings":[{"check":"name.match","kind":"path","status":"failed","reason":"name_mismatch","#
            + #""severity":"error","message":"m","certificate":"\#(digest.hex)","place":"leaf","path":2,"#
            + #""store":"corp","address":"192.0.2.1","expected":"a.example","presented":"b.example","#
            + #""reference":"RFC 9525 6.3","effective_from":"2027-01-15T08:00:00Z","#
            + #""native":{"code":62,"name":"X509_V_ERR_HOSTNAME_MISMATCH"},"#
            + #""fix":{"action":"change_name","text":"t"}},"#
            + #"{"check":"path.budget","kind":"path","status":"not_established","reason":"steps_exhausted","#
            + #""severity":"info","message":"n","reference":"ours"}]}"#
        #expect(Self.text(report, "findings") == expected)
        let path = Path(
            certificates: [digest], anchor: nil, stores: [], valid: false, from: nil, until: Self.at,
            findings: [small])
        report.paths = [path]
        let paths =
            #"{"paths":[{"certificates":["\#(digest.hex)"],"stores":[],"valid":false,"#
            + #""until":"2027-01-15T08:00:00Z","findings":[{"check":"path.budget","#
        #expect(Self.text(report, "paths").hasPrefix(paths))
    }

    @Test(arguments: [(3_600, 3_600), (-1, -1), (0, 0)] as [(Int64, Int64)])
    func firstBreakCountsFromAt(_ offset: Int64, _ seconds: Int64) throws {
        var report = Self.bare()
        report.firstBreak = FirstBreak(
            at: Self.at + offset, store: "mozilla", cause: .leafExpires, certificate: nil, address: "::1")
        let text = Self.text(report, "first_break")
        #expect(
            text.contains(
                #","in_seconds":\#(seconds),"store":"mozilla","cause":"leaf_expires","address":"::1"}"#))
    }

    @Test func renewalKeepsNullAcceptance() {
        var report = Self.bare()
        report.renewal = Renewal(
            due: Self.at, longestValidityDays: 200,
            stores: [
                Renewal.Store(
                    name: "chrome", accepted: false, refusedFrom: Self.at + -1, reason: .constraintsNotMet),
                Renewal.Store(name: "corp", accepted: nil, reason: .notTrustedNow),
            ])
        let expected =
            #"{"renewal":{"due":"2027-01-15T08:00:00Z","longest_validity_days":200,"stores":{"#
            + #""chrome":{"accepted":false,"refused_from":"2027-01-15T07:59:59Z","#
            + #""reason":"constraints_not_met"},"corp":{"accepted":null,"reason":"not_trusted_now"}}}}"#
        #expect(Self.text(report, "renewal") == expected)
    }

    @Test func breaksKeepNullTrust() {
        var report = Self.bare()
        let digest = SHA256Digest(of: [1])
        report.breaks = [
            Break(
                at: Self.at + 9, store: "corp", path: 1, cause: .issuerExpires, certificate: digest,
                trustedAfter: false, verdictAfter: .partlyTrusted),
            Break(
                at: Self.at + 10, store: "mozilla", path: nil, cause: .notYetValid, certificate: nil,
                trustedAfter: nil, verdictAfter: .indeterminate),
        ]
        let expected =
            #"{"breaks":[{"at":"2027-01-15T08:00:09Z","store":"corp","path":1,"cause":"issuer_expires","#
            + #""certificate":"\#(digest.hex)","trusted_after":false,"verdict_after":"partly_trusted"},"#
            + #"{"at":"2027-01-15T08:00:10Z","store":"mozilla","cause":"not_yet_valid","#
            + #""trusted_after":null,"verdict_after":"indeterminate"}]}"#
        #expect(Self.text(report, "breaks") == expected)
    }

    @Test func presentedKeepsNullComplete() {
        var report = Self.bare()
        let (a, b) = (SHA256Digest(of: [1]), SHA256Digest(of: [2]))
        var presented = Presented(certificates: [b, a, b], complete: nil, inOrder: false, anchorSent: true)
        (presented.duplicates, presented.unrelated) = ([b], [a])
        presented.missing = [
            .init(subject: "CN=I", sha256: a, url: "http://i.example/i.cer"), .init(subject: "CN=J"),
        ]
        report.presented = presented
        let expected =
            #"{"presented":{"certificates":["\#(b)","\#(a)","\#(b)"],"complete":null,"in_order":false,"#
            + #""duplicates":["\#(b)"],"unrelated":["\#(a)"],"missing":[{"subject":"CN=I","sha256":"\#(a)","#
            + #""url":"http://i.example/i.cer"},{"subject":"CN=J"}],"anchor_sent":true}}"#
        #expect(Self.text(report, "presented") == expected)
    }

    @Test func handshakeByPhase() {
        var report = Self.bare()
        var handshake = Handshake()
        (handshake.protocolVersion, handshake.cipher) = ("TLS 1.3", "TLS_AES_128_GCM_SHA256")
        handshake.timings = [
            Timing(phase: .resolve, milliseconds: 1.23456), Timing(phase: .connect, milliseconds: 2),
            Timing(phase: .connect, milliseconds: 0.5),
        ]
        handshake.failedAt = .handshake
        handshake.addressesTried = ["192.0.2.1", "::1"]
        handshake.clientCertificate = ClientCertificateRequest(required: false, authorities: ["CN=C"])
        report.handshake = handshake
        let expected =
            #"{"handshake":{"protocol":"TLS 1.3","cipher":"TLS_AES_128_GCM_SHA256","#
            + #""timings":{"resolve":1.235,"connect":2.5},"failed_at":"handshake","#
            + #""addresses":["192.0.2.1","::1"],"#
            + #""client_certificate":{"requested":true,"required":false,"presented":false,"refused":false,"#
            + #""authorities":["CN=C"]}}}"#
        #expect(Self.text(report, "handshake") == expected)
    }

    @Test func leafAndCertificates() throws {
        let certificate = try Certificate.parse(der: Self.leaf.der)
        var report = Self.bare()
        report.leaf = certificate.sha256
        report.certificates = [Described(certificate, role: .endEntity)]
        let whole = try Self.parsed(report)
        let leaf = try #require(whole["leaf"]?.object)
        #expect(
            leaf.members.map(\.name) == [
                "sha256", "subject", "names", "issuer", "serial", "not_before", "not_after",
                "lifetime_seconds",
            ])
        #expect(leaf["names"]?.array?.map(\.string) == ["www.example", "192.0.2.1", "2001:db8::1"])
        #expect(leaf["subject"]?.string == "CN=www.example" && leaf["issuer"]?.string == "CN=Report Root")
        #expect(leaf["not_after"]?.string == certificate.notAfter?.description)
        #expect(leaf["lifetime_seconds"]?.int == 180 * 86_400 + 1)
        let described = try #require(whole["certificates"]?.object?[certificate.sha256.hex]?.object)
        #expect(described["sha256"] == leaf["sha256"] && described["role"]?.string == "end_entity")
        #expect(described["serial"] == leaf["serial"] && described["pem"] == nil)
        #expect(described["sha1"]?.string?.count == 40 && described["version"]?.int == 3)
        #expect(
            described["subject"]?.object?["attributes"]
                == .array([.array([.string("CN"), .string("www.example")])]))
        report.includes = [.pem]
        let pem = try Self.parsed(report)["certificates"]?.object?.members.first?.value.object?["pem"]?.string
        #expect(try PEM.decode(Array(try #require(pem).utf8), limit: 1) == [Self.leaf.der])
    }

    @Test func inclusionsAreAskedFor() {
        var report = Self.bare()
        (report.checks.passed, report.checks.notApplicable) = (4, 2)
        report.checks.list = [
            CheckOutcome(check: .timeLeaf, status: .passed),
            CheckOutcome(check: .revocationStatus, status: .notEstablished, reason: .notAsked),
        ]
        report.trace = ["a -> b"]
        report.notChecked = [NotChecked(check: "revocation", reason: "not_asked", message: "no CRL")]
        #expect(Self.text(report, "trace") == "{}")
        #expect(Self.text(report, "checks") == #"{"checks":{"passed":4,"not_applicable":2}}"#)
        #expect(
            Self.text(report, "not_checked")
                == #"{"not_checked":[{"check":"revocation","reason":"not_asked","message":"no CRL"}]}"#)
        report.includes = [.checks, .trace]
        #expect(Self.text(report, "trace") == #"{"trace":["a -> b"]}"#)
        #expect(
            Self.text(report, "checks")
                == #"{"checks":{"passed":4,"not_applicable":2,"list":["#
                + #"{"check":"time.leaf","status":"passed"},"#
                + #"{"check":"revocation.status","status":"not_established","reason":"not_asked"}]}}"#)
    }

    @Test func fieldsKeepTheOrderOfTheReport() throws {
        let members = try Self.parsed(Self.bare(), fields: ["state", "id", "verdict", "first_break"])
        #expect(members.members.map(\.name) == ["id", "verdict", "state"])
    }

    /// SCTs with what is known of their logs, and each client's answer; an unknown answer is null.
    @Test func transparency() {
        var report = Report(
            id: "1", checkedAt: "2026-07-01", at: "2026-07-01", verdict: .trusted, state: .ok, summary: "")
        #expect(Self.text(report, "transparency") == "{}")
        var known = TransparencyAnswer.Stamp(logID: "ab", milliseconds: 1_751_452_386_104, source: "embedded")
        (known.log, known.operator, known.type, known.state) = ("L", "O", "rfc6962", "usable")
        known.verified = true
        var unknown = TransparencyAnswer.Stamp(logID: "cd", milliseconds: .max, source: "tls")
        unknown.reason = .sctLogUnknown
        report.transparency = TransparencyAnswer(
            scts: [known, unknown],
            clients: [
                .init(client: "chrome", satisfied: true),
                .init(
                    client: "apple", satisfied: nil, reason: .sctLogUnknown, expected: "2", presented: "1"),
            ])
        #expect(
            Self.text(report, "transparency")
                == #"{"transparency":{"scts":[{"log_id":"ab","log":"L","operator":"O","type":"rfc6962","#
                + #""state":"usable","timestamp":"2025-07-02T10:33:06Z","timestamp_ms":1751452386104,"#
                + #""source":"embedded","verified":true},{"log_id":"cd","timestamp":"9999-12-31T23:59:59Z","#
                + #""timestamp_ms":253402300799000,"source":"tls","verified":null,"#
                + #""reason":"sct_log_unknown"}],"clients":{"chrome":{"satisfied":true},"#
                + #""apple":{"satisfied":null,"reason":"sct_log_unknown","expected":"2","#
                + #""presented":"1"}}}}"#)
    }
}
