import Certificates
import Fixtures
import Reports
import Testing

@testable import Commands

/// `check --serves --wait`.
@Suite struct ServedWaitTests {
    private static let at = ["--at", "2026-07-01T00:00:00Z", "--name", StandardChains.host]

    /// The old certificate is served when the wait begins, the new one some time later.
    @Test func waitsForTheNewCertificate() async throws {
        let folder = try TemporaryFolder()
        let (old, new) = (StandardChains.expiredLeaf(), StandardChains.good())
        let anchors = try folder.write("root.pem", new.anchorsPEM)
        let served = try folder.write("new.pem", new.pem)
        let first = try await OpenSSLServer(old.presented)
        let port = first.port
        let arguments =
            ["check", "127.0.0.1:\(port)", "--serves", served, "--wait", "60s", "--address", "all"] + Self.at
            + ["--trust-store", "test=\(anchors)", "--stores", "test"]
        async let waiting = BuiltProgram.run(arguments)
        // Asked at least once: s_server tells each handshake.
        first.stop()
        let second = try await OpenSSLServer(new.presented, port: port)
        defer { second.stop() }
        let run = try await waiting
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.errors.isEmpty)
    }

    @Test func saysWhoDoesNot() async throws {
        let folder = try TemporaryFolder()
        let chain = StandardChains.good()
        let anchors = try folder.write("root.pem", chain.anchorsPEM)
        let server = try await OpenSSLServer(chain.presented)
        defer { server.stop() }
        let other = String(repeating: "0", count: 64)
        let common = Self.at + ["--trust-store", "test=\(anchors)", "--stores", "test", "--serves", other]
        let target = "127.0.0.1:\(server.port)"
        for wait in ["0s", "1s"] {
            let run = try await BuiltProgram.run(["check", target, "--wait", wait] + common)
            #expect(run.status == 2)
            let digest = SHA256Digest(of: chain.presented[0].der).hex.prefix(16)
            #expect(
                run.errors == "catenary: not served everywhere: 127.0.0.1: another certificate (\(digest)…)\n"
            )
            // One document, whatever happened.
            #expect(run.output.split(separator: "\n").filter { $0.hasPrefix("CRITICAL") }.count == 1)
        }
    }

    /// Without `--wait` each address is asked once; `localhost` and all below it are two.
    @Test func oneOfTwoAddresses() async throws {
        let folder = try TemporaryFolder()
        let (old, new) = (StandardChains.expiredLeaf(), StandardChains.good())
        let anchors = try folder.write("root.pem", new.anchorsPEM)
        let served = try folder.write("new.pem", new.pem)
        let four = try await OpenSSLServer(new.presented)
        defer { four.stop() }
        let arguments =
            ["check", "fleet.localhost:\(four.port)", "--address", "all", "--serves", served] + Self.at
            + ["--trust-store", "test=\(anchors)", "--stores", "test", "--format", "json"]
        // Nobody listens on the other one.
        let alone = try await BuiltProgram.run(arguments)
        #expect(alone.status == 2)
        #expect(
            alone.errors == "catenary: not served everywhere: ::1: no certificate (connection_refused)\n")

        let stale = try await OpenSSLServer(old.presented, address: "::1", port: four.port)
        let began = ContinuousClock.now
        let one = try await BuiltProgram.run(arguments)
        #expect(one.status == 2)
        let digest = SHA256Digest(of: old.presented[0].der).hex
        #expect(
            one.errors
                == "catenary: not served everywhere: ::1: another certificate (\(digest.prefix(16))…)\n")
        #expect(one.output.contains("\"check\":\"chain.serves\""))
        #expect(one.output.split(separator: "\n").count == 1)
        // Once, not until some time is over.
        #expect(ContinuousClock.now - began < .seconds(8))
        stale.stop()

        let fresh = try await OpenSSLServer(new.presented, address: "::1", port: four.port)
        defer { fresh.stop() }
        let both = try await BuiltProgram.run(arguments + ["--warn", "1d", "--critical", "1h"])
        #expect(both.status == 0, "\(both.output)")
        #expect(both.errors.isEmpty)
    }

    @Test func usage() async throws {
        let run = try await BuiltProgram.run(["check", "127.0.0.1:9", "--wait", "5m"])
        #expect(run.status == 3)
        #expect(run.errors.contains("--serves"))
        let malformed = try await BuiltProgram.run(
            ["check", "127.0.0.1:9", "--wait", "soon", "--serves", String(repeating: "0", count: 64)])
        #expect(malformed.status == 3)
        #expect(malformed.errors.contains("--wait: "))
    }

    @Test func everyAddressCounts() {
        let leaf = SHA256Digest(of: [1])
        var report = Report(
            id: "1", checkedAt: "2026-07-01", at: "2026-07-01", verdict: .trusted, state: .ok, summary: "")
        report.leaf = leaf
        #expect(report.notServing(leaf).isEmpty)
        let group = Fleet.Group(addresses: ["192.0.2.1"], seen: 1, report: report)
        report.leaf = SHA256Digest(of: [2])
        let other = Fleet.Group(addresses: ["192.0.2.2"], seen: 1, report: report)
        report.fleet = Fleet(
            groups: [group, other],
            failed: [
                .init(address: "192.0.2.3", check: .netConnect, reason: .connectionRefused),
                .init(address: "2001:db8::1", check: .netConnect, reason: .noRoute),
            ])
        #expect(
            report.notServing(leaf) == [
                "192.0.2.2: another certificate (\(SHA256Digest(of: [2]).hex.prefix(16))…)",
                "192.0.2.3: no certificate (connection_refused)",
            ])
    }
}
