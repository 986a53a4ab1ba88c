import Reports
import TrustStores

/// One list of a client, by reason, so that a finding is weighed without looking at every entry.
struct RuleBook: Sendable {
    private struct Term: Sendable {
        let reason: Reason
        let place: ClientEntry.Place?

        init?(_ term: ClientEntry.Term) {
            // A newer folder may name what this program cannot find; nothing then has that reason.
            guard let reason = Reason(rawValue: term.reason) else { return nil }
            (self.reason, place) = (reason, term.place)
        }

        func names(_ finding: Finding, on path: JudgedPath) -> Bool {
            guard finding.reason == reason else { return false }
            switch place {
            case nil: return true
            case .belowAnchor:
                let last = path.certificates.count - 1
                return last > 0 && finding.certificate == path.certificates[last - 1].sha256
            case let place?: return finding.place?.rawValue == place.rawValue
            }
        }
    }

    private struct Entry: Sendable {
        let term: Term
        let scope: ClientEntry.Scope?
        let together: [Term]
    }

    private let entries: [Reason: [Entry]]
    /// Every reason that an entry speaks of.
    let reasons: Set<Reason>

    init(_ rules: [ClientEntry]) {
        var entries: [Reason: [Entry]] = [:]
        var reasons: Set<Reason> = []
        for rule in rules {
            guard let term = Term(rule.term) else { continue }
            let together = rule.together.compactMap(Term.init)
            guard together.count == rule.together.count else { continue }
            entries[term.reason, default: []].append(
                Entry(term: term, scope: rule.scope, together: together))
            reasons.formUnion([term.reason] + together.map(\.reason))
        }
        (self.entries, self.reasons) = (entries, reasons)
    }

    /// Whether an entry speaks of the finding on this path.
    func names(_ finding: Finding, on path: JudgedPath) -> Bool {
        guard let candidates = entries[finding.reason] else { return false }
        return candidates.contains { entry in
            entry.term.names(finding, on: path)
                && (entry.scope == nil || (entry.scope == .public) == path.hasPublicAnchor)
                && entry.together.allSatisfy { found($0, with: finding, on: path) }
        }
    }

    /// On the same certificate, or one that concerns no certificate in particular.
    private func found(_ term: Term, with finding: Finding, on path: JudgedPath) -> Bool {
        (path.findings + path.clientFindings).contains {
            term.names($0, on: path) && ($0.certificate == nil || $0.certificate == finding.certificate)
        }
    }
}
