import Foundation

/// The program as it was built, run in a process of its own.
struct BuiltProgram {
    var status: Int32
    var output: String
    var errors: String

    struct Missing: Error {}

    /// Beside the bundle that holds these tests.
    static func url() throws -> URL {
        let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let candidates = [folder] + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        for place in candidates {
            let program = place.appending(path: "catenary")
            if FileManager.default.isExecutableFile(atPath: program.path) { return program }
        }
        throw Missing()
    }

    /// Runs to the end. What is written must fit into a pipe's 64 kB until then, or is read on the way.
    static func run(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) async throws -> BuiltProgram {
        let process = Process()
        process.executableURL = try url()
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { _, new in new }
        let (output, errors, given) = (Pipe(), Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        process.standardInput = input == nil ? FileHandle.nullDevice : given
        try process.run()
        if let input {
            try given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try given.fileHandleForWriting.close()
        }
        async let out = reading(output)
        async let err = reading(errors)
        let (text, complaints) = try await (out, err)
        process.waitUntilExit()
        return BuiltProgram(status: process.terminationStatus, output: text, errors: complaints)
    }

    /// On a thread of its own: reading blocks.
    private static func reading(_ pipe: Pipe) async throws -> String {
        let handle = pipe.fileHandleForReading
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self) })
            }
        }
    }
}
