import Fixtures
import Foundation
import JSON
import Reports
import Testing

@testable import Commands

/// `catenary scan` as a process.
@Suite struct ScanCommandTests {
    /// Two servers, a peer that hangs, and the store that their root is in.
    private struct Stage {
        let folder: TemporaryFolder
        let good, expired: OpenSSLServer
        let silent: SilentPeer
        let flags: [String]

        init() async throws {
            folder = try TemporaryFolder()
            good = try await OpenSSLServer(StandardChains.good().presented)
            expired = try await OpenSSLServer(StandardChains.expiredLeaf().presented)
            silent = try SilentPeer()
            flags = [
                "--trust-store", "test=\(try folder.write("root.pem", StandardChains.good().anchorsPEM))",
                "--stores", "test", "--at", "2026-07-01T00:00:00Z", "--name", "www.example.com",
            ]
        }

        func list(_ lines: [String]) throws -> String {
            try folder.write("hosts", lines.joined(separator: "\n"))
        }

        func stop() {
            good.stop()
            expired.stop()
        }
    }

    /// A line each as they come; at the end what needs somebody, worst first, and the counts.
    @Test(.timeLimit(.minutes(1))) func textOfAScan() async throws {
        let stage = try await Stage()
        defer { stage.stop() }
        let (good, expired) = (stage.good.port, stage.expired.port)
        let list = try stage.list([
            "# ours", "", "127.0.0.1:\(stage.silent.port) timeout=2s", "127.0.0.1:\(good)  # fine",
            "127.0.0.1:\(good) warn=400d", "0x7f.1", "127.0.0.1:\(expired) sni=www.example.com",
        ])
        let run = try await BuiltProgram.run(["scan", list] + stage.flags)
        #expect(run.status == 2)
        #expect(run.errors.isEmpty, "\(run.errors)")
        let parts = run.output.components(separatedBy: "\n\n")
        try #require(parts.count == 3, "\(run.output)")
        let lines = parts[0].split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines.last?.hasPrefix("CRITICAL  127.0.0.1:\(stage.silent.port)  no answer in time") == true)
        #expect(lines.contains { $0.hasPrefix("OK        127.0.0.1:\(good)  trusted by test") })
        #expect(lines.contains { $0.hasPrefix("CRITICAL  0x7f.1  ") })
        let worst = parts[1].split(separator: "\n")
        #expect(worst.first == "worst first")
        #expect(worst.dropFirst().map { $0.prefix(8) } == ["CRITICAL", "CRITICAL", "CRITICAL", "WARNING "])
        // The one that broke is before those that have no date.
        #expect(worst.dropFirst().first?.contains("127.0.0.1:\(expired)") == true)
        #expect(parts[2] == "5 targets: 1 ok, 1 warning, 3 critical\n")
    }

    @Test(.timeLimit(.minutes(1))) func jsonFromStandardInput() async throws {
        let stage = try await Stage()
        defer { stage.stop() }
        let input = "127.0.0.1:\(stage.good.port)\nlocalhost:\(stage.good.port) address=127.0.0.1 nmae=x\n"
        let run = try await BuiltProgram.run(
            ["scan", "-", "--format", "json", "--fields", "row,state,findings"] + stage.flags, input: input)
        #expect(run.status == 2)
        #expect(run.errors.isEmpty)
        let reports = try run.output.split(separator: "\n").map {
            try #require(JSONParser.parse(Array($0.utf8)).object)
        }.sorted { ($0["row"]?.int ?? 0) < ($1["row"]?.int ?? 0) }
        #expect(reports.compactMap { $0["state"]?.string } == ["ok", "critical"])
        let finding = reports.last?["findings"]?.array?.first?.object
        #expect(finding?["reason"]?.string == "unknown_option")
        #expect(finding?["message"]?.string?.hasPrefix("line:2 nmae: ") == true)
    }

    /// SIGINT ends it with what is done, and the state leads on from there.
    @Test(.timeLimit(.minutes(1))) func interruptedAndResumed() async throws {
        let stage = try await Stage()
        defer { stage.stop() }
        let good = "127.0.0.1:\(stage.good.port)"
        // The same line twice is two rows.
        let list = try stage.list([
            good, "127.0.0.1:\(stage.silent.port)", good, "127.0.0.1:\(stage.expired.port)",
        ])
        let state = stage.folder.path + "/state"
        let arguments = ["scan", list, "--resume", state, "--timeout"]
        let process = Process()
        process.executableURL = try BuiltProgram.url()
        process.arguments = arguments + ["60s"] + stage.flags
        process.environment = ["PATH": "/usr/bin:/bin"]
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        // All but the one that hangs.
        while (try? String(contentsOfFile: state, encoding: .utf8))?.split(separator: "\n").count != 4 {
            try await Task.sleep(for: .milliseconds(20))
        }
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 2)
        let said = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(
            said.contains("interrupted: 3 of 4 targets: 2 ok, 1 critical; the same command goes on from here")
        )
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(text.contains("worst first\nCRITICAL  127.0.0.1:\(stage.expired.port)"))

        // Other options are another scan.
        let other = try await BuiltProgram.run(arguments + ["2s"] + stage.flags)
        #expect(other.status == 3 && other.errors.contains("belongs to a scan with other options"))

        // A line that was cut off counts for nothing.
        let handle = try #require(FileHandle(forWritingAtPath: state))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"target\":\"127.0".utf8))
        try handle.close()
        stage.stop()
        try String(contentsOfFile: list, encoding: .utf8)
            .replacing("127.0.0.1:\(stage.silent.port)", with: "127.1").write(
                toFile: list, atomically: true, encoding: .utf8)
        let rest = try await BuiltProgram.run(arguments + ["60s"] + stage.flags)
        #expect(rest.status == 2)
        let lines = rest.output.components(separatedBy: "\n\n").first?.split(separator: "\n") ?? []
        #expect(lines.count == 1 && lines.first?.hasPrefix("CRITICAL  127.1") == true, "\(rest.output)")
        #expect(rest.output.hasSuffix("\n4 targets: 2 ok, 2 critical\n"), "\(rest.output)")
        #expect(!FileManager.default.fileExists(atPath: state))
    }

    /// A reader who leaves ends the scan.
    @Test(.timeLimit(.minutes(1))) func intoAPipeThatCloses() async throws {
        let stage = try await Stage()
        defer { stage.stop() }
        let good = Array(repeating: "127.0.0.1:\(stage.good.port)", count: 30)
        let list = try stage.list(good + ["127.0.0.1:\(stage.silent.port)"])
        let command = ([try BuiltProgram.url().path, "scan", list, "--timeout", "60s"] + stage.flags)
            .joined(separator: " ")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command + " | head -n 1"]
        let output = Pipe()
        process.standardOutput = output
        let began = ContinuousClock.now
        try process.run()
        process.waitUntilExit()
        #expect(ContinuousClock.now - began < .seconds(30))
    }

    @Test func mistakes() async throws {
        let folder = try TemporaryFolder()
        let list = try folder.write("hosts", "localhost")
        let latin = folder.path + "/latin"
        try Data([0x66, 0xFC, 0x72]).write(to: URL(filePath: latin))
        for (arguments, text) in [
            (["scan", "/nowhere/at/all"], "cannot be read"), (["scan", latin], "not UTF-8"),
            (["scan", list, "--concurrency", "0"], "--concurrency is a number from 1 to 2000"),
            (["scan", list, "--timeout", "1h"], "--timeout"),
            (["scan", list, "--stores", "nobody"], "nobody"),
            (["scan", list, "--resume", list], "is not the state of a scan"), (["scan"], "Missing"),
        ] {
            let run = try await BuiltProgram.run(arguments)
            #expect(run.status == 3 && run.output.isEmpty, "\(arguments)")
            #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
        }
        let empty = try await BuiltProgram.run(["scan", "-"], input: "# nothing\n\n")
        #expect(empty.status == 0 && empty.output == "\n0 targets\n")
    }

    /// On a terminal the bar stands on standard error, and is gone at the end.
    @Test(.timeLimit(.minutes(1))) func barOnATerminal() async throws {
        let stage = try await Stage()
        defer { stage.stop() }
        let list = try stage.list(Array(repeating: "127.0.0.1:\(stage.good.port)", count: 3))
        // script(1) of util-linux gives the command a terminal.
        let command = ([try BuiltProgram.url().path, "scan", list] + stage.flags).joined(separator: " ")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/script")
        process.arguments = ["-qec", command + " 2>&1 >/dev/null", "/dev/null"]
        process.environment = ["PATH": "/usr/bin:/bin", "TERM": "xterm", "SHELL": "/bin/sh"]
        let output = Pipe()
        (process.standardOutput, process.standardInput) = (output, FileHandle.nullDevice)
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(text.contains("] 1/3  ") && text.contains(" 0 failing"), "\(text)")
        #expect(text.hasSuffix("\r\u{1B}[K"), "\(text)")
    }
}

/// Lines, the bar and the order of the summary.
@Suite struct ScanPartsTests {
    @Test func linesOfAList() {
        let list = ScanList(
            "a.example\n  b.example:25\tstarttls=smtp  name=c.example name=d.example # x=y\r\n"
                + "#c\n\ne.example#f",
            name: "F")
        #expect(
            list.rows.map(\.text) == [
                "a.example", "b.example:25 starttls=smtp name=c.example name=d.example", "e.example#f",
            ])
        #expect(list.rows[1].target == "b.example:25")
        let inputs = list.rows[1].inputs
        #expect(inputs.map(\.name) == ["target", "starttls", "name"])
        #expect(inputs.map(\.pointer) == ["F:2", "F:2 starttls", "F:2 name"])
        #expect(inputs[2].value == .text(["c.example", "d.example"]))
    }

    static let bars: [(done: Int, failing: Int, elapsed: Double, columns: Int, line: String)] = [
        (0, 0, 0, 80, "[" + String(repeating: " ", count: 30) + "] 0/200  0/s  0 failing"),
        (
            100, 7, 10, 80,
            "[" + String(repeating: "#", count: 15) + String(repeating: " ", count: 15)
                + "] 100/200  10/s  7 failing  10s left"
        ),
        (1, 0, 100, 80, "[" + String(repeating: " ", count: 30) + "] 1/200  0/s  0 failing  5h 31m left"),
        (200, 0, 10, 80, "[" + String(repeating: "#", count: 30) + "] 200/200  20/s  0 failing"),
        (100, 7, 10, 40, "100/200  10/s  7 failing  10s left"),
        (100, 7, 10, 20, "100/200  10/s  7 fa"),
    ]

    @Test(arguments: bars) func bar(
        _ done: Int, _ failing: Int, _ elapsed: Double, _ columns: Int, _ line: String
    ) {
        var progress = ScanProgress(total: 200)
        for index in 0..<done { progress.add(failing: index < failing) }
        let shown = progress.line(elapsed: elapsed, columns: columns)
        #expect(shown == line)
        #expect(shown.count < columns)
    }

    /// What was done before says nothing about the pace.
    @Test func resumedBar() {
        var progress = ScanProgress(total: 200, before: 100)
        for _ in 0..<50 { progress.add(failing: false) }
        #expect(progress.line(elapsed: 5, columns: 80).hasSuffix("] 150/200  10/s  0 failing  5s left"))
    }

    @Test func worstFirst() {
        var summary = ScanSummary()
        for (target, state, end) in [
            ("a", .ok, 1), ("b", .warning, 5), ("c", .unknown, nil), ("d", .critical, nil),
            ("e", .critical, 9),
            ("f", .critical, 2), ("g", .warning, 4), ("h", .critical, nil),
        ] as [(String, State, Int64?)] {
            summary.add(ScanState.Entry(target: target, state: state, firstBreak: end, line: target))
        }
        #expect(summary.worstFirst.map(\.target) == ["f", "e", "d", "h", "g", "b", "c"])
        #expect(summary.totals(of: 9) == "8 of 9 targets: 1 ok, 2 warning, 4 critical, 1 unknown")
        for index in 0..<100 {
            summary.add(ScanState.Entry(target: "\(index)", state: .critical, firstBreak: nil, line: "x"))
        }
        #expect(summary.text(of: 108).contains("… and 7 more\n"))
    }
}
