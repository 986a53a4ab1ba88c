import Fixtures
import Foundation
import JSON
import Testing

/// `catenary repair`: what it writes where, and how it ends.
@Suite struct RepairTests {
    private static let root = Authority.root("Repair Root")
    private static let issuer = root.intermediate("Repair Issuer")
    private static let leaf = issuer.leaf(StandardChains.host)
    /// Ends on 2026-09-01, three months before the end entity.
    private static let brief = root.intermediate("Repair Brief Issuer") {
        $0.notAfter = "2026-09-01T00:00:00Z"
    }
    private static let briefLeaf = brief.leaf(StandardChains.host)

    private static func run(
        _ sent: String, _ arguments: [String] = [], anchor: Authority = root
    ) async throws -> BuiltProgram {
        let folder = try TemporaryFolder()
        let store = try folder.write("root.pem", anchor.certificate.pem)
        let chain = try folder.write("chain.pem", sent)
        return try await BuiltProgram.run(
            [
                "repair", chain, "--at", "2026-07-01T00:00:00Z", "--trust-store", "corp=\(store)", "--stores",
                "corp",
            ]
                + arguments)
    }

    /// The order is mended, the anchor is left out; what was done is told beside it.
    @Test func mends() async throws {
        let run = try await Self.run(Self.leaf.pem + Self.root.certificate.pem + Self.issuer.certificate.pem)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == Self.leaf.pem + Self.issuer.certificate.pem)
        #expect(run.errors.contains("drop  “Repair Root”, sent as number 2"))
        #expect(run.errors.contains("corp: trusted as sent, trusted with this bundle"))
        #expect(run.errors.contains("good until 2026-11-28"))
    }

    /// What the server lacks comes from a file beside it, and the file written is the bundle alone.
    @Test func addsAndWrites() async throws {
        let folder = try TemporaryFolder()
        let lacking = try folder.write("issuer.pem", Self.issuer.certificate.pem)
        let output = try folder.write("fullchain.pem", "old")
        let run = try await Self.run(Self.leaf.pem, ["--intermediates", lacking, "--output", output])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.isEmpty)
        #expect(
            try String(contentsOfFile: output, encoding: .utf8) == Self.leaf.pem + Self.issuer.certificate.pem
        )
        #expect(run.errors.contains("add   “Repair Issuer”, belongs at number 2"))
        #expect(run.errors.contains("corp: not trusted as sent, trusted with this bundle"))
    }

    /// The server forgot its intermediate: it is fetched from where the leaf says, and written.
    @Test func fetches() async throws {
        let authority = try WebPeer { _, _ in WebPeer.answer(Self.issuer.certificate.der) }
        defer { authority.stop() }
        let leaf = Self.issuer.leaf(names: [StandardChains.host]) {
            $0.add(.authorityInfoAccess(caIssuers: [authority.url + "/issuer.cer"]))
        }
        let server = try await OpenSSLServer([leaf])
        defer { server.stop() }
        let folder = try TemporaryFolder()
        let store = try folder.write("root.pem", Self.root.certificate.pem)
        let asked = [
            "repair", "127.0.0.1:\(server.port)", "--name", StandardChains.host, "--trust-store",
            "corp=\(store)", "--stores", "corp", "--at", "2026-07-01T00:00:00Z",
        ]
        let run = try await BuiltProgram.run(asked)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == leaf.pem + Self.issuer.certificate.pem)
        #expect(run.errors.contains("add   “Repair Issuer”, belongs at number 2"))
        #expect(run.errors.contains("corp: not trusted as sent, trusted with this bundle"))
        #expect(authority.requests.map(\.path) == ["/issuer.cer"])
        let forbidden = try await BuiltProgram.run(asked + ["--no-aia"])
        #expect(forbidden.status == 2 && forbidden.output.isEmpty)
    }

    @Test func endsBeforeTheLeaf() async throws {
        let run = try await Self.run(
            Self.briefLeaf.pem + Self.brief.certificate.pem, ["--format", "json"])
        #expect(run.status == 1)
        let bundle = try JSONParser.parse(Array(run.output.utf8)).object?["bundle"]?.object
        #expect(bundle?["ends_before_leaf"] == .bool(true))
        #expect(bundle?["changes"] == .array([]))
        #expect(run.errors.contains("warning: the bundle ends before the end entity does"))
    }

    /// Nothing that could be sent would be trusted: nothing is written.
    @Test func nothingToWrite() async throws {
        let run = try await Self.run(Self.leaf.pem, ["--format", "json"])
        #expect(run.status == 2)
        let document = try #require(JSONParser.parse(Array(run.output.utf8)).object)
        #expect(document["code"]?.string == "no_bundle")
        #expect(try await Self.run(Self.leaf.pem).output.isEmpty)
    }

    @Test func badInput() async throws {
        for (text, arguments, code) in [
            ("nothing", [], "no_certificate"), (Self.leaf.pem, ["--output", "/nowhere/at/all"], "usage"),
            (Self.leaf.pem, ["--at", "tomorrow"], "usage"),
        ] {
            let sent = text == "nothing" ? text : text + Self.issuer.certificate.pem
            let run = try await Self.run(sent, ["--format", "json"] + arguments)
            #expect(run.status == 3)
            let document = try #require(JSONParser.parse(Array(run.output.utf8)).object)
            #expect(document["code"]?.string == code, "\(run.output)")
        }
        let host = try await BuiltProgram.run(["repair", "a..b", "--format", "json"])
        #expect(host.status == 3)
        #expect(host.output.contains(#""code":"target_malformed""#))
        let nagios = try await BuiltProgram.run(["repair", "localhost", "--format", "nagios"])
        #expect(nagios.status == 3 && nagios.output.isEmpty)
    }
}
