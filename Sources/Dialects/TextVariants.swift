import Reports

extension TextReport {
    /// A line for every way to ask that had an answer of its own.
    var variants: [String] {
        var groups: [(names: [String], answer: String)] = []
        for answer in report.variants {
            let text = Self.text(answer)
            if let at = groups.firstIndex(where: { $0.answer == text }) {
                groups[at].names.append(answer.variant.rawValue)
            } else {
                groups.append(([answer.variant.rawValue], text))
            }
        }
        return labelled("variants", groups.map { "\($0.names.joined(separator: ", ")): \($0.answer)" })
    }

    /// `TLS 1.2, 5d20…, partly trusted`
    private static func text(_ answer: VariantAnswer) -> String {
        var parts = answer.protocolVersion.map { [$0] } ?? []
        if let error = answer.error {
            let words = answer.presented.map { " (\(ShownText.name($0)))" } ?? ""
            parts.append("no certificate: " + error.rawValue.replacing("_", with: " ") + words)
        } else if let leaf = answer.certificates.first {
            parts.append("\(leaf.hex.prefix(4))…")
        }
        if let verdict = answer.verdict { parts.append(verdict.rawValue.replacing("_", with: " ")) }
        return parts.joined(separator: ", ")
    }
}
