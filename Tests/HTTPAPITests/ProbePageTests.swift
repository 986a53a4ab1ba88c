import Certificates
import Fixtures
import HTTPAPI
import Testing

/// `/probe` beside the real blackbox_exporter, on the same servers.
@Suite struct ProbePageTests {
    /// For both clocks: ours is pinned, blackbox_exporter's is the machine's.
    static let root = Authority.root("Probe Root")
    private static func leaf(_ name: String, until end: EncodedTime = "2040-01-01") -> FixtureCertificate {
        root.leaf(name) { ($0.notBefore, $0.notAfter) = ("2020-01-01", end) }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var presented: [FixtureCertificate]
        var success: Bool
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "good", presented: [leaf("probe.example.com")], success: true),
        Case(name: "expired", presented: [leaf("probe.example.com", until: "2021-01-01")], success: false),
        Case(name: "wrong host", presented: [leaf("other.example.com")], success: false),
        Case(
            name: "self-signed", presented: [Authority.root("probe.example.com").certificate],
            success: false),
    ]

    static func modules() throws -> ProbeModules {
        var verifying = ProbeModule(.tcp)
        (verifying.serverName, verifying.anchors) = ("probe.example.com", [root.certificate.der])
        var skipping = verifying
        skipping.skipsVerification = true
        var hasty = verifying
        hasty.timeout = .milliseconds(400)
        return .standard.merging(["tls": verifying, "skip": skipping, "hasty": hasty])
    }

    /// The real one with the same modules.
    private static func blackbox(_ folder: TemporaryFolder) async throws -> (ServerProcess, Int) {
        let anchors = try folder.write("root.pem", root.certificate.pem)
        let tls = "tls_config: {ca_file: \(anchors), server_name: probe.example.com"
        let configuration = try folder.write(
            "blackbox.yml",
            """
            modules:
              tls: {prober: tcp, tcp: {tls: true, \(tls)}}}
              skip: {prober: tcp, tcp: {tls: true, \(tls), insecure_skip_verify: true}}}
              hasty: {prober: tcp, timeout: 400ms, tcp: {tls: true, \(tls)}}}

            """)
        return try await ServerProcess.start(
            "prometheus-blackbox-exporter",
            ["--config.file=\(configuration)", "--web.listen-address=127.0.0.1:0"]
        ) { text in
            text.split(separator: "\n").first { $0.contains("Listening on") }
                .flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
        }
    }

    /// Samples by name and labels, in one order whoever wrote them.
    private static func samples(_ body: String) -> [String: Double] {
        var samples: [String: Double] = [:]
        for line in body.split(separator: "\n") where !line.hasPrefix("#") {
            guard let space = line.lastIndex(of: " ") else { continue }
            samples[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
        return samples
    }

    private static func withoutTimes(_ samples: [String: Double]) -> [String: Double] {
        samples.filter { !$0.key.hasSuffix("duration_seconds") && !$0.key.hasSuffix("lookup_time_seconds") }
    }

    @Test func besideBlackbox() async throws {
        let folder = try TemporaryFolder()
        let (process, theirs) = try await Self.blackbox(folder)
        defer { process.stop() }
        try await withServer(modules: try Self.modules()) { port in
            for one in Self.cases {
                let server = try await OpenSSLServer(one.presented)
                defer { server.stop() }
                for module in ["tls", "skip"] {
                    let query = "/probe?module=\(module)&target=127.0.0.1:\(server.port)"
                    let other = try await RawClient.send("GET", query, port: theirs)
                    let strict = try await RawClient.send("GET", query + "&compat=strict", port: port)
                    let ours = try await RawClient.send("GET", query, port: port)
                    #expect(strict.status == 200 && ours.status == 200)
                    #expect(ours.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
                    // To the letter, gaps included.
                    #expect(
                        Self.withoutTimes(Self.samples(strict.body))
                            == Self.withoutTimes(Self.samples(other.body)),
                        "\(one.name), \(module)")
                    let (mine, expected) = (Self.samples(ours.body), Self.samples(other.body))
                    #expect(mine["probe_success"] == expected["probe_success"], "\(one.name), \(module)")
                    #expect(mine["probe_success"] == (one.success || module == "skip" ? 1 : 0))
                    #expect(mine["probe_ip_addr_hash"] == expected["probe_ip_addr_hash"])
                    // Dates outlast the failure.
                    #expect(mine["probe_ssl_earliest_cert_expiry"] != nil, "\(one.name)")
                    #expect(mine["catenary_leaf_not_after_timestamp_seconds"] != nil, "\(one.name)")
                }
            }
        }
    }

    /// A server that never answers costs the time the module gives it, for both.
    @Test func hung() async throws {
        let folder = try TemporaryFolder()
        let (process, theirs) = try await Self.blackbox(folder)
        defer { process.stop() }
        let silent = try await SilentServer.start()
        defer { silent.stop() }
        try await withServer(modules: try Self.modules()) { port in
            let query = "/probe?module=hasty&target=127.0.0.1:\(silent.port)"
            let other = Self.samples(try await RawClient.send("GET", query, port: theirs).body)
            let strict = Self.samples(
                try await RawClient.send("GET", query + "&compat=strict", port: port).body)
            #expect(Self.withoutTimes(strict) == Self.withoutTimes(other))
            #expect(strict["probe_success"] == 0)
            let ours = Self.samples(try await RawClient.send("GET", query, port: port).body)
            #expect(ours["catenary_addresses{result=\"failed\"}"] == 1)
            #expect(ours.keys.contains { $0.contains("reason=\"timeout\"") })
        }
    }

    /// One rule fires whatever will break first, and after it has broken, too.
    @Test func firstBreakIsThereForEveryCase() async throws {
        try await withServer(modules: try Self.modules()) { port in
            for one in Self.cases.prefix(2) {
                let server = try await OpenSSLServer(one.presented)
                defer { server.stop() }
                let answer = try await RawClient.send(
                    "GET", "/probe?module=tls&target=127.0.0.1:\(server.port)", port: port)
                #expect(
                    Self.samples(answer.body)["catenary_first_break_timestamp_seconds"]
                        == (one.success ? 2_208_988_801 : 1_609_459_201))
            }
        }
    }

    static let refusals: [(query: String, headers: [String], status: Int, text: String)] = [
        ("module=tls", [], 400, "Target parameter is missing\n"),
        (
            "module=tls", ["X-Prometheus-Scrape-Timeout-Seconds: 1s"], 500,
            "Failed to parse timeout from Prometheus header: "
        ),
        ("module=nix&target=127.0.0.1:1", [], 400, "Unknown module \"nix\"\n"),
        (
            "module=tls&target=127.0.0.1:1", ["X-Prometheus-Scrape-Timeout-Seconds: abc"], 500,
            "Failed to parse timeout from Prometheus header: \"abc\" is no number\n"
        ),
        ("target=127.0.0.1:1&compat=strict", [], 400, "compat=strict applies to modules of the prober tcp\n"),
        ("target=127.0.0.1:1&compat=loose", [], 400, "compat is strict or absent\n"),
        ("target=127.0.0.1:1&format=json", [], 400, "format does not apply to /probe\n"),
        ("target=%ff", [], 400, "The query is not percent-encoded UTF-8\n"),
        ("target=0177.1:443", [], 400, "target: "),
        ("target=127.0.0.1:1&stores=nix", [], 400, "stores: "),
    ]

    @Test func refusals() async throws {
        try await withServer(modules: try Self.modules()) { port in
            for (query, headers, status, text) in Self.refusals {
                let answer = try await RawClient.send("GET", "/probe?\(query)", port: port, headers: headers)
                #expect(answer.status == status, "\(query)")
                #expect(answer.body.hasPrefix(text), "\(query): \(answer.body)")
                #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
            }
            // The time a scrape allows is taken, however small.
            let hurried = try await RawClient.send(
                "GET", "/probe?module=tls&target=127.0.0.1:1", port: port,
                headers: ["X-Prometheus-Scrape-Timeout-Seconds: 0.2"])
            #expect(hurried.status == 200)
            #expect(Self.samples(hurried.body)["probe_success"] == 0)
        }
    }

    /// Prometheus's own linter takes every form of the answer, whatever a certificate says.
    @Test func promtoolAcceptsEverything() async throws {
        let evil = Self.root.leaf("probe.example.com") { spec in
            spec.subject = Name(commonName: "a\"} 1\n\u{1b}[31m\\")
        }
        try await withServer(modules: try Self.modules()) { port in
            for presented in Self.cases.map(\.presented) + [[evil]] {
                let server = try await OpenSSLServer(presented)
                defer { server.stop() }
                for query in ["module=tls", "module=tls&compat=strict", "module=ssl_exporter", "address=all"]
                {
                    let target = "127.0.0.1:\(server.port)"
                    let answer = try await RawClient.send(
                        "GET", "/probe?\(query)&target=\(target)", port: port)
                    try Promtool.check(metrics: answer.body, "\(query)")
                }
            }
        }
    }

    /// The same for what is not there at all, for several addresses of which one is another, and for ten
    /// thousand names, which make no ten thousand series.
    @Test(.timeLimit(.minutes(1))) func promtoolAcceptsTheRest() async throws {
        let many = Self.root.leaf(names: (0..<10_000).map { "host\($0).example.com" }) {
            ($0.notBefore, $0.notAfter) = ("2020-01-01", "2040-01-01")
        }
        let huge = try await OpenSSLServer([many])
        let four = try await OpenSSLServer([Self.leaf("probe.example.com")])
        let six = try await OpenSSLServer(
            [Self.leaf("probe.example.com", until: "2021-01-01")], address: "::1", port: four.port)
        defer { for server in [huge, four, six] { server.stop() } }
        try await withServer(modules: try Self.modules()) { port in
            for target in [
                "127.0.0.1:1", "nowhere.invalid:443", "fleet.localhost:\(four.port)",
                "127.0.0.1:\(huge.port)",
            ] {
                for module in ["tls", "ssl_exporter"] {
                    let query = "/probe?module=\(module)&address=all&target=\(target)"
                    let answer = try await RawClient.send("GET", query, port: port)
                    #expect(answer.status == 200)
                    try Promtool.check(metrics: answer.body, query)
                    let samples = Self.samples(answer.body)
                    #expect(samples.count > 5 && samples.count < 60, "\(query): \(samples.count)")
                    #expect(answer.body.utf8.count < 32_768)
                    guard target.hasPrefix("fleet"), module == "tls" else { continue }
                    #expect(samples["catenary_addresses{result=\"ok\"}"] == 1)
                    #expect(samples["catenary_addresses{result=\"differs\"}"] == 1)
                    #expect(samples["catenary_first_break_timestamp_seconds"] == 1_609_459_201)
                }
            }
            let one = try await RawClient.send(
                "GET", "/probe?module=skip&target=127.0.0.1:\(huge.port)", port: port)
            #expect(Self.samples(one.body)["probe_success"] == 1, "the names of a big chain are read")
        }
    }

    @Test func sslExporter() async throws {
        try await withServer(modules: try Self.modules()) { port in
            let server = try await OpenSSLServer([Self.leaf("probe.example.com")])
            defer { server.stop() }
            let answer = try await RawClient.send(
                "GET",
                "/probe?module=ssl_exporter&target=127.0.0.1:\(server.port)&hostname=probe.example.com",
                port: port)
            let lines = answer.body.split(separator: "\n")
            #expect(lines.contains("ssl_probe_success 0"))
            #expect(lines.contains("ssl_prober{prober=\"tcp\"} 1"))
            #expect(
                lines.contains {
                    $0.hasPrefix("ssl_cert_not_after{serial_no=\"")
                        && $0.hasSuffix(
                            "issuer_cn=\"Probe Root\",cn=\"probe.example.com\","
                                + "dnsnames=\",probe.example.com,\",ips=\"\",emails=\"\",ou=\"\"} 2208988800")
                })
            #expect(!answer.body.contains("ssl_ocsp_response"))
        }
    }
}
