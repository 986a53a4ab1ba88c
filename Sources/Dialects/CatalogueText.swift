import Reports

/// The catalogue for people: each check with its reasons, what they mean and what to do.
package enum CatalogueText {
    /// Lines of at most 110 columns, each ended by a line feed. When all that is to be said is one reason of
    /// several checks, it is said once.
    package static func render(_ entries: [CatalogueEntry]) -> String {
        let single = entries.first?.reasons.first
        let lines =
            if let single, entries.count > 1, entries.allSatisfy({ $0.reasons == [single] }) {
                reason(single, indent: 0) + saidBy(entries)
            } else {
                Array(entries.map(check).joined(separator: [""]))
            }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Id, severity and title of each check: what there is to be explained.
    package static func index(_ entries: [CatalogueEntry]) -> String {
        let width = entries.map(\.id.rawValue.count).max() ?? 0
        return entries.map { entry in
            let id = ShownText.pad(entry.id.rawValue, to: width)
            return "\(id)  \(ShownText.pad(entry.severity.rawValue, to: 7))  \(entry.title)\n"
        }.joined()
    }

    private static func check(_ entry: CatalogueEntry) -> [String] {
        ShownText.wrap(entry.title, first: entry.id.rawValue + "  ", indent: 2)
            + ["  \(entry.kind.rawValue) check, \(entry.severity.rawValue) when it fails; \(entry.reference)"]
            + entry.stages.map { "  from \($0.from.date)  \($0.requirement)" }
            + entry.reasons.flatMap { reason($0, indent: 2) }
    }

    private static func reason(_ explained: ExplainedReason, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines = [margin + explained.reason.rawValue]
        lines += ShownText.wrap(explained.meaning, first: margin + "  ", indent: indent + 2)
        if let fix = explained.fix {
            lines += ShownText.wrap(fix.text, first: margin + "  fix  ", indent: indent + 7)
        }
        return lines
    }

    private static func saidBy(_ entries: [CatalogueEntry]) -> [String] {
        entries.map { "  said by \($0.id.rawValue)  \($0.title)" }
    }
}
