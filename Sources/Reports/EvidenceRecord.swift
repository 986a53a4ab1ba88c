import Certificates

/// All that one report was made of: what was seen, what was asked of it, of which stores, when. Judged again
/// by the same rules it gives the same report, without a network.
package struct EvidenceRecord: Sendable, Equatable {
    /// Readers refuse a higher number: evidence half understood would be judged wrongly.
    package static let schema = 1

    /// The report's, and its row of a scan.
    package var id: String
    package var row: Int?
    package var checkedAt: Instant
    package var at: Instant
    package var target: Target?
    /// `name@version`, in the order asked; nothing for the store `request`, which is in the options.
    package var stores: [String]
    package var storesFrom: StoresFrom
    /// Rules of `store_rules` applied; as `Options.judged`.
    package var options: Options
    package var rules: RuleVersions
    /// One for each handshake of a fleet, else exactly one.
    package var members: [Evidence]
    package var isFleet: Bool
    /// The default first; empty when none were asked for.
    package var variants: [VariantEvidence]

    package init(
        id: String, checkedAt: Instant, at: Instant, target: Target? = nil, stores: [String],
        storesFrom: StoresFrom, options: Options, rules: RuleVersions = RuleVersions(), members: [Evidence],
        isFleet: Bool = false, variants: [VariantEvidence] = []
    ) {
        (self.id, self.checkedAt, self.at, self.target) = (id, checkedAt, at, target)
        (self.stores, self.storesFrom, self.options) = (stores, storesFrom, options.judged)
        (self.rules, self.members, self.isFleet, self.variants) = (rules, members, isFleet, variants)
    }

    /// Whether both make the same report, larger parts that were asked for aside.
    package func isSameQuestion(as other: EvidenceRecord) -> Bool {
        var other = other
        other.options.include = options.include
        return self == other
    }
}

/// By what a judgement was made, beside the stores that were asked: paths are searched over all loaded
/// anchors, and clients, logs and block lists are data, too.
package struct RuleVersions: Sendable, Equatable {
    package var program: String
    /// The first 12 hex digits of the SHA-256 over what is loaded.
    package var stores: String
    package var clients: String
    package var blocks: String
    /// Version of the list of transparency logs.
    package var logs: String?

    package init(
        program: String = ProgramVersion.text, stores: String = "", clients: String = "",
        blocks: String = "", logs: String? = nil
    ) {
        (self.program, self.stores, self.clients) = (program, stores, clients)
        (self.blocks, self.logs) = (blocks, logs)
    }

    /// Name and versions of what differs.
    package func differences(from other: RuleVersions) -> [(name: String, was: String, is: String)] {
        let all = [
            ("program", program, other.program), ("stores", stores, other.stores),
            ("clients", clients, other.clients), ("blocks", blocks, other.blocks),
            ("ct_logs", logs ?? "none", other.logs ?? "none"),
        ]
        return all.filter { $0.1 != $0.2 }
    }
}

extension Options {
    /// What a judgement looks at: without what has become part of the question (`at`, `stores`), and without
    /// what concerns the connection or the form of the answer.
    package var judged: Options {
        let standard = Options()
        var judged = self
        (judged.at, judged.stores) = (nil, nil)
        (judged.expect, judged.format, judged.fields) = (nil, nil, [])
        (judged.timeout, judged.keep) = (standard.timeout, false)
        judged.include.remove(.evidence)
        return judged
    }
}
