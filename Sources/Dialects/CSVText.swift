import Certificates
import Reports

/// One row per report (RFC 4180, lines ended by a line feed alone). Columns are only ever added at the end.
package enum CSVText {
    static let columns = [
        "target", "host", "port", "address", "state", "verdict", "conforms", "first_break",
        "first_break_cause", "leaf_sha256", "leaf_not_after", "issuer", "renewal_due", "summary",
    ]

    package static let header = columns.joined(separator: ",") + "\n"

    /// - Parameter given: the target as it was written, for a report that has none of its own.
    package static func row(_ report: Report, given: String? = nil) -> String {
        let leaf = report.leaf.flatMap { report[$0] }
        let addresses = report.fleet.map { $0.groups.flatMap(\.addresses) + $0.failed.map(\.address) }
        let cells: [String?] = [
            report.plainTarget(given: given),
            report.target?.host,
            report.target.map { String($0.port) },
            addresses?.joined(separator: ";") ?? report.target?.address,
            report.state.rawValue,
            report.verdict.rawValue,
            report.conforms.map { $0 ? "true" : "false" },
            report.firstBreak?.at.description,
            report.firstBreak?.cause.rawValue,
            leaf?.sha256.hex,
            leaf?.notAfter?.description,
            leaf?.issuer.text,
            report.renewal?.due.description,
            report.summary,
        ]
        return line(cells)
    }

    /// An input that could not be used: its row says so in the summary.
    package static func row(unanswered input: String, _ detail: String) -> String {
        var cells = [String?](repeating: nil, count: columns.count)
        (cells[0], cells[4], cells[columns.count - 1]) = (input, State.unknown.rawValue, detail)
        return line(cells)
    }

    private static func line(_ cells: [String?]) -> String {
        cells.map { cell($0 ?? "") }.joined(separator: ",") + "\n"
    }

    /// Spreadsheets run what starts like a formula.
    static func cell(_ text: String) -> String {
        var shown = ShownText.escape(text)
        if let first = shown.first, "=+-@".contains(first) { shown = "'" + shown }
        guard shown.contains(where: { "\",;'".contains($0) }) else { return shown }
        return "\"" + shown.replacing("\"", with: "\"\"") + "\""
    }
}
