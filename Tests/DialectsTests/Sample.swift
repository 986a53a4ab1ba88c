import Certificates
import Fixtures
import Reports

/// Reports as Validation makes them, put together by hand: what is rendered is fixed here, whoever judged it.
enum Sample {
    static let root = Authority.root("Example Root R1")
    static let issuer = root.intermediate("Example TLS CA G3")
    static let leaf = issuer.leaf("api.example.com")

    static let targetName = ReferenceIdentifier.dns(aLabels: "api.example.com", given: "api.example.com")

    static func described(_ fixture: FixtureCertificate, _ role: Described.Role) throws -> Described {
        Described(try Certificate.parse(der: fixture.der), role: role)
    }

    /// Trusted by mozilla and debian over leaf, issuer, root; the first two sent over TLS by 192.0.2.30.
    static func good(leaf: FixtureCertificate = leaf) throws -> Report {
        var report = Report(
            id: "1", checkedAt: now, at: now, verdict: .trusted, state: .ok,
            summary: "trusted by all stores asked for")
        report.target = Target(
            host: "api.example.com", port: 443, address: "192.0.2.30", sni: "api.example.com")
        report.names = [targetName]
        report.conforms = true
        report.thresholds = Thresholds(warnSeconds: 21 * 86_400, criticalSeconds: 7 * 86_400)
        report.leaf = leaf.sha256
        report.certificates = [
            try described(leaf, .endEntity), try described(issuer.certificate, .intermediate),
            try described(root.certificate, .anchor),
        ]
        report.presented = Presented(
            certificates: [leaf.sha256, issuer.certificate.sha256], complete: true, inOrder: true,
            anchorSent: false)
        report.paths = [
            Path(
                certificates: [leaf.sha256, issuer.certificate.sha256, root.certificate.sha256],
                anchor: root.certificate.sha256, stores: ["mozilla", "debian"], valid: true,
                from: "2026-06-01", until: "2026-11-28", findings: [])
        ]
        report.stores = [
            store("mozilla", "2.92", until: "2026-11-28"), store("debian", "20260816", until: "2026-11-28"),
        ]
        report.firstBreak = FirstBreak(
            at: "2026-11-28T00:00:01Z", store: "mozilla", cause: .leafExpires, certificate: leaf.sha256)
        report.checks.passed = 41
        report.checks.notApplicable = 6
        var handshake = Handshake()
        (handshake.protocolVersion, handshake.address) = ("TLS 1.3", "192.0.2.30")
        handshake.timings = [
            Timing(phase: .connect, milliseconds: 12.3), Timing(phase: .handshake, milliseconds: 39.4),
        ]
        report.handshake = handshake
        report.notChecked = [
            NotChecked(check: "revocation.status", reason: "not_asked", message: "revocation"),
            NotChecked(check: "ct.policy", reason: "not_asked", message: "Certificate Transparency"),
        ]
        return report
    }

    static func store(
        _ name: String, _ version: String, trusted: Bool? = true, until: Instant? = nil,
        _ reasons: [StoreReason] = []
    ) -> StoreAnswer {
        StoreAnswer(
            name: name, version: version, published: "2026-06-15", trusted: trusted, basis: .membership,
            completes: .none, path: 0, until: until, reasons: reasons)
    }
}
