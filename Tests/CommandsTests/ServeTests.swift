import Fixtures
import Foundation
import Testing

/// The server as a process: it says where it listens, reloads on SIGHUP and ends on SIGTERM.
@Suite struct ServeTests {
    @Test(.timeLimit(.minutes(1))) func reloadsAndStops() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.write("root.pem", StandardChains.good().anchorsPEM)
        let process = Process()
        process.executableURL = try BuiltProgram.url()
        process.arguments = [
            "serve", "--listen", "127.0.0.1:0", "--trust-store", "test=\(store)", "--log-format", "json",
        ]
        process.environment = ["PATH": "/usr/bin:/bin"]
        let errors = Pipe()
        (process.standardError, process.standardOutput) = (errors, FileHandle.nullDevice)
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        let handle = errors.fileHandleForReading
        Thread.detachNewThread {
            var rest = Data()
            while true {
                let more = handle.availableData
                if more.isEmpty { break }
                rest += more
                while let end = rest.firstIndex(of: 0x0A) {
                    line.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest = Data(rest[(end + 1)...])
                }
            }
            line.finish()
        }
        try process.run()
        defer { process.terminate() }
        var log = lines.makeAsyncIterator()
        func wait(for text: String) async -> String? {
            while let next = await log.next() { if next.contains(text) { return next } }
            return nil
        }
        #expect(await wait(for: "\"listening\"")?.contains("127.0.0.1:") == true)
        kill(process.processIdentifier, SIGHUP)
        #expect(await wait(for: "trust stores reloaded") != nil)
        // Wrong stores are not taken; the server lives on with the old ones.
        _ = try folder.write("root.pem", "nothing")
        kill(process.processIdentifier, SIGHUP)
        #expect(await wait(for: "trust stores kept as they were") != nil)
        kill(process.processIdentifier, SIGTERM)
        #expect(await wait(for: "\"stopped\"") != nil)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func anAddressInUseIsAnError() async throws {
        let folder = try TemporaryFolder()
        let run = try await BuiltProgram.run([
            "serve", "--listen", "192.0.2.1:1", "--trust-store", "a=\(folder)/no",
        ])
        #expect(run.status == 3)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("store_unreadable"))
        let elsewhere = try await BuiltProgram.run(["serve", "--listen", "192.0.2.1:1"])
        #expect(elsewhere.status == 3)
        #expect(elsewhere.errors.contains("cannot serve"))
    }
}
