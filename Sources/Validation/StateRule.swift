import Certificates
import Reports

/// ok < unknown < warning < critical: the worst of verdict, first break and findings.
enum StateRule {
    static func state(of report: Report) -> State {
        var worst = verdict(report.verdict)
        if let first = report.firstBreak {
            let left = first.at - report.at
            if left <= report.thresholds.criticalSeconds {
                worst = max(worst, .critical)
            } else if left <= report.thresholds.warnSeconds {
                worst = max(worst, .warning)
            }
        }
        // `not_established` informs, but for `revocation=hard`, whose findings are errors.
        for finding in report.findings where finding.status == .failed || finding.severity == .error {
            switch finding.severity {
            case .error: worst = max(worst, .critical)
            case .warning: worst = max(worst, .warning)
            case .info: break
            }
        }
        return worst
    }

    private static func verdict(_ verdict: Verdict) -> State {
        switch verdict {
        case .trusted: .ok
        case .partlyTrusted, .untrusted, .unreachable: .critical
        case .indeterminate: .unknown
        }
    }
}
