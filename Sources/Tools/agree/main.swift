// agree SECONDS [SEED] --trust-data FOLDER [--vectors FOLDER]: both roads on every vector, on the fixtures,
// and on mutated chains until the time is over. Exit 1 when they ever differ.

import Foundation
import Vectors

func run(_ arguments: [String]) throws -> Bool {
    var plain: [String] = []
    var named: [String: String] = [:]
    var rest = arguments[...]
    while let argument = rest.popFirst() {
        if argument.hasPrefix("--") { named[argument] = rest.popFirst() } else { plain.append(argument) }
    }
    let seconds = plain.first.flatMap(Double.init) ?? 60
    let seed = plain.dropFirst().first.flatMap(UInt64.init) ?? UInt64(Date().timeIntervalSince1970)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var all = Agreement()
    if let vectors = named["--vectors"], let trust = named["--trust-data"] {
        try all.vectors(vectors, trustData: trust)
        print("vectors: \(all.chains) judgements, fast road \(all.taken) times")
    } else {
        print("SKIPPED: the vectors are not there")
    }
    var (chains, taken) = (all.chains, all.taken)
    try all.fixtures(seeds: 300)
    print("fixtures: \(all.chains - chains) judgements, fast road \(all.taken - taken) times")
    (chains, taken) = (all.chains, all.taken)
    var shown = chains
    try all.mutants(seed: seed, count: .max) { done in
        if done - shown >= 50_000 {
            shown = done
            print("  \(done - chains)")
            fflush(nil)
        }
        return clock.now < end
    }
    print("mutated, seed \(seed): \(all.chains - chains) judgements, fast road \(all.taken - taken) times")
    for found in all.disagreements { print("\nDISAGREE \(found)") }
    print("\(all.disagreements.count) disagreements in \(all.chains)")
    return all.disagreements.isEmpty
}

do {
    exit(try run(Array(CommandLine.arguments.dropFirst())) ? 0 : 1)
} catch {
    FileHandle.standardError.write(Data("agree: \(error)\n".utf8))
    exit(3)
}
