import Foundation
import JSON

/// The folder of the suites: `limbo.jsonl`, `bettertls.jsonl`, `pkits.jsonl`.
package struct VectorFolder {
    package let path: String

    package init(path: String) { self.path = path }

    /// `CATENARY_CONFORMANCE`, else `../shared/conformance` beside the repository; nil when neither is there.
    package static func find(repository: String, environment: [String: String]) -> VectorFolder? {
        if let named = environment["CATENARY_CONFORMANCE"], !named.isEmpty {
            return VectorFolder(path: named)
        }
        let beside = repository + "/../shared/conformance"
        return FileManager.default.fileExists(atPath: beside) ? VectorFolder(path: beside) : nil
    }

    /// All cases of all files that are there, in the order of the files. A line that is no case is an error.
    package func vectors() throws -> [Vector] {
        var out: [Vector] = []
        for suite in ["limbo", "bettertls", "pkits"] {
            let file = "\(path)/\(suite).jsonl"
            guard let bytes = FileManager.default.contents(atPath: file).map(Array.init) else { continue }
            for (number, line) in bytes.split(separator: 0x0A).enumerated() {
                guard let vector = Vector(try JSONParser.parse(Array(line))) else {
                    throw Unreadable(place: "\(file):\(number + 1)")
                }
                out.append(vector)
            }
        }
        guard !out.isEmpty else { throw Unreadable(place: path) }
        return out
    }

    package struct Unreadable: Error, CustomStringConvertible {
        package let place: String
        package init(place: String) { self.place = place }
        package var description: String { "\(place): no vector" }
    }
}
