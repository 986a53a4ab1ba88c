import Certificates
import Fixtures
import Foundation
import PathBuilding
import Reports
import TrustStores
import Validation

/// Input made to be expensive: wall time, peak memory and what the report says of the bound that was hit.
enum Hostile {
    static func run() throws {
        print("\ninput                                    judged ms   json ms   peak MB   findings")
        let mesh = (0..<30).map { Authority.root("Mesh \($0)") }
        let crosses = mesh.flatMap { subject in
            mesh.filter { $0.name != subject.name }.map { subject.crossSigned(by: $0).certificate.der }
        }
        let leaf = mesh[0].leaf("www.example.com").der
        try judge("30 cross-signed CAs, 870 certificates", [leaf] + crosses, [mesh[29]])
        try judge("the same, no anchor", [leaf] + crosses, [Authority.root("Elsewhere")])
        try enumerate(mesh, crosses)
        let root = Authority.root("Many Root")
        let key = Key.pool(.ec256, 0)
        let many = (0..<1_999).map { root.intermediate("Many \($0)", key: key).certificate.der }
        try judge("2,000 certificates", [root.leaf("www.example.com").der] + many, [root])
        let namesakes = (0..<1_999).map {
            root.intermediate("Namesake", key: .labelled(.ec256, "namesake \($0)")) {
                $0.remove(ExtensionOID.subjectKeyIdentifier)
            }.certificate.der
        }
        let last = root.intermediate("Namesake")
        try judge(
            "2,000 of one name, none the issuer", [last.leaf("www.example.com").der] + namesakes, [root])
        let names = (0..<10_000).map { "h\($0).example.com" }
        let wide = root.leaf(names: names)
        try judge("10,000 SANs", [wide.der], [root], name: "h9999.example.com")
        try judge("10,000 SANs, another name", [wide.der], [root], name: "www.example.org")
        let strict = root.intermediate("Strict") {
            $0.add(.nameConstraints(permitted: (0..<5_000).map { .dns("n\($0).example.com") }))
        }
        try judge(
            "5,000 name constraints, 10,000 SANs", [strict.leaf(names: names).der, strict.certificate.der],
            [root],
            name: "h9999.example.com")
    }

    private static func judge(
        _ label: String, _ chain: [[UInt8]], _ anchors: [Authority], name: String = "www.example.com"
    ) throws {
        resetPeak()
        let cache = CertificateCache()
        let client = Client(name: .libcrypto, completes: .nothing)
        let trusted = try anchors.map {
            Anchor(certificate: try cache.certificate(der: $0.certificate.der))
        }
        let stores = StoreSet([
            TrustStore(name: "bench", origin: .custom, client: client, basis: .full, anchors: trusted)
        ])
        let validator = Validator(stores: stores, cache: cache)
        var evidence = Evidence()
        evidence.source = .handshake
        evidence.presented = chain
        var options = Options()
        options.names = [try ReferenceIdentifier(parsing: name)]
        let question = Question(
            evidence: evidence, options: options, stores: stores.all, at: now, checkedAt: now, id: "bench")
        let clock = ContinuousClock()
        let start = clock.now
        let report = validator.judge(question)
        let judged = clock.now
        let size = report.json().count
        let rendered = clock.now
        let bounds = Set(
            report.findings.filter { $0.kind == .path || $0.check == .pathBudget }.map(\.reason.rawValue)
        ).sorted()
        row(
            label, start.duration(to: judged) / .milliseconds(1),
            judged.duration(to: rendered) / .milliseconds(1),
            "\(report.verdict.rawValue) "
                + bounds.joined(separator: " ") + ", \(size / 1024) kB")
    }

    /// Enumerating alone, signatures known: three CAs a level have all signed each CA of the level below, so
    /// that 3 × 3 × 3 ways lead up through 30 certificates; and the mesh of 30 CAs that have all signed each
    /// other, where the bound on paths ends the search.
    private static func enumerate(_ mesh: [Authority], _ crosses: [[UInt8]]) throws {
        let levels = (0..<4).map { level in
            (0..<3).map { Authority.root("Level \(level).\($0)") }
        }
        let issuing = Authority.root("Level Issuing")
        var steps = levels[0].map { issuing.crossSigned(by: $0) }
        for (lower, upper) in zip(levels, levels.dropFirst()) {
            steps += lower.flatMap { ca in upper.map { ca.crossSigned(by: $0) } }
        }
        // The topmost level is the anchors'; of its 27 times three ways up only those to the first are asked.
        try enumerate(
            "paths of a mesh of 30 certificates", issuing, steps.map(\.certificate.der), levels[3][0])
        try enumerate("paths of 30 cross-signed CAs", mesh[0], crosses, mesh[29])
    }

    private static func enumerate(
        _ label: String, _ issuing: Authority, _ pool: [[UInt8]], _ anchor: Authority
    ) throws {
        let cache = CertificateCache()
        let pool = IssuerIndex(try pool.map { try cache.certificate(der: $0) })
        let anchors = IssuerIndex([try cache.certificate(der: anchor.certificate.der)])
        let leaf = try cache.certificate(der: issuing.leaf("www.example.com").der)
        let builder = PathBuilder(anchors: [anchors], pool: pool, cache: cache, at: now)
        // Each search may make only so many signature checks.
        var found = builder.search(from: leaf)
        while found.exhausted.contains(.signatures) { found = builder.search(from: leaf) }
        let clock = ContinuousClock()
        let times = (0..<50).map { _ in
            let start = clock.now
            _ = builder.search(from: leaf)
            return start.duration(to: clock.now) / .milliseconds(1)
        }.sorted()
        row(
            label, times[times.count / 2], nil,
            "\(found.paths.count) paths, \(found.steps) steps, \(pool.count) certificates"
                + (found.exhausted.isEmpty ? "" : ", bounds hit: \(found.exhausted.map(\.rawValue))"))
    }

    private static func row(_ label: String, _ judged: Double, _ json: Double?, _ what: String) {
        let rendered = json.map { String(format: "%9.2f", $0) } ?? "        -"
        print(
            label.padding(toLength: 38, withPad: " ", startingAt: 0),
            String(format: "%11.2f", judged), rendered, String(format: "%9d", peakMegabytes()), " ", what)
    }

    /// Since the last reset, or the start where the kernel does not allow one.
    private static func peakMegabytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter { ("0"..."9").contains($0) }) }.map { $0 / 1024 } ?? 0
    }

    private static func resetPeak() {
        try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    }
}
