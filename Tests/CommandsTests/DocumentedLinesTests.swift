import Fixtures
import Foundation
import JSON
import Testing
import Yams

/// What the documents tell our users to type works.
@Suite struct DocumentedLinesTests {
    private static let docs = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs")

    /// Fenced blocks marked `sh`.
    private static func blocks(_ document: String) throws -> [String] {
        let text = try String(contentsOf: docs.appending(path: document), encoding: .utf8)
        return text.components(separatedBy: "\n```sh\n").dropFirst().map {
            $0.components(separatedBy: "\n```").first ?? ""
        }
    }

    /// A folder with a chain and its key, a server that serves it as www.example.com, and a `catenary` in the
    /// PATH that knows the test's anchor.
    private struct Stage {
        let folder: TemporaryFolder
        let server: OpenSSLServer

        init() async throws {
            folder = try TemporaryFolder()
            let root = Authority.root("Documents Root")
            let issuer = root.intermediate("Documents CA") { $0.notAfter = "2040-01-01" }
            let leaf = issuer.leaf("www.example.com") {
                ($0.notBefore, $0.notAfter) = ("2020-01-01", "2040-01-01")
            }
            let presented = [leaf, issuer.certificate]
            try folder.write("fullchain.pem", presented.pem)
            try folder.write("privkey.pem", leaf.keyPEM)
            let anchors = try folder.write("root.pem", root.certificate.pem)
            server = try await OpenSSLServer(presented)
            let wrapper = try folder.write(
                "bin/catenary",
                """
                #!/bin/sh
                exec '\(try BuiltProgram.url().path)' "$@" --trust-store test='\(anchors)' --stores test
                """)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: wrapper)
        }

        func run(_ block: String) async throws -> (status: Int32, text: String) {
            let lines = block.replacing(
                "check www.example.com:443", with: "check 127.0.0.1:\(server.port) --name www.example.com")
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-eu", "-c", lines]
            process.currentDirectoryURL = URL(filePath: folder.path)
            process.environment = ["PATH": "\(folder.path)/bin:/usr/bin:/bin"]
            let output = Pipe()
            (process.standardOutput, process.standardError) = (output, output)
            try process.run()
            let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            return (process.terminationStatus, text)
        }
    }

    @Test(arguments: [("ci.md", 4), ("icinga.md", 2)]) func lines(_ document: String, _ count: Int)
        async throws
    {
        let blocks = try Self.blocks(document)
        #expect(blocks.count == count)
        let stage = try await Stage()
        defer { stage.server.stop() }
        for block in blocks {
            let (status, text) = try await stage.run(block)
            #expect(status == 0, "\(block): \(text)")
        }
    }

    /// The template is YAML, and what it takes from a report is there.
    @Test func zabbixTemplate() async throws {
        let text = try String(contentsOf: Self.docs.appending(path: "zabbix-template.yaml"), encoding: .utf8)
        let template = try #require(
            try Yams.compose(yaml: text)?["zabbix_export"]?["templates"]?.sequence?.first)
        let items = Array(try #require(template["items"]?.sequence))
        let paths = items.compactMap {
            $0["preprocessing"]?.sequence?.first?["parameters"]?.sequence?.first?.string
        }
        #expect(paths.count == items.count - 1)
        let stage = try await Stage()
        defer { stage.server.stop() }
        let (_, json) = try await stage.run("catenary check www.example.com:443 --format json")
        let report = try JSONParser.parse(Array(json.utf8))
        for path in paths {
            var value: JSONValue? = report
            for member in path.split(separator: ".").dropFirst() { value = value?.object?[String(member)] }
            #expect(value != nil, "\(path)")
        }
        let identifiers = text.split(separator: "\n").filter { $0.contains("uuid:") }
        #expect(Set(identifiers).count == identifiers.count)
        // Version 4 (RFC 9562 §5.4), as Zabbix asks for.
        let forms = /uuid: [0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/
        for identifier in identifiers { #expect(identifier.contains(forms), "\(identifier)") }
    }
}
