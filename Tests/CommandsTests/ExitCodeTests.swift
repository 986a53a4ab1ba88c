import Certificates
import Fixtures
import Foundation
import JSON
import Testing

/// The four exit codes, and what goes to which stream.
@Suite struct ExitCodeTests {
    private static let at = ["--at", "2026-07-01T00:00:00Z"]

    /// A folder with the chains of these tests and the anchor that all of them hang from.
    private struct Files {
        let folder: TemporaryFolder
        let store: [String]

        init() throws {
            folder = try TemporaryFolder()
            store = [
                "--trust-store", "test=\(try folder.write("root.pem", StandardChains.good().anchorsPEM))",
                "--stores", "test",
            ]
        }

        func chain(_ chain: StandardChain) throws -> String { try folder.write("\(chain.id).pem", chain.pem) }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var chains: [StandardChain]
        var arguments: [String] = []
        var status: Int32
    }

    static let cases = [
        Case(testDescription: "good", chains: [StandardChains.good()], status: 0),
        Case(
            testDescription: "expires within the warning", chains: [StandardChains.good()],
            arguments: ["--warn", "200d"], status: 1),
        Case(
            testDescription: "a warning that is no failure", chains: [StandardChains.good()],
            arguments: ["--warn", "200d", "--fail-on", "critical"], status: 0),
        Case(testDescription: "expired", chains: [StandardChains.expiredLeaf()], status: 2),
        Case(
            testDescription: "expired is a failure in any case", chains: [StandardChains.expiredLeaf()],
            arguments: ["--fail-on", "critical"], status: 2),
        Case(
            testDescription: "the worst of many",
            chains: [StandardChains.good(), StandardChains.expiredLeaf()],
            status: 2),
        Case(
            testDescription: "no store was asked", chains: [StandardChains.good()],
            arguments: ["--stores", ""],
            status: 3),
    ]

    @Test(arguments: cases) func exitCode(_ c: Case) async throws {
        let files = try Files()
        let asksNoStore = c.arguments.contains("--stores")
        let store = asksNoStore ? Array(files.store.prefix(2)) : files.store
        let paths = try c.chains.map(files.chain)
        let run = try await BuiltProgram.run(["validate"] + paths + Self.at + store + c.arguments)
        #expect(run.status == c.status, "\(run.output)\(run.errors)")
        #expect(run.output.contains("not checked"))
        #expect(run.errors.isEmpty)
    }

    /// With JSON, standard output is one document a target, whatever happens.
    @Test func jsonWhateverHappens() async throws {
        let files = try Files()
        let good = try files.chain(StandardChains.good())
        let empty = try files.folder.write("empty.pem", "")
        let cases: [(arguments: [String], status: Int32, codes: [String?])] = [
            (["validate", good] + files.store, 0, [nil]),
            (
                ["validate", good, "/nowhere/at/all", empty] + files.store, 3,
                [nil, "file_unreadable", "no_certificate"]
            ),
            (["validate"], 3, ["usage"]),
            (["validate", good, "--at", "tomorrow"], 3, ["usage"]),
            (["validate", good, "--no-such-flag"], 3, ["usage"]),
            (["validate", good, "--stores", "nobody"], 3, ["unknown_store"]),
            (["validate", good, "--trust-store", "no path"], 3, ["usage"]),
            (["validate", good, "--config", "/nowhere/at/all"], 3, ["usage"]),
            (["check", "a..b"], 3, ["target_malformed"]),
        ]
        for c in cases {
            let at =
                c.arguments.contains("--at") || c.arguments.count == 1 || c.arguments[0] == "check"
                ? [] : Self.at
            let run = try await BuiltProgram.run(c.arguments + at + ["--format", "json"])
            #expect(run.status == c.status, "\(c.arguments)")
            let lines = run.output.split(separator: "\n")
            try #require(lines.count == c.codes.count, "\(run.output)\(run.errors)")
            for (line, code) in zip(lines, c.codes) {
                let document = try #require(JSONParser.parse(Array(line.utf8)).object)
                #expect(document["code"]?.string == code)
                #expect((document["verdict"] != nil) == (code == nil))
            }
        }
    }

    @Test func usageIsThree() async throws {
        for arguments in [["validate"], ["nonsense"], ["check"], ["validate", "--format", "xml", "-"]] {
            let run = try await BuiltProgram.run(arguments)
            #expect(run.status == 3)
            #expect(run.output.isEmpty)
            #expect(!run.errors.isEmpty)
        }
        for arguments in [["--help"], ["--version"], ["check", "--help"]] {
            let run = try await BuiltProgram.run(arguments)
            #expect(run.status == 0)
            #expect(!run.output.isEmpty && run.errors.isEmpty)
        }
    }

    @Test func standardInput() async throws {
        let files = try Files()
        let run = try await BuiltProgram.run(
            ["validate", "-"] + Self.at + files.store, input: StandardChains.good().pem)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
    }

    /// One PEM with certificates and key, as HAProxy wants it, is fine here; and `--key` says whose the key
    /// is.
    @Test func keys() async throws {
        let files = try Files()
        let chain = StandardChains.good()
        let together = try files.folder.write("haproxy.pem", chain.pem + chain.presented[0].keyPEM)
        let other = try files.folder.write("other.key", StandardChains.intermediate.certificate.keyPEM)
        let standard = ["validate", together] + Self.at + files.store

        let own = try await BuiltProgram.run(standard + ["--key", together])
        #expect(own.status == 0, "\(own.output)\(own.errors)")

        let wrong = try await BuiltProgram.run(standard + ["--key", other, "--format", "json"])
        #expect(wrong.status == 2)
        let report = try #require(JSONParser.parse(Array(wrong.output.utf8)).object)
        #expect(report["verdict"]?.string == "trusted")
        #expect(report["state"]?.string == "critical")
        let first = try #require(report["findings"]?.array?.first?.object)
        #expect(first["check"]?.string == "chain.key")
        #expect(first["reason"]?.string == "key_mismatch")

        let none = try await BuiltProgram.run(standard + ["--key", try files.chain(chain)])
        #expect(none.status == 3)
        #expect(none.errors.contains("no private key"))
    }

    /// `serves` takes a file or a digest.
    @Test func serves() async throws {
        let files = try Files()
        let chain = StandardChains.good()
        let path = try files.chain(chain)
        let standard = ["validate", path] + Self.at + files.store
        let digest = SHA256Digest(of: chain.presented[0].der).hex
        for value in [path, digest] {
            #expect(try await BuiltProgram.run(standard + ["--serves", value]).status == 0)
        }
        let other = try await BuiltProgram.run(standard + ["--serves", String(repeating: "0", count: 64)])
        #expect(other.status == 2)
        #expect(other.output.contains("other_certificate") || other.output.contains("certificate"))
    }

    @Test func nagiosLine() async throws {
        let files = try Files()
        let run = try await BuiltProgram.run(
            ["validate", try files.chain(StandardChains.expiredLeaf()), "--format", "nagios"] + Self.at
                + files.store)
        #expect(run.status == 2)
        #expect(run.output.hasPrefix("SSL_CERT CRITICAL"))
    }

    @Test func check() async throws {
        let files = try Files()
        let server = try await OpenSSLServer(StandardChains.good().presented)
        defer { server.stop() }
        let target = "127.0.0.1:\(server.port)"
        let run = try await BuiltProgram.run(
            ["check", target, "--name", StandardChains.host] + Self.at + files.store)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let several = try await BuiltProgram.run(
            ["check", target, "127.0.0.1:9", "--name", StandardChains.host, "--format", "json"] + Self.at
                + files.store)
        #expect(several.status == 2)
        #expect(several.output.split(separator: "\n").count == 2)
    }
}
