import Reports

/// What is said when a scan ends: what needs somebody, worst first, and the counts.
struct ScanSummary: Sendable {
    /// Lines of the list: more is read in a file.
    static let longest = 100

    private var counts: [State: Int] = [:]
    private var failing: [ScanState.Entry] = []

    mutating func add(_ entry: ScanState.Entry) {
        counts[entry.state, default: 0] += 1
        if entry.state != .ok { failing.append(entry) }
    }

    var done: Int { counts.values.reduce(0, +) }

    /// By state, then by the nearest break; of equals the one that was answered first.
    var worstFirst: [ScanState.Entry] {
        failing.enumerated().sorted { a, b in
            if a.element.state != b.element.state { return a.element.state > b.element.state }
            let (first, second) = (a.element.firstBreak ?? .max, b.element.firstBreak ?? .max)
            return first == second ? a.offset < b.offset : first < second
        }.map(\.element)
    }

    /// `5 targets: 2 ok, 1 warning, 2 critical`
    func totals(of total: Int) -> String {
        let parts = [State.ok, .warning, .critical, .unknown].compactMap { state in
            counts[state].map { "\($0) \(state.rawValue)" }
        }
        let all = done == total ? "\(total) target\(total == 1 ? "" : "s")" : "\(done) of \(total) targets"
        return all + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
    }

    func text(of total: Int) -> String {
        var out = ""
        let list = worstFirst
        if !list.isEmpty {
            out += "\nworst first\n" + list.prefix(Self.longest).map { $0.line + "\n" }.joined()
            if list.count > Self.longest { out += "… and \(list.count - Self.longest) more\n" }
        }
        return out + "\n" + totals(of: total) + "\n"
    }
}
