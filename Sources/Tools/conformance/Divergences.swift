import Foundation
import JSON
import Vectors

/// The vectors that are expected to fail, each with its reason.
package struct Divergences: Sendable {
    package let reasons: [String: String]

    package init(reasons: [String: String]) { self.reasons = reasons }

    /// An object of id and reason; an empty reason is none.
    package init(file: String) throws {
        guard let bytes = FileManager.default.contents(atPath: file),
            let object = try JSONParser.parse(Array(bytes)).object
        else { throw VectorFolder.Unreadable(place: file) }
        var reasons: [String: String] = [:]
        for member in object.members {
            guard let reason = member.value.string, !reason.isEmpty else {
                throw VectorFolder.Unreadable(place: "\(file): \(member.name)")
            }
            reasons[member.name] = reason
        }
        self.reasons = reasons
    }

    /// Failed without a reason in the list.
    package func unexpectedFailures(_ trials: [Trial]) -> [Trial] {
        trials.filter { !$0.passed && reasons[$0.vector.id] == nil }
    }

    /// Passed although listed.
    package func unexpectedPasses(_ trials: [Trial]) -> [Trial] {
        trials.filter { $0.passed && reasons[$0.vector.id] != nil }
    }
}
