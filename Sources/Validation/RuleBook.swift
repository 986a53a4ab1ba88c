import Certificates
import Reports
import TrustStores

/// One list of a client, by reason, so that a finding is weighed without looking at every entry.
struct RuleBook: Sendable {
    /// What an entry can speak of: a reason, found or imagined, and where.
    struct Sight {
        let reason: Reason
        let place: Place?
        var certificate: SHA256Digest?
    }

    private struct Term: Sendable {
        let reason: Reason
        let place: ClientEntry.Place?

        init?(_ term: ClientEntry.Term) {
            // A newer folder may name what this program cannot find; nothing then has that reason.
            guard let reason = Reason(rawValue: term.reason) else { return nil }
            (self.reason, place) = (reason, term.place)
        }

        func names(_ sight: Sight, on path: JudgedPath) -> Bool {
            guard sight.reason == reason else { return false }
            switch place {
            case nil: return true
            case .leaf: return sight.place == .leaf
            case .intermediate: return sight.place == .intermediate
            case .anchor: return sight.place == .anchor
            case .belowAnchor:
                let last = path.certificates.count - 1
                return last > 0 && sight.certificate == path.certificates[last - 1].sha256
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

    /// Whether an entry speaks of it on this path.
    func names(_ sight: Sight, on path: JudgedPath) -> Bool {
        guard let candidates = entries[sight.reason] else { return false }
        return candidates.contains { entry in
            entry.term.names(sight, on: path)
                && (entry.scope == nil || (entry.scope == .public) == path.hasPublicAnchor)
                && entry.together.allSatisfy { found($0, with: sight, on: path) }
        }
    }

    /// On the same certificate, or one that concerns no certificate in particular.
    private func found(_ term: Term, with sight: Sight, on path: JudgedPath) -> Bool {
        func isIt(_ other: Finding) -> Bool {
            term.names(other.sight, on: path)
                && (other.certificate == nil || other.certificate == sight.certificate)
        }
        return path.findings.contains(where: isIt) || path.clientFindings.contains(where: isIt)
    }
}

extension Finding {
    var sight: RuleBook.Sight { RuleBook.Sight(reason: reason, place: place, certificate: certificate) }
}
