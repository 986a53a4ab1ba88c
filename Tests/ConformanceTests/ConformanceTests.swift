import Certificates
import Foundation
import Testing
import Vectors

@testable import conformance

/// The public suites of path validation. The vectors are not part of the repository.
@Suite struct ConformanceTests {
    static let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    static let folder = VectorFolder.find(
        repository: repository, environment: ProcessInfo.processInfo.environment)
    static let absent: Comment =
        "SKIPPED: no vectors. Set CATENARY_CONFORMANCE to the folder that holds limbo.jsonl and the others."

    /// Vectors without an instant live for centuries; any will do.
    static let now = Instant(seconds: 1_796_000_000)

    @Test(.enabled(if: folder != nil, absent))
    func everyVectorDoesWhatIsExpectedOfIt() throws {
        let folder = try #require(Self.folder)
        let divergences = try Divergences(file: Self.repository + "/Tests/ConformanceTests/divergences.json")
        let engine = try Engine(trustData: Self.repository + "/trust-store")
        let trials = try folder.vectors().map { Trial($0, engine, now: Self.now) }
        for trial in divergences.unexpectedFailures(trials) { Issue.record("\(Table.line(trial))") }
        for trial in divergences.unexpectedPasses(trials) {
            Issue.record("\(trial.vector.id) passes, though divergences.json says why it cannot")
        }
        let ids = Set(trials.map(\.vector.id))
        // Half a suite is a folder of its own: ids of the other half are no mistake, but none at all is.
        #expect(divergences.reasons.isEmpty || divergences.reasons.keys.contains(where: ids.contains))
    }

    @Test(.enabled(if: folder != nil, absent))
    func whatIsRefusedHasAReason() throws {
        let folder = try #require(Self.folder)
        let engine = try Engine(trustData: Self.repository + "/trust-store")
        let trials = try folder.vectors().map { Trial($0, engine, now: Self.now) }
        for trial in trials where !trial.accepted {
            #expect(!trial.decisive.isEmpty, "\(trial.vector.id)")
        }
    }
}
