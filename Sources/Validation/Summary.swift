import Certificates
import Reports

/// One sentence that a person can act on. Prose; nobody has to parse it.
enum Summary {
    static func sentence(of report: Report) -> String {
        let worst = primary(report.findings)?.message
        let refusing = report.stores.filter { $0.trusted == false }.map(\.name)
        let trusting = report.stores.filter { $0.trusted == true }.map(\.name)
        let unknown = report.stores.filter { $0.trusted == nil }.map(\.name)
        if let incomplete = incomplete(report) { return incomplete }
        switch report.verdict {
        case .unreachable: return worst ?? "no certificate could be obtained"
        case .indeterminate: return "nothing was established: " + (worst ?? "no store gave an answer")
        case .untrusted: return worst ?? "no store asked for trusts the chain"
        case .partlyTrusted:
            return "trusted by \(list(trusting)), not by \(list(refusing))" + (worst.map { ": " + $0 } ?? "")
        case .trusted: break
        }
        if let first = report.firstBreak, first.at - report.at <= report.thresholds.warnSeconds {
            return "trusted by \(list(trusting)), but \(cause(first.cause)) on \(first.at.date)"
        }
        if report.state > .ok, let worst { return worst }
        let until = report.firstBreak.map { " until \($0.at.date)" } ?? ""
        return "trusted by \(list(trusting))\(until)"
            + (unknown.isEmpty ? "" : "; not known of \(list(unknown))")
    }

    /// Where a certificate that was not sent is all that anybody has against the chain. What clients do is
    /// known from running them (`completes` of each).
    private static func incomplete(_ report: Report) -> String? {
        guard report.presented?.complete == false, report.verdict != .indeterminate,
            !report.stores.contains(where: { store in
                store.trusted == false && store.reasons.contains { $0.reason != .issuerNotSent }
            }),
            report.firstBreak.map({ $0.at - report.at > report.thresholds.criticalSeconds }) ?? true,
            report.findings.allSatisfy({
                $0.check == .chainComplete || $0.severity != .error || $0.status != .failed
            })
        else { return nil }
        let count = report.presented?.missing.count ?? 1
        let what = count == 1 ? "an intermediate is not sent" : "\(count) intermediates are not sent"
        let isFetched = report.stores.contains { $0.completes == .aia && $0.trusted == true }
        return
            (isFetched ? "works in browsers, fails in curl, Go and Java: " : "fails in curl, Go and Java: ")
            + what
    }

    /// The finding to begin with: the most severe, and of those the one that comes first in a chain's life.
    static func primary(_ findings: [Finding]) -> Finding? {
        findings.enumerated().max { a, b in
            (rank(a.element), -a.offset) < (rank(b.element), -b.offset)
        }?.element
    }

    private static func rank(_ finding: Finding) -> Int {
        var rank = finding.status == .failed ? 100 : 0
        switch finding.severity {
        case .error: rank += 1_000
        case .warning: rank += 500
        case .info: break
        }
        switch finding.kind {
        case .path, .client: rank += 20
        case .presentation: rank += 10
        case .profile: break
        }
        if finding.check == .chainServes { rank += 50 }
        return rank
    }

    static func cause(_ cause: FirstBreak.Cause) -> String {
        switch cause {
        case .leafExpires: "the leaf expires"
        case .issuerExpires: "an issuer expires"
        case .anchorExpires: "the anchor expires"
        case .notYetValid: "it is not valid before"
        case .anchorDistrusted: "the anchor is distrusted"
        }
    }

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
