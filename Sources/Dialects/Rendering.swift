import Reports

/// A report in the form asked for: the one place that knows which renderer a `format` means.
package enum Rendering {
    package static func contentType(_ format: Format) -> String {
        switch format {
        case .json, .zabbix: "application/json"
        case .text, .nagios: "text/plain; charset=utf-8"
        case .prometheus: MetricText.contentType
        case .csv: "text/csv; charset=utf-8; header=present"
        case .junit: "application/xml"
        }
    }

    /// The whole answer for one report.
    ///
    /// - Parameter fields: members of the JSON to keep; empty: all.
    package static func one(_ report: Report, _ format: Format, fields: [String] = []) -> [UInt8] {
        switch format {
        case .json: report.json(fields: fields)
        case .text: Array(TextReport.render(report).utf8)
        case .nagios: Array(Nagios.render(report).utf8)
        case .prometheus: Array(MetricText.render(report).utf8)
        case .zabbix: Zabbix.render(report)
        case .csv: Array((CSVText.header + CSVText.row(report)).utf8)
        case .junit: Array(JUnitText(report).render().utf8)
        }
    }
}

/// Many reports as one document. What can be written at once is; metrics and JUnit need the last report
/// first.
package struct RenderedList: Sendable {
    private let format: Format
    private let fields: [String]
    private let text: @Sendable (Report) -> String
    private var metrics = MetricText()
    private var targets: Set<String> = []
    private var cases = JUnitText()
    private var count = 0

    /// - Parameter text: how a report is shown to people.
    package init(
        _ format: Format, fields: [String] = [],
        text: @escaping @Sendable (Report) -> String = { TextReport.render($0) }
    ) {
        (self.format, self.fields, self.text) = (format, fields, text)
    }

    /// What is to be written now.
    package mutating func add(_ report: Report) -> [UInt8] {
        count += 1
        switch format {
        case .prometheus:
            // The same target twice would be the same series twice.
            if targets.insert(report.plainTarget).inserted {
                metrics.add(report, labels: [("target", report.plainTarget)])
            }
            return []
        case .junit:
            cases.add(report)
            return []
        case .csv: return Array((count == 1 ? CSVText.header : "").utf8) + Array(CSVText.row(report).utf8)
        // An empty line between two answers.
        case .text: return Array(((count == 1 ? "" : "\n") + text(report)).utf8)
        case .json, .nagios, .zabbix: return Rendering.one(report, format, fields: fields)
        }
    }

    /// An input that could not be used still has its place, but for metrics, which have no word for it, and
    /// text, whose errors go beside it. `problem` is its JSON.
    package mutating func add(
        unanswered input: String, code: String, detail: String, problem: [UInt8]
    ) -> [UInt8] {
        switch format {
        case .json, .zabbix:
            count += 1
            return problem
        case .nagios:
            count += 1
            return Array("SSL_CERT UNKNOWN \(ShownText.escape(detail))\n".utf8)
        case .csv:
            count += 1
            let header = count == 1 ? CSVText.header : ""
            return Array((header + CSVText.row(unanswered: input, detail)).utf8)
        case .junit:
            cases.add(unanswered: input, code: code, detail)
            return []
        case .text, .prometheus: return []
        }
    }

    /// The rest.
    package func end() -> [UInt8] {
        switch format {
        case .prometheus: Array(metrics.render().utf8)
        case .junit: Array(cases.render().utf8)
        case .csv: Array((count == 0 ? CSVText.header : "").utf8)
        case .json, .text, .nagios, .zabbix: []
        }
    }
}
