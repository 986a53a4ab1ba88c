import Certificates
import Fixtures
import Foundation
import JSON
import Testing

/// The rule of docs/prometheus/rules.yml in a real Prometheus that scrapes a real server: one expression for
/// whatever will break.
@Suite(.enabled(if: NamedHosts.areAllowed)) struct AlertRuleTests {
    private static let rules = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/prometheus/rules.yml")
        .path

    /// Seconds from now on the machine's clock, which Prometheus reads.
    private static func `in`(days: Double) -> EncodedTime {
        .instant(Instant(seconds: Int64(Date().timeIntervalSince1970 + days * 86_400)))
    }

    @Test(.timeLimit(.minutes(2))) func oneRuleForWhateverBreaks() async throws {
        let root = Authority.root("Alert Root")
        let issuer = root.intermediate("Alert CA") { $0.notAfter = "2040-01-01" }
        let ending = root.intermediate("Ending CA") { $0.notAfter = Self.in(days: 6) }
        func chain(_ issuer: Authority, _ name: String, until end: EncodedTime) -> [FixtureCertificate] {
            let leaf = issuer.leaf(name) { ($0.notBefore, $0.notAfter) = ("2020-01-01", end) }
            return [leaf, issuer.certificate]
        }
        let fleet = chain(issuer, "fleet.test", until: "2040-01-01")
        let cases: [(name: String, presented: [FixtureCertificate])] = [
            ("well.test", chain(issuer, "well.test", until: "2040-01-01")),
            ("leaf.test", chain(issuer, "leaf.test", until: Self.in(days: 9))),
            ("intermediate.test", chain(ending, "intermediate.test", until: "2040-01-01")),
            ("expired.test", chain(issuer, "expired.test", until: Self.in(days: -3))),
            ("fleet.test", fleet),
        ]
        var servers: [OpenSSLServer] = []
        defer { for server in servers { server.stop() } }
        for one in cases { servers.append(try await OpenSSLServer(one.presented)) }
        let port = servers[4].port
        for number in 2...4 {
            let old = chain(issuer, "fleet.test", until: Self.in(days: 12))
            servers.append(
                try await OpenSSLServer(
                    number == 3 ? old : fleet, address: "127.0.0.\(number)", port: port))
        }

        let folder = try TemporaryFolder()
        let anchors = try folder.write("root.pem", root.certificate.pem)
        let names = cases.dropLast().map { "127.0.0.1 \($0.name)\n" }.joined()
        let addresses = (1...4).map { "127.0.0.\($0) fleet.test\n" }.joined()
        let hosts = try folder.write("hosts", names + addresses)
        let (catenary, own) = try await NamedHosts.start(
            BuiltProgram.url().path,
            ["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--trust-store", "test=\(anchors)"],
            hosts: hosts)
        defer { catenary.stop() }
        let targets = zip(cases, servers).map { "\"\($0.name):\($1.port)\"" }.joined(separator: ", ")
        let configuration = try folder.write(
            "prometheus.yml",
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["\(Self.rules)"]
            scrape_configs:
              - job_name: certificates
                metrics_path: /probe
                params: {module: [tcp_tls], address: [all], stores: [test]}
                static_configs: [{targets: [\(targets)]}]
                relabel_configs:
                  - {source_labels: [__address__], target_label: __param_target}
                  - {source_labels: [__param_target], regex: "(.*):.*", target_label: instance}
                  - {target_label: __address__, replacement: "127.0.0.1:\(own)"}

            """)
        let (prometheus, its) = try await NamedHosts.start(
            "prometheus",
            [
                "--config.file=\(configuration)", "--storage.tsdb.path=\(folder.path)/data",
                "--web.listen-address=127.0.0.1:0",
            ], hosts: hosts)
        defer { prometheus.stop() }
        let expected: Set = ["leaf.test", "intermediate.test", "expired.test", "fleet.test"]
        var firing: Set<String> = []
        let deadline = ContinuousClock.now + .seconds(60)
        while firing != expected, ContinuousClock.now < deadline {
            firing = try Self.firing(try ServedProgram.get("/api/v1/alerts", port: its))
            try await Task.sleep(for: .milliseconds(200))
        }
        #expect(firing == expected)
        // The well one was asked, too.
        let query = "/api/v1/query?query=catenary_state%7Binstance=%22well.test%22%7D"
        #expect(try ServedProgram.get(query, port: its).contains("\"0\"]"))
    }

    /// Instances for which `CertificateBreaks` fires.
    private static func firing(_ answer: String) throws -> Set<String> {
        // Until it has read its own files Prometheus answers 503.
        guard answer.hasPrefix("HTTP/1.1 200"), let start = answer.firstIndex(of: "{"),
            let end = answer.lastIndex(of: "}")
        else { return [] }
        let body = try JSONParser.parse(Array(answer[start...end].utf8))
        let alerts = body.object?["data"]?.object?["alerts"]?.array ?? []
        return Set(
            alerts.compactMap { alert in
                let labels = alert.object?["labels"]?.object
                guard labels?["alertname"]?.string == "CertificateBreaks",
                    alert.object?["state"]?.string == "firing"
                else { return nil }
                return labels?["instance"]?.string
            })
    }
}
