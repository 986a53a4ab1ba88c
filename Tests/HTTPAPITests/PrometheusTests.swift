import Fixtures
import Foundation
import HTTPAPI
import JSON
import Testing

/// What docs/prometheus gives our users, run by Prometheus's own programs.
@Suite struct PrometheusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/prometheus").path

    @Test func rulesDoWhatTheySay() throws {
        let (status, text) = try Promtool.run(["test", "rules", Self.folder + "/rules-test.yml"])
        #expect(status == 0, "\(text)")
    }

    @Test func configurationIsValid() throws {
        let (status, text) = try Promtool.run(["check", "config", Self.folder + "/prometheus.yml"])
        #expect(status == 0, "\(text)")
    }

    /// Every panel asks for something, and a query that Prometheus cannot parse is none.
    @Test func dashboard() throws {
        let bytes = try Data(contentsOf: URL(filePath: Self.folder + "/dashboard.json"))
        let dashboard = try #require(try JSONParser.parse([UInt8](bytes)).object)
        let panels = dashboard["panels"]?.array ?? []
        #expect(panels.count == 8)
        var rules = "groups:\n- name: dashboard\n  rules:\n"
        var count = 0
        for panel in panels {
            let targets = panel.object?["targets"]?.array ?? []
            #expect(!targets.isEmpty)
            for target in targets {
                let query = try #require(target.object?["expr"]?.string)
                count += 1
                rules += "  - {record: 'x\(count)', expr: '\(query.replacing("'", with: "''"))'}\n"
            }
        }
        let temporary = try TemporaryFolder()
        let (status, text) = try Promtool.run(["check", "rules", try temporary.write("r.yml", rules)])
        #expect(status == 0 && text.contains("\(count) rules found"), "\(text)")
    }

    /// Prometheus itself scrapes us, and the series arrive.
    @Test func scrape() async throws {
        let peer = try await OpenSSLServer(ProbePageTests.cases[1].presented)
        defer { peer.stop() }
        let modules = try ProbePageTests.modules()
        try await withServer(modules: modules) { port in
            let folder = try TemporaryFolder()
            let configuration = try folder.write(
                "prometheus.yml",
                """
                scrape_configs:
                  - job_name: certificates
                    scrape_interval: 1s
                    metrics_path: /probe
                    params: {module: [tls]}
                    static_configs: [{targets: ["127.0.0.1:\(peer.port)"]}]
                    relabel_configs:
                      - {source_labels: [__address__], target_label: __param_target}
                      - {target_label: __address__, replacement: "127.0.0.1:\(port)"}

                """)
            let (process, own) = try await ServerProcess.start(
                "prometheus",
                [
                    "--config.file=\(configuration)", "--storage.tsdb.path=\(folder.path)/data",
                    "--web.listen-address=127.0.0.1:0",
                ], within: .seconds(30)
            ) { text in
                text.split(separator: "\n").first { $0.contains("Listening on") }
                    .flatMap { $0.split(separator: ":").last }.flatMap { Int($0) }
            }
            defer { process.stop() }
            let query = "/api/v1/query?query=catenary_first_break_timestamp_seconds"
            let deadline = ContinuousClock.now + .seconds(30)
            var body = ""
            while !body.contains("1609459201"), ContinuousClock.now < deadline {
                body = try await RawClient.send("GET", query, port: own).body
                try await Task.sleep(for: .milliseconds(100))
            }
            // Expired long ago, and still there.
            #expect(body.contains("\"1609459201\""), "\(body)")
        }
    }
}
