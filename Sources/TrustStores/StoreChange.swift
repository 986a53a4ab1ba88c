import Certificates

/// What newer trust data changes, and whether that is plausible: a list that lost half its anchors is a
/// mistake far more often than news.
package struct StoreChange: Sendable {
    /// One store by name, at its newest version before and after.
    package struct Row: Sendable {
        package let before: TrustStore?
        package let after: TrustStore?
        package let added: [Anchor]
        package let removed: [Anchor]
        /// Of anchors in both, as they are after: conditions or what else the list says of them.
        package let changed: [Anchor]

        package var name: String { after?.name ?? before?.name ?? "" }
        package var isSame: Bool {
            before?.reference == after?.reference && added.isEmpty && removed.isEmpty && changed.isEmpty
        }
    }

    /// A list beside the stores: the logs, or a block list.
    package struct ListRow: Sendable {
        package let name: String
        package let before: Int
        package let after: Int
        let dates: (before: Instant?, after: Instant?)
        let versions: (before: String?, after: String?)

        package var isSame: Bool { before == after && versions.before == versions.after }
    }

    /// Largest share of a store's anchors that one update may add or remove. The largest step yet, Debian's
    /// from 20250419 to 20260816, removed 38 of 148, Mozilla's of the same time 32 of 140.
    package static let share = 1.0 / 3
    /// The same of logs and blocked certificates, which are dropped by year.
    package static let listShare = 0.5
    /// Dates are upstream's days, of any time zone.
    static let clockSlack: Int64 = 86_400

    package let rows: [Row]
    package let lists: [ListRow]
    private let clientsGone: [ClientName]

    package init(from old: StoreSet, to new: StoreSet) {
        let names = Set(old.newest.map(\.name)).union(new.newest.map(\.name)).sorted()
        rows = names.map { Self.row(old.lookup($0), new.lookup($0)) }
        clientsGone = old.clients.keys.filter { new.clients[$0] == nil }.sorted { $0.text < $1.text }
        var lists = [
            ListRow(
                name: "logs", before: old.logs?.logs.count ?? 0, after: new.logs?.logs.count ?? 0,
                dates: (old.logs?.published, new.logs?.published),
                versions: (old.logs?.version, new.logs?.version))
        ]
        for name in Set((old.blocks + new.blocks).map(\.name)).sorted() {
            let (a, b) = (
                old.blocks.first { $0.name == name }, new.blocks.first { $0.name == name }
            )
            lists.append(
                ListRow(
                    name: "blocked by \(name)", before: a?.count ?? 0, after: b?.count ?? 0,
                    dates: (a?.published, b?.published), versions: (a?.version, b?.version)))
        }
        self.lists = lists
    }

    private static func row(_ old: TrustStore?, _ new: TrustStore?) -> Row {
        func byHash(_ store: TrustStore?) -> [SHA256Digest: Anchor] {
            Dictionary((store?.anchors ?? []).map { ($0.certificate.sha256, $0) }) { first, _ in first }
        }
        let (before, after) = (byHash(old), byHash(new))
        return Row(
            before: old, after: new,
            added: (new?.anchors ?? []).filter { before[$0.certificate.sha256] == nil },
            removed: (old?.anchors ?? []).filter { after[$0.certificate.sha256] == nil },
            changed: (new?.anchors ?? []).filter { anchor in
                guard let earlier = before[anchor.certificate.sha256] else { return false }
                return !earlier.saysTheSame(as: anchor)
            })
    }

    package var isSame: Bool { rows.allSatisfy(\.isSame) && lists.allSatisfy(\.isSame) }

    /// Everything that speaks against it; empty when it is plausible.
    ///
    /// - Parameter now: no list may be of a later day.
    package func doubts(now: Instant) -> [UpdateRefusal] {
        var out = [UpdateRefusal]()
        for row in rows {
            guard let old = row.before else {
                future("\(row.name)", row.after?.published, now, &out)
                continue
            }
            guard let new = row.after else {
                out.append(UpdateRefusal(.storeGone, "store '\(old.name)' is not in it"))
                continue
            }
            age(new.name, old.published, new.published, now, &out)
            let moved = [("removes", row.removed.count), ("adds", row.added.count)]
            for (verb, count) in moved where Double(count) > Self.share * Double(old.anchors.count) {
                out.append(
                    UpdateRefusal(
                        .implausible,
                        "'\(old.name)': it \(verb) \(count) anchors; of \(old.anchors.count) that is more "
                            + "than \(Int(Self.share * 100)) %"))
            }
        }
        for client in clientsGone {
            out.append(UpdateRefusal(.clientGone, "client '\(client)' is not in it"))
        }
        for list in lists {
            age(list.name, list.dates.before, list.dates.after, now, &out)
            let step = abs(list.after - list.before)
            if list.before > 0, Double(step) > Self.listShare * Double(list.before) {
                out.append(
                    UpdateRefusal(
                        .implausible,
                        "'\(list.name)': \(list.before) entries became \(list.after), more than "
                            + "\(Int(Self.listShare * 100)) %"))
            }
        }
        return out
    }

    private func age(
        _ name: String, _ before: Instant?, _ after: Instant?, _ now: Instant, _ out: inout [UpdateRefusal]
    ) {
        if let before, let after, after < before {
            out.append(
                UpdateRefusal(.older, "'\(name)' is of \(after.date), what is there of \(before.date)"))
        }
        future(name, after, now, &out)
    }

    private func future(_ name: String, _ date: Instant?, _ now: Instant, _ out: inout [UpdateRefusal]) {
        if let date, date - now > Self.clockSlack {
            out.append(UpdateRefusal(.future, "'\(name)' is of \(date.date), which is to come"))
        }
    }
}

extension Anchor {
    fileprivate func saysTheSame(as other: Anchor) -> Bool {
        purposes == other.purposes && conditions == other.conditions && checksDates == other.checksDates
            && checksConstraints == other.checksConstraints
    }
}
