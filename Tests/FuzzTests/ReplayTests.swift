import Foundation
import Fuzzing
import Testing

/// What libFuzzer found worth keeping, every input that once broke something, and the seeds.
@Suite struct ReplayTests {
    static let repository = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    private static func files(_ kind: String, _ target: FuzzTarget) -> [(name: String, bytes: [UInt8])] {
        let folder = "\(repository)/Tests/Fuzz/\(kind)/\(target.rawValue)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { (name, Array($0)) }
        }
    }

    @Test(arguments: FuzzTarget.allCases) func corpus(_ target: FuzzTarget) {
        let inputs = Self.files("corpus", target)
        #expect(!inputs.isEmpty)
        for input in inputs {
            #expect(throws: Never.self, "corpus/\(target.rawValue)/\(input.name)") {
                try target.check(input.bytes)
            }
        }
    }

    @Test(arguments: FuzzTarget.allCases) func crashes(_ target: FuzzTarget) {
        for input in Self.files("crashes", target) {
            #expect(throws: Never.self, "crashes/\(target.rawValue)/\(input.name)") {
                try target.check(input.bytes)
            }
        }
    }

    @Test(arguments: FuzzTarget.allCases) func seeds(_ target: FuzzTarget) {
        let seeds = Seeds(repository: Self.repository, conformance: nil).all(for: target)
        #expect(seeds.count > 10)
        for seed in seeds {
            let hex = seed.map { String($0, radix: 16) }.joined(separator: " ")
            #expect(throws: Never.self, "\(hex)") { try target.check(seed) }
        }
    }
}
