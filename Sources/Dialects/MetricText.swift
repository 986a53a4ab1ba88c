import Reports

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
        /// Whole lines.
        var samples: [UInt8] = []
    }

    private var families: [Family] = []

    package init() {}

    package mutating func gauge(_ name: String, _ help: String, _ labels: Labels, _ value: Int64) {
        let at = line(name, help, labels)
        families[at].samples.append(decimal: value)
        families[at].samples.append(UInt8(ascii: "\n"))
    }

    /// Seconds with their fraction.
    package mutating func gauge(_ name: String, _ help: String, _ labels: Labels = [], seconds: Double) {
        let at = line(name, help, labels)
        families[at].samples += "\(seconds)\n".utf8
    }

    /// Begins a line up to its value, and answers in which family it stands.
    private mutating func line(_ name: String, _ help: String, _ labels: Labels) -> Int {
        let at = family(name, help)
        families[at].samples += name.utf8
        families[at].samples.append(labels: labels)
        families[at].samples.append(UInt8(ascii: " "))
        return at
    }

    /// There are some thirty, and the one wanted is often the last.
    private mutating func family(_ name: String, _ help: String) -> Int {
        if let at = families.lastIndex(where: { $0.name == name }) { return at }
        families.append(Family(name: name, help: help))
        return families.count - 1
    }

    /// Takes in all samples of another text, each with further labels before its own.
    package mutating func merge(_ other: MetricText, labels: Labels) {
        var outer: [UInt8] = []
        outer.append(labels: labels)
        for more in other.families {
            let at = family(more.name, more.help)
            let name = more.name.utf8.count
            for line in more.samples.split(separator: UInt8(ascii: "\n")) {
                let rest = line.dropFirst(name)
                families[at].samples += line.prefix(name)
                if rest.first == UInt8(ascii: "{"), !outer.isEmpty {
                    families[at].samples += outer.dropLast()
                    families[at].samples.append(UInt8(ascii: ","))
                    families[at].samples += rest.dropFirst()
                } else {
                    families[at].samples += outer
                    families[at].samples += rest
                }
                families[at].samples.append(UInt8(ascii: "\n"))
            }
        }
    }

    /// Octets of the samples.
    var octets: Int { families.reduce(0) { $0 + $1.samples.count } }

    package func render() -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(octets + families.count * 160)
        for family in families {
            out += "# HELP ".utf8
            out += family.name.utf8
            out.append(UInt8(ascii: " "))
            out += family.help.utf8
            out += "\n# TYPE ".utf8
            out += family.name.utf8
            out += " gauge\n".utf8
            out += family.samples
        }
        return out
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

extension [UInt8] {
    fileprivate mutating func append(decimal value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let start = count
        repeat {
            append(UInt8(truncatingIfNeeded: rest % 10) + UInt8(ascii: "0"))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }

    /// `{a="b",c="d"}`, or nothing.
    fileprivate mutating func append(labels: MetricText.Labels) {
        guard !labels.isEmpty else { return }
        var before = UInt8(ascii: "{")
        for label in labels {
            append(before)
            before = UInt8(ascii: ",")
            self += label.name.utf8
            self += "=\"".utf8
            // Most values are plain: they need no look at each character.
            let isPlain =
                label.value.utf8.count <= MetricText.valueLimit
                && label.value.utf8.allSatisfy { 0x20...0x7E ~= $0 && $0 != 0x22 && $0 != 0x5C }
            self += (isPlain ? label.value : MetricText.escape(label.value)).utf8
            append(UInt8(ascii: "\""))
        }
        append(UInt8(ascii: "}"))
    }
}
