import Assessment
import Certificates
import Egress
import Fixtures
import Logging
import Reports
import Synchronization
import Testing
import TrustStores

/// From a request to a report: which stores, which options, which server name.
@Suite struct AssessorTests {
    /// 2026-07-01T00:00:00Z
    static let now = Instant(seconds: 1_782_864_000)

    static func store(_ name: String, _ authority: Authority) throws -> TrustStore {
        TrustStore(
            name: name, version: "1", origin: .shipped, client: Client(name: .libcrypto, completes: .nothing),
            anchors: [Anchor(certificate: try Certificate.parse(der: authority.certificate.der))])
    }

    private static func assessor(_ rules: [StoreRule] = [], allowsPrivate: Bool = true) throws -> Assessor {
        let set = StoreSet(
            [
                try store("mozilla", StandardChains.root),
                try store("corp", Authority.root("Corporate Root")),
            ], clients: [Client(name: .libcrypto, completes: .nothing)])
        let stores = try CurrentStores(rules: StoreRules(rules)) { _ throws(TrustStoreError) in set }
        return try Assessor(
            stores: stores, policy: EgressPolicy(allowsPrivate: allowsPrivate), logger: Logger(label: "test"))
    }

    private static func validate(
        _ assessor: Assessor, _ chain: StandardChain, _ options: [(String, String)] = []
    ) async throws -> Report {
        let inputs = OptionInput.query([("pem", chain.pem)] + options)
        let request = try OptionParser.parse(inputs, for: .validate)
        return try await assessor.validate(request, given: Set(inputs.map(\.name)), now: now, id: "id")
    }

    /// A rule gives stores, profile and thresholds; what the request says is stronger, each for itself.
    @Test func rules() async throws {
        let rule = try StoreRule(
            match: "*.example.com", stores: ["corp"], profile: "rfc5280", warn: "200d", critical: "1d,1%")
        let assessor = try Self.assessor([rule])
        let chain = StandardChains.good()

        let ruled = try await Self.validate(assessor, chain, [("name", "www.example.com")])
        #expect(ruled.storesFrom == .rule("*.example.com"))
        #expect(ruled.stores.map(\.name) == ["corp"])
        #expect(ruled.verdict == .untrusted)
        #expect(ruled.thresholds.warnSeconds == 200 * 86_400)
        #expect(ruled.thresholds.criticalSeconds == 86_400)

        let asked = try await Self.validate(
            assessor, chain, [("name", "www.example.com"), ("stores", "mozilla"), ("warn", "3d")])
        #expect(asked.storesFrom == .request)
        #expect(asked.stores.map(\.name) == ["mozilla"])
        #expect(asked.verdict == .trusted)
        #expect(asked.thresholds.warnSeconds == 3 * 86_400)
        #expect(asked.thresholds.criticalSeconds == 86_400)

        let other = try await Self.validate(assessor, chain)
        #expect(other.storesFrom == .default)
        #expect(other.stores.map(\.name) == ["mozilla"])
    }

    @Test func timeIsAnInput() async throws {
        let assessor = try Self.assessor()
        let report = try await Self.validate(
            assessor, StandardChains.good(), [("at", "2026-12-01T00:00:00Z")])
        #expect(report.checkedAt == Self.now)
        #expect(report.at.description == "2026-12-01T00:00:00Z")
        #expect(report.verdict == .untrusted)
        #expect(report.id == "id")
    }

    /// What cannot be judged is told at the option's name.
    @Test func whatIsWrong() async throws {
        let assessor = try Self.assessor()
        let cases: [([(String, String)], OptionError.Code, String)] = [
            ([], .optionMissing, ""),
            ([("der", "MAA=")], .certificateMalformed, "der"),
            ([("pem", StandardChains.good().pem), ("stores", "nobody")], .unknownStore, "stores"),
            ([("pem", StandardChains.good().pem), ("clients", "nobody")], .unknownClient, "clients"),
            ([("pem", StandardChains.good().pem), ("clients", "libcrypto")], .optionConflict, "clients"),
            (
                [
                    ("pem", StandardChains.good().pem),
                    ("anchors", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
                ], .certificateMalformed, "anchors"
            ),
        ]
        for (options, code, place) in cases {
            let inputs = OptionInput.query(options)
            let request = try OptionParser.parse(inputs, for: .validate)
            let errors = await #expect(throws: OptionErrors.self) {
                try await assessor.validate(request, given: Set(inputs.map(\.name)), now: Self.now, id: "id")
            }
            #expect(errors?.errors.map(\.code) == [code])
            #expect(errors?.errors.map(\.pointer) == [place])
        }
    }

    @Test func checkSendsTheNameAskedFor() async throws {
        let server = try await OpenSSLServer(StandardChains.good().presented)
        defer { server.stop() }
        let assessor = try Self.assessor()
        func check(_ options: [(String, String)]) async throws -> Report {
            let inputs = OptionInput.query([("target", "127.0.0.1:\(server.port)")] + options)
            return try await assessor.check(
                try OptionParser.parse(inputs, for: .check), given: Set(inputs.map(\.name)), now: Self.now,
                id: "id")
        }
        let named = try await check([("name", StandardChains.host)])
        #expect(named.verdict == .trusted)
        #expect(named.target?.sni == StandardChains.host)
        #expect(named.target?.address == "127.0.0.1")

        // An address is never sent as server name (RFC 6066 §3), and it is not in the certificate.
        let unnamed = try await check([])
        #expect(unnamed.target?.sni == nil)
        #expect(unnamed.verdict == .untrusted)
        #expect(unnamed.findings.contains { $0.check == .nameMatch && $0.reason == .nameMismatch })

        let other = try await check([("name", StandardChains.host), ("sni", "other.example")])
        #expect(other.target?.sni == "other.example")
        #expect(other.verdict == .trusted)
    }

    /// Nothing in the report tells where the name leads, or what is there.
    @Test func refusedAddresses() async throws {
        let assessor = try Self.assessor(allowsPrivate: false)
        let request = try OptionParser.parse(OptionInput.query([("target", "localhost:1")]), for: .check)
        let report = try await assessor.check(request, now: Self.now, id: "id")
        #expect(report.verdict == .indeterminate && report.state == .unknown)
        let finding = try #require(report.findings.first { $0.check == .netEgress })
        #expect(finding.reason == .addressRefused && finding.status == .notEstablished)
        #expect(finding.fix?.text.contains("--egress-allow") == true)
        let text = String(decoding: report.json(), as: UTF8.self)
        #expect(!text.contains("127.0.0.1") && !text.contains("loopback") && report.handshake == nil)
    }

    /// An old server is judged as any other; that it is old is said apart from trust.
    @Test func oldServers() async throws {
        let server = try await OpenSSLServer(
            StandardChains.good().presented, arguments: ["-tls1", "-cipher", "DEFAULT@SECLEVEL=0"])
        defer { server.stop() }
        let inputs = OptionInput.query([
            ("target", "127.0.0.1:\(server.port)"), ("name", StandardChains.host),
        ])
        let report = try await Self.assessor().check(
            try OptionParser.parse(inputs, for: .check), given: ["name"], now: Self.now, id: "id")
        #expect(report.verdict == .trusted && report.state == .warning)
        let finding = try #require(report.findings.first { $0.check == .tlsSecurityLevel })
        #expect(finding.reason == .securityLevelLowered && finding.severity == .warning)
        #expect(finding.presented?.contains("legacy sigalg disallowed") == true)
        #expect(report.findings.contains { $0.check == .tlsVersion && $0.presented == "TLS 1.0" })
        let text = String(decoding: report.json(fields: ["handshake"]), as: UTF8.self)
        #expect(
            text.contains(
                #""attempts":[{"security_level":"default","protocol":"TLS 1.0","reason":"protocol_error","#))
        #expect(text.contains(#"{"security_level":"lowest","protocol":"TLS 1.0"}]"#))
    }

    /// What the server shows when it is asked in other ways stands beside the answer and does not change it.
    @Test func variants() async throws {
        let (chain, folder) = (StandardChains.good(), try TemporaryFolder())
        let stranger = Authority.root("Stranger").leaf("default.test")
        let server = try await OpenSSLServer(
            [stranger],
            arguments: [
                "-servername", StandardChains.host,
                "-cert2", try folder.write("c.pem", chain.presented[0].pem),
                "-key2", try folder.write("k.pem", chain.presented[0].keyPEM),
            ])
        defer { server.stop() }
        func check(_ options: [(String, String)]) async throws -> Report {
            let inputs = OptionInput.query(
                [
                    ("target", "127.0.0.1:\(server.port)"), ("name", StandardChains.host),
                    ("variants", "true"), ("intermediates", chain.presented.dropFirst().pem),
                ] + options)
            return try await Self.assessor().check(
                try OptionParser.parse(inputs, for: .check), given: Set(inputs.map(\.name)), now: Self.now,
                id: "id")
        }
        for options in [[], [("address", "all")]] {
            let report = try await check(options)
            #expect(report.verdict == .trusted && report.state == .warning)
            #expect(report.variants.map(\.variant) == Variant.allCases)
            let differing = report.findings.filter { $0.check == .fleetVariants }
            #expect(differing.map(\.reason) == [.variantDiffers])
            #expect(differing.first?.severity == .warning)
            #expect(differing.first?.presented == "no_sni: \(stranger.sha256.hex), untrusted")
            #expect(differing.first?.expected == chain.presented[0].sha256.hex)
            #expect(report[stranger.sha256] != nil)
            let answers = Dictionary(uniqueKeysWithValues: report.variants.map { ($0.variant, $0) })
            #expect(answers[.noSNI]?.verdict == .untrusted && answers[.default]?.verdict == .trusted)
            #expect(answers[.noSNI]?.certificates == [stranger.sha256])
            #expect(answers[.rsa]?.error == .alertReceived && answers[.rsa]?.certificates == [])
            let text = String(decoding: report.json(fields: ["variants"]), as: UTF8.self)
            let start = #"{"variants":[{"variant":"default","protocol":"TLS 1.3","certificates":["#
            #expect(text.hasPrefix(start))
            #expect(text.contains(#""error":"alert_received","presented":"handshake_failure"}"#))
        }
    }

    @Test func anUnknownClientCertificate() async throws {
        let request = try OptionParser.parse(
            OptionInput.query([("target", "127.0.0.1:1"), ("client_certificate", "corp")]), for: .check)
        let errors = await #expect(throws: OptionErrors.self) {
            try await Self.assessor().check(request, now: Self.now, id: "id")
        }
        #expect(errors?.errors.map(\.code) == [.unknownClientCertificate])
        #expect(errors?.errors.map(\.pointer) == ["client_certificate"])
    }

    @Test func anUnknownProxy() async throws {
        let request = try OptionParser.parse(
            OptionInput.query([("target", "127.0.0.1:1"), ("proxy", "dmz")]), for: .check)
        let errors = await #expect(throws: OptionErrors.self) {
            try await Self.assessor().check(request, now: Self.now, id: "id")
        }
        #expect(errors?.errors.map(\.code) == [.unknownProxy] && errors?.errors.map(\.pointer) == ["proxy"])
    }

    /// A reload takes the new stores whole, or keeps the old ones and says why.
    @Test func reload() throws {
        let sets = Mutex<[Result<StoreSet, TrustStoreError>]>([
            .success(StoreSet([try Self.store("mozilla", StandardChains.root)])),
            .failure(TrustStoreError(.unreadable, "gone")),
            .success(StoreSet([try Self.store("other", StandardChains.root)])),
            .success(
                StoreSet([
                    try Self.store("mozilla", StandardChains.root),
                    try Self.store("more", StandardChains.root),
                ])),
        ])
        let rule = try StoreRule(match: "a.example", stores: ["mozilla"])
        let stores = try CurrentStores(rules: StoreRules([rule])) { _ throws(TrustStoreError) in
            try sets.withLock { $0.removeFirst() }.get()
        }
        func names() -> [String] { stores.stores.all.map(\.name) }
        #expect(names() == ["mozilla"])
        #expect(throws: TrustStoreError(.unreadable, "gone")) { try stores.reload() }
        #expect(names() == ["mozilla"])
        // A rule names a store that is not there any more.
        let error = #expect(throws: TrustStoreError.self) { try stores.reload() }
        #expect(error?.code == .unknown)
        #expect(names() == ["mozilla"])
        try stores.reload()
        #expect(names() == ["mozilla", "more"])
    }
}
