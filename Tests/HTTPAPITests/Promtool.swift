import Foundation
import Testing

/// Prometheus's own tool.
enum Promtool {
    static func check(metrics: String, _ what: String) throws {
        let (status, text) = try run(["check", "metrics"], input: metrics)
        #expect(status == 0, "\(what): \(text)\n\(metrics)")
    }

    static func run(_ arguments: [String], input: String = "") throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["promtool"] + arguments
        let (given, output) = (Pipe(), Pipe())
        process.standardInput = given
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        // Less than a pipe holds.
        try given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try given.fileHandleForWriting.close()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
