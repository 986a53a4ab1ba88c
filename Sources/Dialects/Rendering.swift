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
        case .prometheus: MetricText.render(report)
        case .zabbix: Zabbix.render(report)
        case .csv: Array((CSVText.header + CSVText.row(report)).utf8)
        case .junit: Array(JUnitText(report).render().utf8)
        }
    }
}
