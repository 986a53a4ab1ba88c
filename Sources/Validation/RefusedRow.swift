import Certificates
import Checks
import Reports

extension Report {
    /// What is said of one row at most; the first mistake explains the others often enough.
    private static let errorsOfARow = 10

    /// The answer to a row of a scan that cannot be used: a finding `input.target` for each thing that is
    /// wrong with it, whose reason is the code of the problem that the row alone would have been.
    package static func refused(
        row: Int, _ errors: OptionErrors, options: Options, now: Instant, id: String
    ) -> Report {
        var report = Report(
            id: id, checkedAt: now, at: options.at ?? now, verdict: .indeterminate, state: .unknown,
            summary: "")
        report.row = row
        report.includes = options.include
        report.findings = errors.errors.prefix(errorsOfARow).map { error in
            let reason = Reason(rawValue: error.code.rawValue) ?? .targetMalformed
            let place = error.pointer.isEmpty ? "" : error.pointer + ": "
            return Finding(
                check: .inputTarget, kind: .presentation, reason: reason, severity: .error,
                message: place + error.detail, reference: Reference.catenary("options").description,
                fix: reason == .noCertificate
                    ? Fix(.checkRequest, "bring at least one certificate") : ReasonText.of(reason).fix)
        }
        report.notChecked = [
            NotChecked(check: "path", reason: "no_certificate", message: "the chain (none was seen)")
        ]
        report.state = StateRule.state(of: report)
        report.summary = errors.errors.first?.detail ?? "the row cannot be used"
        return report
    }
}
