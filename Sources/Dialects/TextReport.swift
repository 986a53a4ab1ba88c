import Certificates
import Reports

/// The report for people: fixed blocks in a fixed order, empty ones left out, what was not checked last and
/// never left out.
package struct TextReport {
    let report: Report
    let verbose: Bool
    let paint: Paint

    /// Lines of at most 110 columns, each ended by a line feed. A pure function of the report: "in 79 d"
    /// counts from the instant judged for. `color` adds ANSI colours to the state and to what is wrong with a
    /// certificate.
    package static func render(_ report: Report, verbose: Bool = false, color: Bool = false) -> String {
        let text = TextReport(report: report, verbose: verbose, paint: Paint(on: color))
        return text.lines.map { $0 + "\n" }.joined()
    }

    private var lines: [String] {
        var all = headline
        all += fix + nextBreak + renewal + stores + chain + fleet + variants
        if verbose { all += otherPaths + checks }
        return all + notes + notChecked
    }

    // MARK: - Blocks

    private var headline: [String] {
        let state = report.state.rawValue.uppercased()
        let first = "\(state)  \(report.shownTarget)  "
        var lines = ShownText.wrap(ShownText.sentence(report.summary), first: first, indent: 2)
        lines[0] = paint.state(report.state, state) + lines[0].dropFirst(state.count)
        return lines
    }

    /// What to do about the most severe findings, each advice once. Lesser ones wait until those are mended.
    private var fix: [String] {
        let advised = bySeverity.filter { $0.fix != nil }
        var seen: [String] = []
        for finding in advised where finding.severity == advised.first?.severity {
            guard var text = finding.fix.map({ ShownText.sentence($0.text) }) else { continue }
            // "do not send it": say which, unless it is the end entity.
            if let digest = finding.certificate, digest != report.leaf, let certificate = report[digest],
                !text.contains(certificate.shownName)
            {
                text += " (concerns “\(certificate.shownName)”)"
            }
            if !seen.contains(text) { seen.append(text) }
        }
        return labelled("fix", seen)
    }

    private var nextBreak: [String] {
        guard let first = report.firstBreak else { return [] }
        let past = first.at <= report.at
        var cause =
            switch first.cause {
            case .leafExpires: past ? "leaf expired" : "leaf expires"
            case .issuerExpires: past ? "issuer expired" : "issuer expires"
            case .anchorExpires: past ? "anchor expired" : "anchor expires"
            // Only what leads a client astray takes a chain away by beginning.
            case .notYetValid: past ? "issuer became valid" : "issuer becomes valid"
            case .anchorDistrusted: past ? "anchor distrusted" : "anchor is distrusted"
            }
        if first.cause != .leafExpires,
            let certificate = first.certificate.flatMap({ report[$0] })
        {
            cause += ": \(certificate.shownName)"
        }
        if let address = first.address { cause += ", on \(ShownText.name(address))" }
        if let store = first.store {
            cause += ", \(allBreak(at: first.at) ? "all stores" : ShownText.name(store))"
        }
        return block(
            "next break", "\(ShownTime.event(first.at, from: report.at))  \(cause)", keepSpaces: true)
    }

    /// `due about 2026-12-09; accepted by all, for at most 200 d`; nothing when no store can say.
    private var renewal: [String] {
        guard let renewal = report.renewal, renewal.stores.contains(where: { $0.accepted != nil }) else {
            return []
        }
        var parts = ["due about \(renewal.due.date)"]
        let accepting = renewal.stores.filter { $0.accepted == true }.map(\.name)
        if accepting.count == renewal.stores.count {
            parts.append("accepted by all")
        } else if !accepting.isEmpty {
            parts.append("accepted by \(accepting.map { ShownText.name($0) }.joined(separator: ", "))")
        }
        if !accepting.isEmpty, let days = renewal.longestValidityDays {
            parts[parts.count - 1] += ", for at most \(days) d"
        }
        for store in renewal.stores where store.accepted == false {
            let from = store.refusedFrom.map { " from \($0.date) on" } ?? ""
            let why = store.reason.map { " (\($0.rawValue))" } ?? ""
            parts.append("refused by \(ShownText.name(store.name))\(from)\(why)")
        }
        return block("renewal", parts.joined(separator: "; "))
    }

    /// Whether every one of several stores is lost at that instant.
    private func allBreak(at instant: Instant) -> Bool {
        report.stores.count > 1
            && report.stores.allSatisfy { $0.trusted == true && $0.until.map { $0 + 1 == instant } == true }
    }

    /// Stores that answer alike stand together: `mozilla 2.92, chrome 156: yes | corp: no (anchor_absent)`.
    private var stores: [String] {
        var groups: [(answer: String, names: [String])] = []
        for store in report.stores {
            let answer = answer(of: store)
            let name = ShownText.name(store.version.isEmpty ? store.name : "\(store.name) \(store.version)")
            if let at = groups.firstIndex(where: { $0.answer == answer }) {
                groups[at].names.append(name)
            } else {
                groups.append((answer, [name]))
            }
        }
        guard !groups.isEmpty else { return [] }
        let text = groups.map { "\($0.names.joined(separator: ", ")): \($0.answer)" }.joined(separator: " | ")
        return block("stores", text)
    }

    private func answer(of store: StoreAnswer) -> String {
        var reasons: [String] = []
        for reason in store.reasons where !reasons.contains(reason.reason.rawValue) {
            reasons.append(reason.reason.rawValue)
        }
        let why = reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))"
        let isFetched = store.path.map {
            report.paths.indices.contains($0) && !report.paths[$0].notSent.isEmpty
        }
        return switch store.trusted {
        case true?: isFetched == true ? "yes, after fetching" : "yes"
        case false?: "no" + why
        case nil: "unknown" + why
        }
    }

    /// A line for each presentation, a letter for each, then the addresses that showed none.
    private var fleet: [String] {
        guard let fleet = report.fleet else { return [] }
        var rows: [(addresses: [String], text: String)] = []
        for (index, group) in fleet.groups.enumerated() {
            var text = "\(letter(index))  \(group.leaf.map { String($0.hex.prefix(4)) + "…" } ?? "-")  "
            text += ShownText.pad(group.state.rawValue.uppercased(), to: 8)
            if let first = group.firstBreak { text += "  until \(first.at.date)" }
            let key = group.leaf.flatMap { report[$0]?.spkiSHA256 }
            let earlier = fleet.groups[..<index].firstIndex { other in
                key != nil && other.leaf.flatMap { report[$0]?.spkiSHA256 } == key
            }
            if let earlier { text += "  same key as \(letter(earlier))" }
            if group.seen > group.addresses.count { text += "  in \(group.seen) handshakes" }
            rows.append((group.addresses.map { ShownText.name($0) }, text))
        }
        for failed in fleet.failed {
            let why = failed.reason.rawValue.replacing("_", with: " ")
            rows.append(
                (
                    [failed.address.isEmpty ? "(not shown)" : ShownText.name(failed.address)],
                    "-  no certificate: \(why) (\(failed.check.rawValue))"
                ))
        }
        let width = min(44, rows.flatMap(\.addresses).map(ShownText.width).max().map { $0 * 2 + 2 } ?? 0)
        return rows.enumerated().flatMap { index, row -> [String] in
            let lines = Self.lines(row.addresses, width: width)
            return lines.enumerated().map { line, addresses in
                let label = ShownText.pad(index == 0 && line == 0 ? "fleet" : "", to: 10)
                guard line == 0 else { return "  \(label)  \(addresses)" }
                return "  \(label)  \(ShownText.pad(addresses, to: width))  \(row.text)"
            }
        }
    }

    private func letter(_ index: Int) -> String {
        index < 26 ? String(Unicode.Scalar(UInt8(0x41 + index))) : "\(index + 1)"
    }

    /// Addresses side by side, as many as fit.
    private static func lines(_ addresses: [String], width: Int) -> [String] {
        var lines: [String] = []
        for address in addresses {
            if let last = lines.last, ShownText.width(last) + 2 + ShownText.width(address) <= width {
                lines[lines.count - 1] = "\(last)  \(address)"
            } else {
                lines.append(address)
            }
        }
        return lines
    }

    private var notes: [String] {
        var notes: [String] = []
        if abs(report.at - report.checkedAt) > 60 {
            notes.append("judged for \(ShownTime.second(report.at)), not for the time of the request")
        }
        for finding in bySeverity where finding.status == .failed {
            var note = "\(finding.severity.rawValue) \(finding.check.rawValue) \(finding.reason.rawValue)"
            // The headline may have said it already; then the source is news.
            let isSaid = report.summary.contains(finding.message)
            let source = finding.reference.contains { $0.isNumber } ? " (\(finding.reference))" : ""
            note += isSaid ? source : ": \(ShownText.sentence(finding.message))"
            // Both sides of a comparison, unless the sentence has said them.
            for (title, value) in [("expected", finding.expected), ("presented", finding.presented)] {
                guard let value, !finding.message.contains(value) else { continue }
                note += "; \(title) \(ShownText.name(value))"
            }
            notes.append(note)
        }
        if let nearMiss = report.nearMiss {
            notes.append("near miss: \(ShownText.sentence(nearMiss.message))")
        }
        for missing in report.presented?.missing ?? [] {
            guard let url = missing.url else { continue }
            notes.append("\(ShownText.name(missing.subject)) is at \(ShownText.name(url, limit: 96))")
        }
        return labelled("notes", notes)
    }

    private var notChecked: [String] {
        var all = report.notChecked.map(\.message)
        let named = Set(report.notChecked.map(\.check))
        for finding in report.findings
        where finding.status == .notEstablished && !named.contains(finding.check.rawValue) {
            let text = "\(finding.check.rawValue) (\(finding.reason.rawValue))"
            // Of several stores it is said once; each store's line has it, too.
            if !all.contains(text) { all.append(text) }
        }
        return block(
            "not checked", all.isEmpty ? "nothing" : all.map(ShownText.sentence).joined(separator: ", "))
    }

    // MARK: - Verbose blocks

    private var otherPaths: [String] {
        let shown = shownPath
        let texts = report.paths.indices.filter { $0 != shown }.map { index in
            let path = report.paths[index]
            let names = path.certificates.map { report[$0]?.shownName ?? "?" }.joined(separator: " < ")
            let stores = path.stores.isEmpty ? "no store asked for" : path.stores.joined(separator: ", ")
            let until = path.until.map { " until \($0.date)" } ?? ""
            let reasons = path.findings.filter { $0.status == .failed }.map(\.reason.rawValue)
            let answer = path.valid ? "valid\(until)" : "not valid"
            return "\(names): \(answer); \(ShownText.name(stores))"
                + (reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))")
        }
        return labelled("paths", texts)
    }

    private var checks: [String] {
        let counts = report.checks
        var text = "\(counts.passed) passed, \(counts.notApplicable) not applicable"
        let passed = counts.list.filter { $0.status == .passed }.map(\.check.rawValue)
        if !passed.isEmpty { text += "; passed: \(passed.joined(separator: " "))" }
        return block("checks", text)
    }

    // MARK: - Layout

    private var bySeverity: [Finding] {
        // `sorted` is not promised to be stable; the report's order must survive.
        report.findings.enumerated().sorted { a, b in
            a.element.severity == b.element.severity
                ? a.offset < b.offset : a.element.severity > b.element.severity
        }.map(\.element)
    }

    func labelled(_ label: String, _ texts: [String]) -> [String] {
        texts.enumerated().flatMap { block($0.offset == 0 ? label : "", $0.element) }
    }

    /// `  label       text`, wrapped under the text.
    private func block(_ label: String, _ text: String, keepSpaces: Bool = false) -> [String] {
        let first = "  " + ShownText.pad(label, to: max(10, label.count)) + "  "
        if keepSpaces, ShownText.width(first + text) <= ShownText.columns { return [first + text] }
        return ShownText.wrap(text, first: first, indent: first.count)
    }
}

/// ANSI colours, or none.
struct Paint {
    let on: Bool

    func state(_ state: State, _ text: String) -> String {
        switch state {
        case .ok: wrap(text, "1;32")
        case .warning: wrap(text, "1;33")
        case .critical: wrap(text, "1;31")
        case .unknown: wrap(text, "1;35")
        }
    }

    func bad(_ text: String) -> String { wrap(text, "31") }

    private func wrap(_ text: String, _ code: String) -> String {
        on ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
