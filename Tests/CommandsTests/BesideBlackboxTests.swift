import Fixtures
import Foundation
import Testing

/// `/probe` beside the real blackbox_exporter where names and addresses matter: both programs run with a
/// hosts file of the test's, which takes a mount namespace and thus root.
@Suite(.enabled(if: NamedHosts.areAllowed)) struct BesideBlackboxTests {
    private static let root = Authority.root("Beside Root")
    private static let leaf = root.leaf("beside.example.com") {
        ($0.notBefore, $0.notAfter) = ("2020-01-01", "2040-01-01")
    }

    private static let modules = [
        "default": "", "four": "preferred_ip_protocol: ip4, ", "six": "preferred_ip_protocol: ip6, ",
        "only4": "preferred_ip_protocol: ip4, ip_protocol_fallback: false, ",
        "only6": "preferred_ip_protocol: ip6, ip_protocol_fallback: false, ",
    ]

    private struct Pair {
        let theirs: UInt16
        let ours: UInt16
        let processes: [ServerProcess]

        func stop() { for process in processes { process.stop() } }
    }

    private static func pair(_ folder: TemporaryFolder) async throws -> Pair {
        let anchors = try folder.write("root.pem", root.certificate.pem)
        let tls = "tls: true, tls_config: {ca_file: \(anchors), server_name: beside.example.com}"
        let lines = modules.map { "  \($0.key): {prober: tcp, timeout: 3s, tcp: {\($0.value)\(tls)}}\n" }
        let configuration = try folder.write("modules.yml", "modules:\n" + lines.sorted().joined())
        let hosts = try folder.write(
            "hosts", "127.0.0.1 four.test dual.test\n::1 six.test dual.test\n127.0.0.1 localhost\n")
        let (blackbox, theirs) = try await NamedHosts.start(
            "prometheus-blackbox-exporter",
            ["--config.file=\(configuration)", "--web.listen-address=127.0.0.1:0"], hosts: hosts)
        let (catenary, ours) = try await NamedHosts.start(
            BuiltProgram.url().path,
            ["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--config", configuration],
            hosts: hosts)
        return Pair(theirs: theirs, ours: ours, processes: [blackbox, catenary])
    }

    private struct Reply: Equatable {
        var status: String
        /// Without those that tell times.
        var samples: [String]

        init(_ answer: String) {
            status = answer.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            samples = answer.split(whereSeparator: \.isNewline).map(String.init).filter {
                $0.hasPrefix("probe_") && !$0.contains("duration_seconds ") && !$0.contains("time_seconds ")
            }.map { line in
                let words = line.split(separator: " ")
                return words.dropLast().joined(separator: " ") + " \(Double(words.last ?? "") ?? -1)"
            }.sorted()
        }

        func value(_ name: String) -> String? {
            samples.first { $0.hasPrefix(name + " ") }?.split(separator: " ").last.map(String.init)
        }
    }

    /// Which address is dialled, by family, and what is said when there is none.
    @Test(.timeLimit(.minutes(2))) func families() async throws {
        let folder = try TemporaryFolder()
        let pair = try await Self.pair(folder)
        defer { pair.stop() }
        let four = try await OpenSSLServer([Self.leaf])
        let six = try await OpenSSLServer([Self.leaf], address: "::1", port: four.port)
        defer {
            four.stop()
            six.stop()
        }
        let port = four.port
        // On its own port: the other family refuses.
        let alone = try await OpenSSLServer([Self.leaf])
        defer { alone.stop() }
        let targets = [
            "four.test:\(port)", "six.test:\(port)", "dual.test:\(port)", "localhost:\(port)",
            "127.0.0.1:\(port)", "[::1]:\(port)", "dual.test:\(alone.port)", "four.test", "127.0.0.1",
        ]
        for module in Self.modules.keys.sorted() {
            for target in targets {
                let query = "/probe?module=\(module)&target=\(target)"
                let theirs = Reply(try ServedProgram.get(query, port: pair.theirs))
                let strict = Reply(try ServedProgram.get(query + "&compat=strict", port: pair.ours))
                #expect(strict == theirs, "\(module) \(target)")
                let ours = Reply(try ServedProgram.get(query, port: pair.ours))
                // The next address is asked where blackbox_exporter gives up.
                let isRescued = target.hasPrefix("dual.test:\(alone.port)") && !module.hasPrefix("only")
                let withDefault = target == "four.test" || target == "127.0.0.1"
                guard !isRescued, !withDefault else { continue }
                for name in ["probe_success", "probe_ip_protocol", "probe_ip_addr_hash"] {
                    #expect(ours.value(name) == theirs.value(name), "\(module) \(target) \(name)")
                }
            }
        }
        let rescued = try ServedProgram.get(
            "/probe?module=default&target=dual.test:\(alone.port)", port: pair.ours)
        #expect(Reply(rescued).value("probe_success") == "1.0")
        #expect(Reply(rescued).value("probe_ip_protocol") == "4.0")
    }

    static let questions: [(query: String, headers: String)] = [
        ("", ""), ("target=127.0.0.1:1", "X-Prometheus-Scrape-Timeout-Seconds: abc\r\n"),
        ("module=default", ""), ("module=default&target=", ""), ("module=nix&target=127.0.0.1:1", ""),
        ("module=nix", "X-Prometheus-Scrape-Timeout-Seconds: abc\r\n"),
        ("module=default", "X-Prometheus-Scrape-Timeout-Seconds: abc\r\n"),
        ("module=default&target=127.0.0.1:1", "X-Prometheus-Scrape-Timeout-Seconds: 1s\r\n"),
        ("module=default&target=127.0.0.1:1", "X-Prometheus-Scrape-Timeout-Seconds: \r\n"),
        ("module=default&target=127.0.0.1:1", "X-Prometheus-Scrape-Timeout-Seconds: 0\r\n"),
        ("module=default&target=127.0.0.1:1", "X-Prometheus-Scrape-Timeout-Seconds: -5\r\n"),
        ("module=default&target=127.0.0.1:1", "X-Prometheus-Scrape-Timeout-Seconds: 1e1\r\n"),
        ("module=default&module=nix&target=127.0.0.1:1&target=127.0.0.1:2", ""),
    ]

    /// What is missing, unknown or no number gets the same status and series.
    @Test func badQuestions() async throws {
        let folder = try TemporaryFolder()
        let pair = try await Self.pair(folder)
        defer { pair.stop() }
        for (query, headers) in Self.questions {
            let path = "/probe?compat=strict&" + query
            let isTCP = query.hasPrefix("module")
            let theirs = Reply(try ServedProgram.get("/probe?" + query, port: pair.theirs, headers: headers))
            let ours = Reply(
                try ServedProgram.get(isTCP ? path : "/probe?" + query, port: pair.ours, headers: headers))
            // http_2xx is not in the configuration of theirs, and standard in ours.
            if isTCP { #expect(ours == theirs, "\(query) \(headers)") }
            if query.isEmpty { #expect(ours.status == "HTTP/1.1 400 Bad Request") }
        }
    }

    /// The time of a scrape, less half a second, ends a probe of a peer that hangs; what is less than that
    /// leaves the module its own.
    @Test(.timeLimit(.minutes(1)), arguments: [("1.5", 0.9, 1.9), ("0.3", 2.8, 4.0), ("60", 2.8, 4.0)])
    func timeouts(_ header: String, _ least: Double, _ most: Double) async throws {
        let folder = try TemporaryFolder()
        let pair = try await Self.pair(folder)
        defer { pair.stop() }
        let silent = try await ServerProcess.start(
            "python3",
            [
                "-u", "-c",
                "import socket,time;s=socket.create_server(('127.0.0.1',0));"
                    + "print(s.getsockname()[1]);time.sleep(60)",
            ]
        ) { UInt16($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        defer { silent.process.stop() }
        let path = "/probe?module=default&target=127.0.0.1:\(silent.ready)"
        for port in [pair.theirs, pair.ours] {
            let began = ContinuousClock.now
            let answer = Reply(
                try ServedProgram.get(
                    path, port: port, headers: "X-Prometheus-Scrape-Timeout-Seconds: \(header)\r\n"))
            let took = (ContinuousClock.now - began) / .seconds(1)
            #expect(answer.value("probe_success") == "0.0")
            #expect(took > least && took < most, "\(took)")
        }
    }
}
