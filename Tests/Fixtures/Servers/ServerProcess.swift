import Foundation
import Synchronization

/// A server of somebody else's, run as a child process and killed when the last reference goes.
package final class ServerProcess: Sendable {
    package enum Failure: Error {
        /// The program ended or said nothing in time; with what it said.
        case notReady(String)
    }

    private let process: Process
    /// Held open: some servers leave at the end of their input.
    private let input: Pipe
    private let output: Output

    /// Starts `program` (a path, or a name in PATH) and waits until `ready` finds what it wants in the
    /// output.
    package static func start<Ready: Sendable>(
        _ program: String, _ arguments: [String], within limit: Duration = .seconds(10),
        ready: @escaping @Sendable (String) -> Ready?
    ) async throws -> (process: ServerProcess, ready: Ready) {
        let server = try ServerProcess(program, arguments)
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let found = ready(server.output.text) { return (server, found) }
            if !server.process.isRunning { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        if let found = ready(server.output.text) { return (server, found) }
        throw Failure.notReady("\(program) \(arguments.joined(separator: " ")): \(server.output.text)")
    }

    private init(_ program: String, _ arguments: [String]) throws {
        (process, input, output) = (Process(), Pipe(), Output())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardInput = input
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        pipe.fileHandleForReading.readabilityHandler = { [output] handle in
            let bytes = handle.availableData
            if bytes.isEmpty { handle.readabilityHandler = nil } else { output.add(bytes) }
        }
        try process.run()
    }

    deinit { stop() }

    /// Everything the server wrote by now.
    package var text: String { output.text }

    /// Kills the server and waits for its end; a second call does nothing.
    package func stop() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    private final class Output: Sendable {
        private let bytes = Mutex(Data())
        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
        func add(_ more: Data) { bytes.withLock { $0.append(more) } }
    }
}
