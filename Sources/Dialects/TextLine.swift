import Certificates
import Reports

extension TextReport {
    /// `STATE     target  sentence` on one line of at most 110 columns, without a line feed: one of many.
    ///
    /// - Parameter given: the target as it was given, for a report that has none of its own.
    package static func line(_ report: Report, given: String, color: Bool = false) -> String {
        let state = ShownText.pad(report.state.rawValue.uppercased(), to: 8)
        let target = report.target == nil ? ShownText.name(given) : report.shownTarget
        let rest = "  \(target)  \(ShownText.sentence(report.summary))"
        return Paint(on: color).state(report.state, state)
            + ShownText.cut(rest, to: ShownText.columns - state.count)
    }
}
