import Certificates
import Fixtures
import Reports

extension Sample {
    static func finding(
        _ check: CheckID, _ reason: Reason, _ severity: Severity = .error, _ message: String, fix: Fix? = nil,
        kind: Kind = .path
    ) -> Finding {
        Finding(
            check: check, kind: kind, reason: reason, severity: severity, message: message,
            reference: "RFC 5280 6.1.3", fix: fix)
    }

    /// The leaf ended two days before the instant judged for; the rest is as in `good`.
    static func expired() throws -> Report {
        let leaf = issuer.leaf("api.example.com") { spec in
            spec.notBefore = "2026-01-01"
            spec.notAfter = "2026-06-29"
        }
        var report = try good(leaf: leaf)
        (report.verdict, report.state) = (.untrusted, .critical)
        report.summary = "the certificate expired on 2026-06-29"
        let reason = StoreReason(check: .timeLeaf, reason: .validityEnded, certificate: leaf.sha256)
        report.stores = [
            store("mozilla", "2.92", trusted: false, [reason]),
            store("debian", "20260816", trusted: false, [reason]),
        ]
        report.firstBreak = FirstBreak(
            at: "2026-06-29T00:00:01Z", store: "mozilla", cause: .leafExpires, certificate: leaf.sha256)
        var ended = finding(
            .timeLeaf, .validityEnded, "the certificate expired",
            fix: Fix(.renew, "renew the certificate and reload the server"))
        (ended.expected, ended.presented) = ("not before 2026-07-01", "2026-06-29T00:00:00Z")
        report.findings = [ended]
        return report
    }

    private static func finding(_ check: CheckID, _ reason: Reason, _ message: String, fix: Fix? = nil)
        -> Finding
    {
        finding(check, reason, .error, message, fix: fix)
    }

    /// The leaf alone is sent, and its issuer is known from nowhere.
    static func missingIntermediate() throws -> Report {
        var report = try good()
        (report.verdict, report.state) = (.untrusted, .critical)
        report.summary = "an intermediate certificate is not sent"
        report.certificates.removeLast(2)
        report.paths = []
        report.firstBreak = nil
        var presented = Presented(
            certificates: [leaf.sha256], complete: false, inOrder: true, anchorSent: false)
        presented.missing = [
            Presented.Missing(subject: "CN=Example TLS CA G3", url: "http://ca.example/g3.der")
        ]
        report.presented = presented
        let reason = StoreReason(check: .chainComplete, reason: .issuerNotSent)
        report.stores = [
            store("mozilla", "2.92", trusted: false, [reason]),
            store("debian", "20260816", trusted: false, [reason]),
        ]
        report.findings = [
            finding(
                .chainComplete, .issuerNotSent, .error, "the issuer of the leaf was not sent",
                fix: Fix(.sendIntermediate, "send \"Example TLS CA G3\" after the leaf"), kind: .presentation)
        ]
        return report
    }

    /// Leaf, anchor, intermediate.
    static func wrongOrder() throws -> Report {
        var report = try good()
        report.summary = "trusted by all stores asked for; the chain is sent in the wrong order"
        report.presented = Presented(
            certificates: [leaf.sha256, root.certificate.sha256, issuer.certificate.sha256], complete: true,
            inOrder: false, anchorSent: true)
        report.findings = [
            finding(
                .chainOrder, .outOfOrder, .info, "certificate 3 is the issuer of certificate 1",
                fix: Fix(.reorder, "send the certificates leaf first, each followed by its issuer"),
                kind: .presentation)
        ]
        return report
    }

    /// Posted, one certificate that is its own issuer.
    static func selfSigned() throws -> Report {
        let own = Authority.root("printer.example").certificate
        var report = Report(
            id: "1", checkedAt: now, at: now, verdict: .untrusted, state: .critical,
            summary: "self-signed, and in no store asked for")
        report.leaf = own.sha256
        report.certificates = [try described(own, .endEntity)]
        report.presented = Presented(
            certificates: [own.sha256], complete: nil, inOrder: true, anchorSent: true)
        let reason = StoreReason(check: .anchorFound, reason: .selfSigned)
        report.stores = [
            store("mozilla", "2.92", trusted: false, [reason]),
            store("debian", "20260816", trusted: false, [reason]),
        ]
        report.findings = [
            finding(
                .anchorFound, .selfSigned, "the certificate is signed with its own key",
                fix: Fix(.addAnchor, "add the certificate as an anchor: --trust-store name=printer.pem"))
        ]
        return report
    }

    /// Nothing listens there: no certificate, so no store has an answer.
    static func unreachable() -> Report {
        var report = Report(
            id: "1", checkedAt: now, at: now, verdict: .unreachable, state: .critical,
            summary: "connection refused")
        report.target = Target(host: "2001:db8::1", port: 8443)
        report.findings = [
            finding(
                .netConnect, .connectionRefused, "nothing listens there")
        ]
        report.notChecked = [
            NotChecked(
                check: "path.signature", reason: "no_certificate",
                message: "the certificate: none was obtained")
        ]
        return report
    }

    /// The whole chain is sent, but its root is in no store; one store could not say.
    static func untrusted() throws -> Report {
        var report = try good()
        (report.verdict, report.state) = (.untrusted, .critical)
        report.summary = "no store asked for holds the anchor \"Example Root R1\""
        report.firstBreak = nil
        report.paths[0].anchor = nil
        report.presented?.certificates.append(root.certificate.sha256)
        report.stores = [
            store(
                "mozilla", "2.92", trusted: false, [StoreReason(check: .anchorFound, reason: .anchorAbsent)]),
            store("corp", "", trusted: nil, [StoreReason(check: .anchorFound, reason: .notEstablished)]),
        ]
        report.findings = [finding(.anchorFound, .anchorAbsent, "no anchor for \"Example Root R1\"")]
        return report
    }
}
