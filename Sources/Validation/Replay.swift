import Certificates
import Reports
import TrustStores

extension Validator {
    /// Judges a record: evidence just collected as well as evidence of long ago. The same record gives the
    /// same report.
    ///
    /// - Parameters:
    ///   - stores: those that the record names.
    ///   - recorded: by which rules the record was judged before; what differs is told under `not_checked`.
    package func judge(
        _ record: EvidenceRecord, stores: [TrustStore], recorded: RuleVersions? = nil
    ) -> Report {
        let question = Question(
            evidence: record.isFleet ? Evidence() : record.members.first ?? Evidence(),
            options: record.options, target: record.target, stores: stores, storesFrom: record.storesFrom,
            at: record.at, checkedAt: record.checkedAt, id: record.id)
        var report = record.isFleet ? judge(question, fleet: record.members) : judge(question)
        if !record.variants.isEmpty { compare(record.variants, in: &report, question) }
        report.row = record.row
        report.evidence = record
        let changes = recorded?.differences(from: record.rules) ?? []
        if !changes.isEmpty {
            let shown = changes.map { "\($0.name) \($0.was), now \($0.is)" }.joined(separator: "; ")
            report.notChecked.append(
                NotChecked(
                    check: "replay", reason: "rules_changed",
                    message: "whether the rules of then say the same (\(shown))"))
        }
        return report
    }
}

extension StoreSet {
    /// Everything loaded that a judgement may look at. Costs milliseconds: ask once for each load.
    package var ruleVersions: RuleVersions {
        let clients = clients.values.sorted { $0.name.text < $1.name.text }.flatMap { client in
            ["\(client.name) \(client.completes) \(client.builds)"]
                + [client.tolerates, client.refuses, client.unknown].map { entries in
                    entries.map(\.description).joined(separator: " ")
                }
        }
        return RuleVersions(
            stores: Self.digits(StoreJSON.list(self) + all.flatMap { StoreJSON.anchors($0) }),
            clients: Self.digits(Array(clients.joined(separator: "\n").utf8)),
            blocks: Self.digits(Array(blocks.map { "\($0.name) \($0.version)\n" }.joined().utf8)),
            logs: logs?.version)
    }

    private static func digits(_ bytes: [UInt8]) -> String { String(SHA256Digest(of: bytes).hex.prefix(12)) }
}
