// engine-bench [LEAVES]: CPU µs of one judgement and its JSON, without HTTP, for distinct and for repeated
// chains; then input of hostile size. engine-bench --stores FOLDER [CHAINS]: seven stores beside one.

import Certificates
import Fixtures
import Foundation
import Reports
import TrustStores
import Validation

func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

func measure(_ label: String, _ count: Int, _ body: (Int) throws -> Void) rethrows {
    let start = cpuSeconds()
    for index in 0..<count { try body(index) }
    let each = (cpuSeconds() - start) / Double(count) * 1e6
    print("\(label.padding(toLength: 28, withPad: " ", startingAt: 0)) \(String(format: "%8.1f", each)) µs")
}

if CommandLine.arguments.count > 2, CommandLine.arguments[1] == "--stores" {
    let chains = CommandLine.arguments.dropFirst(3).first.flatMap(Int.init) ?? 200
    try SevenStores.run(folder: CommandLine.arguments[2], chains: chains)
    exit(0)
}

let leaves = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 1_000
let families: [(String, Authority, KeyKind)] = [
    ("ec", Authority.root("Bench EC Root").intermediate("Bench EC Intermediate"), .ec256),
    ("rsa", Authority.root("Bench RSA Root", key: Key.pool(.rsa(4096), 0)).intermediate(
        "Bench RSA Intermediate", key: Key.pool(.rsa(2048), 0)), .rsa(2048)),
]
let roots = [
    Authority.root("Bench EC Root"), Authority.root("Bench RSA Root", key: Key.pool(.rsa(4096), 0)),
]
for (name, issuer, kind) in families {
    let chains = (0..<leaves).map { index in
        [issuer.leaf("host\(index).example.com", key: Key.pool(kind, index % 4)).der, issuer.certificate.der]
    }
    let cache = CertificateCache()
    let anchors = try roots.map { Anchor(certificate: try cache.certificate(der: $0.certificate.der)) }
    let client = Client(name: .libcrypto, completes: .nothing)
    let stores = StoreSet(
        [TrustStore(name: "bench", origin: .custom, client: client, basis: .full, anchors: anchors)],
        defaultNames: ["bench"])
    let validator = Validator(stores: stores, cache: cache)
    let now = Fixtures.now
    func question(_ index: Int) throws -> Question {
        var evidence = Evidence()
        evidence.presented = chains[index]
        var options = Options()
        options.names = [try ReferenceIdentifier(parsing: "host\(index).example.com")]
        return Question(
            evidence: evidence, options: options, stores: stores.all, at: now, checkedAt: now, id: "bench")
    }
    var trusted = 0
    try measure("\(name) parse leaf", leaves) { _ = try Certificate.parse(der: chains[$0][0]) }
    try measure("\(name) distinct judge", leaves) {
        if validator.judge(try question($0)).verdict == .trusted { trusted += 1 }
    }
    try measure("\(name) repeated judge", leaves) { _ in
        if validator.judge(try question(leaves - 1)).verdict == .trusted { trusted += 1 }
    }
    let report = validator.judge(try question(leaves - 1))
    measure("\(name) json", leaves) { _ in if report.json().isEmpty { trusted = 0 } }
    // A refusal is quicker than a verdict and would look like speed.
    guard trusted == 2 * leaves else {
        FileHandle.standardError.write(Data("only \(trusted) of \(2 * leaves) were trusted\n".utf8))
        exit(1)
    }
}

try Hostile.run()
