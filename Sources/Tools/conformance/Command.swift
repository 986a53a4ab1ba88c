import Certificates
import Foundation
import Vectors

/// `conformance FOLDER --trust-data FOLDER [--divergences FILE] [--now INSTANT] [--id ID]`
package struct Command {
    var folder = ""
    var trustData = ""
    var divergences = Divergences(reasons: [:])
    /// Of vectors that name no instant: those live for centuries, so that any instant of ours will do.
    var now = Instant(seconds: 1_796_000_000)
    var id: String?

    struct Usage: Error, CustomStringConvertible {
        let description: String
    }

    package init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                folder = argument
                continue
            }
            guard let value = rest.popFirst() else { throw Usage(description: "\(argument) wants a value") }
            switch argument {
            case "--divergences": divergences = try Divergences(file: value)
            case "--id": id = value
            case "--trust-data": trustData = value
            case "--now":
                guard let instant = Instant(rfc3339: value) else {
                    throw Usage(description: "--now: not RFC 3339")
                }
                now = instant
            default: throw Usage(description: "unknown option \(argument)")
            }
        }
        guard !folder.isEmpty else { throw Usage(description: "which folder holds the vectors?") }
    }

    /// True when every vector does what is expected of it.
    package func run() throws -> Bool {
        let vectors = try VectorFolder(path: folder).vectors()
        let engine = try Engine(trustData: trustData)
        if let id { return try explain(vectors, engine, id) }
        var times: [(spent: Duration, id: String)] = []
        let clock = ContinuousClock()
        let trials = vectors.map { vector in
            let start = clock.now
            let trial = Trial(vector, engine, now: now)
            times.append((start.duration(to: clock.now), vector.id))
            return trial
        }
        print(Table.text(trials))
        print("slowest:")
        for time in times.sorted(by: { $0.spent > $1.spent }).prefix(8) {
            print("  \(Int((time.spent / .milliseconds(1)).rounded())) ms  \(time.id)")
        }
        print("\nexpected to fail:")
        for trial in trials where !trial.passed {
            guard let reason = divergences.reasons[trial.vector.id] else { continue }
            print("  \(Table.line(trial))\n    \(reason)")
        }
        let failures = divergences.unexpectedFailures(trials)
        let passes = divergences.unexpectedPasses(trials)
        if !failures.isEmpty { print("\nFAILED:") }
        for trial in failures { print("  \(Table.line(trial))") }
        if !passes.isEmpty { print("\nPASSED, though listed as a divergence:") }
        for trial in passes { print("  \(trial.vector.id)") }
        print("\n\(trials.count(where: \.passed)) passed, \(trials.count { !$0.passed }) failed, "
            + "\(failures.count + passes.count) of them unexpectedly")
        return failures.isEmpty && passes.isEmpty
    }

    private func explain(_ vectors: [Vector], _ engine: Engine, _ id: String) throws -> Bool {
        guard let vector = vectors.first(where: { $0.id == id }) else {
            throw Usage(description: "no case \(id)")
        }
        let trial = Trial(vector, engine, now: now)
        FileHandle.standardError.write(Data((Table.line(trial) + "\n").utf8))
        if let report = trial.report { print(String(decoding: report.json(), as: UTF8.self)) }
        return trial.passed
    }
}
