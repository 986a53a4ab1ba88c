// fuzz-seeds TARGET FOLDER REPOSITORY [CONFORMANCE]: writes what libFuzzer begins with, one file each.

import Certificates
import Foundation
import Fuzzing

let arguments = CommandLine.arguments
guard arguments.count >= 4, let target = FuzzTarget(rawValue: arguments[1]) else {
    let targets = FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")
    FileHandle.standardError.write(Data("fuzz-seeds \(targets) FOLDER REPOSITORY [CONFORMANCE]\n".utf8))
    exit(3)
}
let seeds = Seeds(repository: arguments[3], conformance: arguments.count > 4 ? arguments[4] : nil)
try FileManager.default.createDirectory(atPath: arguments[2], withIntermediateDirectories: true)
for seed in seeds.all(for: target) {
    let name = SHA256Digest(of: seed).hex.prefix(16)
    try Data(seed).write(to: URL(fileURLWithPath: "\(arguments[2])/\(name)"))
}
