import Certificates
import Reports

/// Reports as JUnit's XML for CI: a suite for each, in it a case for every store, every failed check and the
/// first break. What nobody could check is skipped, never passed.
package struct JUnitText: Sendable {
    private var suites = ""
    private var total = Counts()

    private struct Counts {
        var tests = 0
        var failures = 0
        var errors = 0
        var skipped = 0

        var attributes: String {
            "tests=\"\(tests)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
        }

        mutating func add(_ other: Counts) {
            tests += other.tests
            failures += other.failures
            errors += other.errors
            skipped += other.skipped
        }
    }

    private enum Outcome {
        case passed
        case failed(type: String, message: String)
        case skipped(message: String)
        case error(type: String, message: String)
    }

    package init() {}

    init(_ report: Report) { add(report) }

    package func render() -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"catenary\" \(total.attributes)>\n"
            + suites + "</testsuites>\n"
    }

    /// - Parameter given: the target as it was written, for a report that has none of its own.
    package mutating func add(_ report: Report, given: String? = nil) {
        var cases: [(group: String, name: String, outcome: Outcome)] = []
        for store in report.stores { cases.append(("store", store.name, Self.outcome(store))) }
        for finding in report.findings {
            guard let outcome = Self.outcome(finding) else { continue }
            cases.append(("check", name(finding, report), outcome))
        }
        cases.append(("time", "first_break", Self.firstBreak(report)))
        add(suite: report.plainTarget(given: given), at: report.at, cases)
    }

    mutating func merge(_ other: JUnitText) {
        suites += other.suites
        total.add(other.total)
    }

    var octets: Int { suites.utf8.count }

    /// An input that could not be used.
    package mutating func add(unanswered input: String, code: String, _ detail: String) {
        add(suite: input, at: nil, [("input", "answered", .error(type: code, message: detail))])
    }

    private mutating func add(
        suite: String, at: Instant?, _ cases: [(group: String, name: String, outcome: Outcome)]
    ) {
        var counts = Counts()
        var body = ""
        for item in cases {
            counts.tests += 1
            let start =
                "    <testcase classname=\"catenary.\(item.group)\" name=\"\(Self.escape(item.name))\""
            switch item.outcome {
            case .passed: body += start + "/>\n"
            case .failed(let type, let message):
                counts.failures += 1
                body += start + Self.inner("failure", type: type, message)
            case .error(let type, let message):
                counts.errors += 1
                body += start + Self.inner("error", type: type, message)
            case .skipped(let message):
                counts.skipped += 1
                body += start + ">\n      <skipped message=\"\(Self.escape(message))\"/>\n    </testcase>\n"
            }
        }
        let stamp = at.map { " timestamp=\"\($0.description.dropLast())\"" } ?? ""
        suites += "  <testsuite name=\"\(Self.escape(suite))\" \(counts.attributes)\(stamp)>\n\(body)"
        suites += "  </testsuite>\n"
        total.add(counts)
    }

    private static func inner(_ element: String, type: String, _ message: String) -> String {
        ">\n      <\(element) type=\"\(escape(type))\" message=\"\(escape(message))\"/>\n    </testcase>\n"
    }

    private static func outcome(_ store: StoreAnswer) -> Outcome {
        let reasons = store.reasons.map(\.reason.rawValue).reduce(into: [String]()) { all, next in
            if !all.contains(next) { all.append(next) }
        }
        switch store.trusted {
        case true?: return .passed
        case false?:
            return .failed(
                type: reasons.first ?? "untrusted",
                message: "not trusted" + (reasons.isEmpty ? "" : ": \(reasons.joined(separator: ", "))"))
        case nil:
            return .skipped(
                message: "not established" + (reasons.isEmpty ? "" : ": \(reasons.joined(separator: ", "))"))
        }
    }

    /// Nil for what passed or does not apply, which findings never hold.
    private static func outcome(_ finding: Finding) -> Outcome? {
        let message = ShownText.sentence(finding.message)
        switch finding.status {
        case .passed, .notApplicable: return nil
        case .notEstablished where finding.severity != .error:
            return .skipped(message: "\(finding.reason.rawValue): \(message)")
        case .failed where finding.severity == .info:
            return .skipped(message: "info: \(finding.reason.rawValue): \(message)")
        case .failed, .notEstablished: return .failed(type: finding.reason.rawValue, message: message)
        }
    }

    private func name(_ finding: Finding, _ report: Report) -> String {
        var name = "\(finding.check.rawValue) \(finding.reason.rawValue)"
        if let certificate = finding.certificate { name += " \(certificate.hex.prefix(8))" }
        if let store = finding.store { name += " \(store)" }
        if let address = finding.address { name += " \(address)" }
        return name
    }

    /// Fails when time alone is near.
    private static func firstBreak(_ report: Report) -> Outcome {
        guard let first = report.firstBreak else {
            return .skipped(message: "no store asked for trusts the chain, so none stops")
        }
        let left = first.at - report.at
        guard left <= max(report.thresholds.warnSeconds, report.thresholds.criticalSeconds) else {
            return .passed
        }
        return .failed(
            type: first.cause.rawValue,
            message: "\(first.cause.rawValue) \(ShownTime.event(first.at, from: report.at))")
    }

    /// XML 1.0 §2.2 knows no control characters at all; they are shown as `\u{…}`.
    static func escape(_ text: String) -> String {
        var out = ""
        for character in ShownText.escape(text) {
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&apos;"
            default: out.append(character)
            }
        }
        return out
    }
}
