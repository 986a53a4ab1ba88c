import Fixtures
import Foundation
import JSON
import Testing

/// Our answers beside those of the programs whose words they are.
@Suite struct RealProgramsTests {
    /// Good for the machine's clock, which those programs read.
    private static let root = Authority.root("Programs Root")
    private static func leaf(until end: EncodedTime = "2040-01-01") -> FixtureCertificate {
        root.leaf("www.example.com") { ($0.notBefore, $0.notAfter) = ("2020-01-01", end) }
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, text: String)
    {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    private static func ours(_ port: UInt16, _ anchors: String, _ more: [String]) async throws -> BuiltProgram
    {
        try await BuiltProgram.run(
            ["check", "127.0.0.1:\(port)", "--name", "www.example.com", "--trust-store", "test=\(anchors)"]
                + ["--stores", "test"] + more)
    }

    /// Same exit status and grammar as check_ssl_cert, so that graphs and filters go on.
    @Test func checkSSLCert() async throws {
        let folder = try TemporaryFolder()
        let anchors = try folder.write("root.pem", Self.root.certificate.pem)
        for (presented, status) in [(Self.leaf(), Int32(0)), (Self.leaf(until: "2021-01-01"), 2)] {
            let server = try await OpenSSLServer([presented])
            defer { server.stop() }
            let theirs = try Self.run(
                "/usr/lib/nagios/plugins/check_ssl_cert",
                [
                    "-H", "127.0.0.1", "-p", "\(server.port)", "--rootcert-file", anchors, "--match",
                    "www.example.com", "--ignore-sct", "--ignore-ocsp-errors", "--ignore-maximum-validity",
                ])
            let ours = try await Self.ours(
                server.port, anchors, ["--format", "nagios", "--warn", "20d", "--critical", "15d"])
            #expect(theirs.status == status, "\(theirs.text)")
            #expect(ours.status == status, "\(ours.output)")
            // One element at least, the thresholds in plain days.
            let element = #"days_chain_elem[0-9]+=(-?[0-9]+);20;15;;"#
            let grammar = try Regex<(Substring, Substring, Substring, Substring?)>(
                #"SSL_CERT (OK - |CRITICAL )[^|]*\|\#(element)( \S+;20;15;;)* ?\n"#)
            let (mine, other) = (ours.output.wholeMatch(of: grammar), theirs.text.wholeMatch(of: grammar))
            #expect(mine?.1 == other?.1, "\(ours.output)\(theirs.text)")
            #expect(mine != nil, "\(ours.output)")
            #expect(mine?.2 == other?.2, "\(ours.output)\(theirs.text)")
        }
    }

    /// The same JSON as Zabbix agent 2's, certificates that do not verify included.
    @Test func zabbixAgent() async throws {
        let folder = try TemporaryFolder()
        let anchors = try folder.write("root.pem", Self.root.certificate.pem)
        let configuration = try folder.write("agent.conf", "Server=127.0.0.1\nHostname=test\n")
        let server = try await OpenSSLServer([Self.leaf()])
        defer { server.stop() }
        let (_, text) = try Self.run(
            "/usr/sbin/zabbix_agent2",
            ["-c", configuration, "-t", "web.certificate.get[127.0.0.1,\(server.port)]"])
        let start = try #require(text.range(of: "[s|")?.upperBound)
        let end = try #require(text.lastIndex(of: "]"))
        let theirs = try #require(try JSONParser.parse(Array(text[start..<end].utf8)).object)
        // Without our anchor, as the agent has it.
        let run = try await BuiltProgram.run(
            ["check", "127.0.0.1:\(server.port)", "--format", "zabbix", "--trust-store", "test=\(anchors)"]
                + ["--stores", "system"])
        let ours = try #require(try JSONParser.parse(Array(run.output.utf8)).object)
        #expect(ours["x509"] == theirs["x509"])
        #expect(ours["sha1_fingerprint"] == theirs["sha1_fingerprint"])
        #expect(ours["sha256_fingerprint"] == theirs["sha256_fingerprint"])
        let value = theirs["result"]?.object?["value"]?.string
        #expect(ours["result"]?.object?["value"]?.string == value)
        #expect(value == "invalid")
        let trusted = try await Self.ours(server.port, anchors, ["--format", "zabbix"])
        #expect(
            trusted.output.contains("\"value\":\"valid\",\"message\":\"certificate verified successfully\""))
    }
}
