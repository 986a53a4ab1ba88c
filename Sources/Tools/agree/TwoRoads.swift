import Certificates
import Fixtures
import Reports
import TrustStores
import Validation

/// One validator with every short cut, its caches warm, and one with none.
struct TwoRoads {
    let caPaths = CAPathCache()
    private let fast, full: Validator
    private let fastStores, fullStores: StoreSet

    init(anchors: [[UInt8]]) throws {
        let (fastCache, fullCache) = (CertificateCache(), CertificateCache(shortcuts: false))
        fastStores = try Self.stores(anchors, fastCache)
        fullStores = try Self.stores(anchors, fullCache)
        fast = Validator(stores: fastStores, cache: fastCache, caPaths: caPaths)
        full = Validator(stores: fullStores, cache: fullCache, caPaths: nil)
    }

    private static func stores(_ anchors: [[UInt8]], _ cache: CertificateCache) throws -> StoreSet {
        let anchors = try anchors.map { Anchor(certificate: try cache.certificate(der: $0)) }
        let client = Client(name: .libcrypto, completes: .nothing)
        return StoreSet([
            TrustStore(name: "agree", origin: .custom, client: client, basis: .full, anchors: anchors)
        ])
    }

    /// Nil when both say the same.
    func disagreement(_ chain: [[UInt8]], _ options: Options, at: Instant = now) -> Disagreement? {
        let short = fast.judge(question(chain, options, fastStores, at))
        let long = full.judge(question(chain, options, fullStores, at))
        return Disagreement(short, long, chain)
    }

    private func question(
        _ chain: [[UInt8]], _ options: Options, _ stores: StoreSet, _ at: Instant
    ) -> Question {
        var evidence = Evidence()
        evidence.source = .handshake
        evidence.presented = chain
        return Question(
            evidence: evidence, options: options, stores: stores.all, storesFrom: .request, at: at,
            checkedAt: at, id: "agree")
    }
}

/// Two reports on one chain that differ.
struct Disagreement: CustomStringConvertible {
    let fast, full: [String]
    let chain: [[UInt8]]

    /// Every line of the opinion counts, and so does every byte of the report.
    init?(_ fast: Report, _ full: Report, _ chain: [[UInt8]]) {
        (self.fast, self.full, self.chain) = (Self.opinion(fast), Self.opinion(full), chain)
        if self.fast == self.full, fast.json() == full.json() { return nil }
    }

    var description: String {
        let chain = chain.map { "  " + Hex.encode($0) }
        return (["fast:"] + fast.map { "  " + $0 } + ["full:"] + full.map { "  " + $0 } + ["DER:"] + chain)
            .joined(separator: "\n")
    }

    private static func opinion(_ report: Report) -> [String] {
        func line(_ finding: Finding) -> String {
            let place = finding.place?.rawValue ?? "-"
            return "\(finding.check.rawValue) \(finding.reason.rawValue) \(place) \(finding.status.rawValue)"
        }
        var out = ["\(report.verdict.rawValue) \(report.conforms.map(String.init) ?? "-")"]
        out += report.findings.map(line).sorted()
        for (index, path) in report.paths.enumerated() {
            out.append("path \(index) \(path.valid)")
            out += path.findings.map { "path \(index) " + line($0) }.sorted()
        }
        return out
    }
}
