import Reports

/// One report of many, rendered as far as that can be done without the others.
package struct RenderedPart: Sendable {
    fileprivate enum Content: Sendable {
        case bytes([UInt8])
        case metrics(MetricText, target: String, name: String?)
        case cases(JUnitText)
    }

    fileprivate let content: Content

    /// - Parameters:
    ///   - fields: members of the JSON to keep; empty: all.
    ///   - given: the target as it was written, for a report that has none of its own.
    ///   - text: how a report is shown to people.
    package init(
        _ report: Report, _ format: Format, fields: [String] = [], given: String? = nil,
        text: (Report) -> String = { TextReport.render($0) }
    ) {
        switch format {
        case .json, .nagios, .zabbix: content = .bytes(Rendering.one(report, format, fields: fields))
        case .text: content = .bytes(Array(text(report).utf8))
        case .csv: content = .bytes(Array(CSVText.row(report, given: given).utf8))
        case .prometheus:
            var metrics = MetricText()
            metrics.add(report)
            content = .metrics(metrics, target: report.plainTarget(given: given), name: report.plainNames)
        case .junit:
            var cases = JUnitText()
            cases.add(report, given: given)
            content = .cases(cases)
        }
    }

    /// What it holds in memory, about.
    package var octets: Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .metrics(let metrics, _, _): metrics.octets
        case .cases(let cases): cases.octets
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
    private var targets: Set<[String?]> = []
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
        let part = RenderedPart(report, format, fields: fields, text: text)
        // An empty line between two answers of several lines.
        let blank: [UInt8] = format == .text && count > 0 ? [UInt8(ascii: "\n")] : []
        return blank + add(part)
    }

    /// As above; a part of another format than the list's does not belong here.
    package mutating func add(_ part: RenderedPart) -> [UInt8] {
        count += 1
        switch part.content {
        case .bytes(let bytes):
            return format == .csv && count == 1 ? Array(CSVText.header.utf8) + bytes : bytes
        case .metrics(let one, let target, let name):
            var labels = [("target", target)]
            if let name { labels.append(("name", name)) }
            // The same question twice would be the same series twice.
            if !targets.insert([target, name]).inserted { labels.append(("row", String(count - 1))) }
            metrics.merge(one, labels: labels)
            return []
        case .cases(let one):
            cases.merge(one)
            return []
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
        case .prometheus: metrics.render()
        case .junit: Array(cases.render().utf8)
        case .csv: Array((count == 0 ? CSVText.header : "").utf8)
        case .json, .text, .nagios, .zabbix: []
        }
    }
}
