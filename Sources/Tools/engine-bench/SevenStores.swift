import Certificates
import Fixtures
import Foundation
import Reports
import TrustStores
import Validation

/// What seven stores cost beside one: the same chains asked of mozilla alone and of the seven that are
/// shipped, with their anchors, conditions, clients, logs and block lists, and one stand-in root in each.
enum SevenStores {
    static let names = ["mozilla", "chrome", "apple", "microsoft", "android", "java", "debian"]
    /// DESIGN: one search and one judgement, many clients.
    static let bar = 15.0
    /// One and seven take turns, so that what else the machine does hits both; the median is told.
    static let rounds = 15

    static func run(folder: String, chains count: Int) throws {
        let root = Authority.root("Bench Public Root")
        let issuer = root.intermediate("Bench Public Issuer")
        let logs = [FixtureLog("Bench A"), FixtureLog("Bench B")]
        let stores = try load(folder, root, logs)
        let at = Instant(seconds: stores.logs.map { $0.published.seconds + 86_400 } ?? Fixtures.now.seconds)
        let stamps = logs.map { Stamping($0, at: at + -86_400) }
        let chains = (0..<count).map { index in
            let leaf = issuer.leaf("host\(index).example.com", key: Key.pool(.ec256, index % 4)) {
                $0.notBefore = .instant(at + -86_400)
                $0.notAfter = .instant(at + 89 * 86_400)
                $0.add(.crlDistributionPoints("http://crl.example.com/1.crl"))
            }
            return [leaf.logged(stamps).der, issuer.certificate.der]
        }
        let one = try stores.resolve(["mozilla"])
        let seven = try stores.resolve(names)
        print("\nstores                          one µs   seven µs   more %      per store µs")
        // A new validator for each round: its caches are as cold for one as for seven.
        try compare("distinct chains", stores, chains, at, one, seven)
        try compare(
            "one chain again and again", stores, Array(repeating: chains[0], count: count), at, one, seven)
    }

    private static func load(_ folder: String, _ root: Authority, _ logs: [FixtureLog]) throws -> StoreSet {
        let shipped = try TrustStoreLoader(folder: folder, systemBundle: nil).load()
        let standIn = try Certificate.parse(der: root.certificate.der)
        let stores = shipped.newest.compactMap { store -> TrustStore? in
            guard let client = shipped.clients[store.client] else { return nil }
            return TrustStore(
                name: store.name, version: store.version, published: store.published, origin: .shipped,
                client: client, clientVersion: store.clientVersion, basis: .full,
                anchors: store.anchors + [Anchor(certificate: standIn)])
        }
        let known = logs.map {
            CTLog(
                key: $0.key.spki, name: $0.name, operator: $0.name,
                states: [.init(.usable, since: "2025-01-01")])
        }
        let list = shipped.logs.map {
            CTLogList(version: $0.version, published: $0.published, logs: Array($0.logs.values) + known)
        }
        return StoreSet(
            stores, clients: Array(shipped.clients.values), logs: list, blocks: shipped.blocks)
    }

    /// What one report takes, in seconds of CPU.
    private struct Cost {
        var judging = 0.0
        var json = 0.0
        var total: Double { judging + json }
    }

    private static func compare(
        _ label: String, _ stores: StoreSet, _ chains: [[[UInt8]]], _ at: Instant, _ one: [TrustStore],
        _ seven: [TrustStore]
    ) throws {
        var costs: (one: [Cost], seven: [Cost]) = ([], [])
        for round in 0..<rounds {
            // Who is first takes turns, too.
            for isOne in round % 2 == 0 ? [true, false] : [false, true] {
                let validator = Validator(stores: stores, cache: CertificateCache())
                let cost = try cost(validator, chains, at, isOne ? one : seven)
                if isOne { costs.one.append(cost) } else { costs.seven.append(cost) }
            }
        }
        for (name, part) in [
            (label, \Cost.total), ("  judging", \Cost.judging), ("  JSON", \Cost.json),
        ] {
            let (a, b) = (
                median(costs.one.map { $0[keyPath: part] }), median(costs.seven.map { $0[keyPath: part] })
            )
            let more = (b / a - 1) * 100
            print(
                name.padding(toLength: 28, withPad: " ", startingAt: 0) + number(a * 1e6, 10)
                    + number(b * 1e6, 11) + number(more, 9)
                    + number((b - a) / Double(names.count - 1) * 1e6, 18)
                    + (name == label && more > bar ? "  over the bar of \(Int(bar)) %" : ""))
        }
    }

    private static func number(_ value: Double, _ width: Int) -> String {
        let text = String(format: "%.1f", value)
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    /// What the service does for one request, without HTTP: the judgement, then its report as JSON.
    private static func cost(
        _ validator: Validator, _ chains: [[[UInt8]]], _ at: Instant, _ asked: [TrustStore]
    ) throws -> Cost {
        let questions = try chains.enumerated().map { index, chain in
            var evidence = Evidence()
            evidence.presented = chain
            evidence.source = .handshake
            var options = Options()
            options.names = [try ReferenceIdentifier(parsing: "host\(index).example.com")]
            if chain == chains[0] { options.names = [try ReferenceIdentifier(parsing: "host0.example.com")] }
            return Question(
                evidence: evidence, options: options, stores: asked, at: at, checkedAt: at, id: "bench")
        }
        var reports: [Report] = []
        reports.reserveCapacity(questions.count)
        let start = cpuSeconds()
        for question in questions { reports.append(validator.judge(question)) }
        let judged = cpuSeconds()
        var bytes = 0
        for report in reports { bytes += report.json().count }
        let written = cpuSeconds()
        let trusted = reports.count { $0.verdict == .trusted }
        guard trusted == chains.count, bytes > 0 else {
            FileHandle.standardError.write(
                Data("only \(trusted) of \(chains.count) were trusted: \(reports[0].stores)\n".utf8))
            exit(1)
        }
        let count = Double(chains.count)
        return Cost(judging: (judged - start) / count, json: (written - judged) / count)
    }
}
