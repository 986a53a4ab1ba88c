import Reports

/// The catalogue as it is read: one entry for every check id, whoever decides it.
extension Catalogue {
    /// In the order of the ids.
    package static let entries: [CatalogueEntry] = {
        let order = Dictionary(
            CheckID.allCases.enumerated().map { ($0.element, $0.offset) },
            uniquingKeysWith: { first, _ in first }
        )
        return (presentationEntries + pathEntries + profileEntries + storeEntries + clientEntries).sorted {
            order[$0.id, default: 0] < order[$1.id, default: 0]
        }
    }()

    /// What a code speaks of: a check's entry; of a reason, or of `check/reason`, the entries that know it,
    /// each with this reason alone. Empty for a code that is none.
    package static func entries(of code: String) -> [CatalogueEntry] {
        let halves = code.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let isPair = halves.count == 2
        if !isPair, let entry = entries.first(where: { $0.id.rawValue == code }) { return [entry] }
        let reason = isPair ? halves[1] : halves.first ?? ""
        return entries.compactMap { entry in
            guard !isPair || entry.id.rawValue == halves[0] else { return nil }
            var narrowed = entry
            narrowed.reasons = entry.reasons.filter { $0.reason.rawValue == reason }
            return narrowed.reasons.isEmpty ? nil : narrowed
        }
    }

    /// An entry of a rule that is a `Check`: what the check says of itself, never twice. A check that only
    /// libcrypto decides stays open when libcrypto did not come that far.
    static func entry(_ check: Check, _ reasons: Reason...) -> CatalogueEntry { entry(check, reasons) }

    static func entry(_ check: Check, _ reasons: [Reason]) -> CatalogueEntry {
        CatalogueEntry(
            id: check.id, title: check.title, kind: check.kind, severity: check.severity,
            reference: check.reference.description, stages: check.stages,
            reasons: (reasons + (check.evaluate == nil ? [.notEstablished] : [])).map(explained))
    }

    /// An entry of what is found outside a path.
    static func entry(
        _ id: CheckID, _ title: String, kind: Kind = .presentation, severity: Severity = .error,
        _ reference: Reference, _ reasons: Reason...
    ) -> CatalogueEntry {
        CatalogueEntry(
            id: id, title: title, kind: kind, severity: severity, reference: reference.description,
            reasons: reasons.map(explained))
    }

    private static func explained(_ reason: Reason) -> ExplainedReason {
        let text = ReasonText.of(reason)
        return ExplainedReason(reason, meaning: text.general, fix: text.fix)
    }
}
