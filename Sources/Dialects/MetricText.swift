/// Metrics in Prometheus's text exposition format 0.0.4: every family in one piece, whatever the order in
/// which its samples came.
package struct MetricText: Sendable {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// A label's value may be as long as a name in a certificate; ten thousand names in one must not make a
    /// megabyte of every scrape.
    static let valueLimit = 4 * 1024

    package typealias Labels = [(name: String, value: String)]

    private struct Family {
        let name: String
        let help: String
        var samples: [String] = []
    }

    private var families: [Family] = []
    private var index: [String: Int] = [:]

    package init() {}

    package mutating func gauge(_ name: String, _ help: String, _ labels: Labels, _ value: Int64) {
        add(name, help, labels, String(value))
    }

    /// Seconds with their fraction.
    package mutating func gauge(_ name: String, _ help: String, _ labels: Labels = [], seconds: Double) {
        add(name, help, labels, "\(seconds)")
    }

    private mutating func add(_ name: String, _ help: String, _ labels: Labels, _ value: String) {
        let at = index[name] ?? families.count
        if at == families.count {
            families.append(Family(name: name, help: help))
            index[name] = at
        }
        let inner = labels.map { "\($0.name)=\"\(Self.escape($0.value))\"" }.joined(separator: ",")
        families[at].samples.append(inner.isEmpty ? "\(name) \(value)" : "\(name){\(inner)} \(value)")
    }

    package func render() -> String {
        families.map { family in
            "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) gauge\n"
                + family.samples.map { $0 + "\n" }.joined()
        }.joined()
    }

    /// Quotes, backslashes and line feeds as the format asks; what a terminal would act on as `\u{…}`.
    static func escape(_ text: String) -> String {
        var out = ""
        for character in ShownText.escape(text, keeping: "\n") {
            guard out.utf8.count < valueLimit else { return out + "…" }
            switch character {
            case "\\": out += "\\\\"
            case "\"": out += "\\\""
            case "\n": out += "\\n"
            default: out.append(character)
            }
        }
        return out
    }
}
