import Vectors

/// The table by suite and category.
package enum Table {
    package static func text(_ trials: [Trial]) -> String {
        var order: [String] = []
        var rows: [String: (passed: Int, failed: Int)] = [:]
        func count(_ name: String, _ passed: Bool) {
            if rows[name] == nil { order.append(name) }
            rows[name, default: (0, 0)].passed += passed ? 1 : 0
            rows[name, default: (0, 0)].failed += passed ? 0 : 1
        }
        for suite in ["limbo", "bettertls", "pkits"] {
            let own = trials.filter { $0.vector.suite == suite }
            for trial in own { count(suite, trial.passed) }
            for trial in own.sorted(by: { $0.vector.category < $1.vector.category }) {
                count("  " + trial.vector.category, trial.passed)
            }
        }
        var out = row("", "passed", "failed")
        for name in order {
            guard let (passed, failed) = rows[name] else { continue }
            out += row(name, "\(passed)", failed == 0 ? "" : "\(failed)")
        }
        return out
    }

    private static func row(_ name: String, _ passed: String, _ failed: String) -> String {
        let line =
            pad(name, 34) + String(repeating: " ", count: max(0, 8 - passed.count)) + passed
            + String(repeating: " ", count: max(0, 8 - failed.count)) + failed
        return line + "\n"
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// One divergence: what was expected, and what stood in the way or did not.
    package static func line(_ trial: Trial) -> String {
        let expected = trial.vector.expectsSuccess ? "SUCCESS" : "FAILURE"
        let verdict = trial.report?.verdict.rawValue ?? "undecodable"
        let conforms = trial.report?.conforms.map(String.init) ?? "-"
        return "\(trial.vector.id)  expected \(expected), verdict \(verdict), conforms \(conforms): "
            + trial.decisive.joined(separator: " ")
    }
}
