import Certificates
import Checks
import PathBuilding
import Reports
import TrustStores

/// The same end entity from the same issuer, with notBefore and SCTs at the instant it is due.
struct RenewalForecast: Sendable {
    let leaf: Certificate
    let at: Instant
    /// In place of the due date.
    let reissue: Instant?

    /// Nil when the end entity has no readable dates.
    func forecast(_ judgement: Judgement) -> Renewal? {
        guard let notBefore = leaf.notBefore, let lifetime = leaf.lifetime else { return nil }
        let due = reissue ?? max(at, notBefore + max(0, lifetime) / 3 * 2)
        let outlooks = judgement.asked.map {
            outlook($0, judgement.paths, judgement.builders[$0.reference], due)
        }
        let days = outlooks.filter { $0.store.accepted == true }.compactMap(\.days)
        return Renewal(due: due, longestValidityDays: days.min(), stores: outlooks.map(\.store))
    }

    /// A store asked for that will refuse the renewal: nothing is wrong yet.
    static func findings(_ renewal: Renewal?) -> [Finding] {
        guard let renewal else { return [] }
        return renewal.stores.filter { $0.accepted == false }.map { store in
            let reason = store.reason ?? .notEstablished
            let expected = store.refusedFrom.map { "issued before \($0)" }
            var finding = Finding(
                check: .renewalRefused, kind: .presentation, reason: reason, severity: .warning,
                message: "\(store.name) will refuse a renewal from the same issuer"
                    + (store.refusedFrom.map { ", issued from \($0.date) on" } ?? ""),
                expected: expected, presented: renewal.due.description,
                reference: Reference.catenary("renewal").description,
                fix: Fix(
                    .reissue, "have the next certificate issued under an anchor that \(store.name) accepts"))
            finding.store = store.name
            return finding
        }
    }

    /// By then the store's client may be led astray: what it does not take helps it no more.
    private static func choose(_ outlooks: inout [PathOutlook], _ builder: ClientBuilder, _ due: Instant) {
        let built = builder.path(at: due)
        if let taken = outlooks.first(where: { $0.certificates == built }), taken.accepted == true {
            outlooks = [taken]
            return
        }
        for index in outlooks.indices where outlooks[index].accepted == true {
            outlooks[index].accepted = builder.isModel ? nil : false
            (outlooks[index].refusedFrom, outlooks[index].reason) = (nil, .goodPathMissed)
        }
    }

    private struct PathOutlook {
        let certificates: [Certificate]
        var accepted: Bool?
        var refusedFrom: Instant?
        var reason: Reason?
        var until: Instant
        var isPublic: Bool
        /// The client's own maximum.
        var clientDays: Int?
    }

    private func outlook(
        _ store: StoreJudge, _ paths: [JudgedPath], _ builder: ClientBuilder?, _ due: Instant
    ) -> (store: Renewal.Store, days: Int?) {
        let isTrustedNow = paths.contains { store.holds($0) && store.trustsButForLeafDates($0) == true }
        guard isTrustedNow else {
            return (Renewal.Store(name: store.store.name, accepted: nil, reason: .notTrustedNow), nil)
        }
        var outlooks = paths.compactMap {
            store.holds($0) && store.trustsButForTime($0) == true ? outlook(store, $0, due) : nil
        }
        if let builder { Self.choose(&outlooks, builder, due) }
        let accepting = outlooks.filter { $0.accepted == true }
        // Refused when all paths refuse: from the latest of their instants on.
        let open = outlooks.contains { $0.refusedFrom == nil }
        let last = open ? nil : outlooks.max { ($0.refusedFrom ?? due) < ($1.refusedFrom ?? due) }
        let accepted: Bool? =
            !accepting.isEmpty ? true : outlooks.contains { $0.accepted == nil } ? nil : false
        let answer = Renewal.Store(
            name: store.store.name, accepted: accepted, refusedFrom: last?.refusedFrom,
            reason: last?.reason ?? (accepted == true ? nil : outlooks.first?.reason))
        let days = accepting.map { path in
            let left = Int((path.until - due) / 86_400)
            let rules = path.isPublic ? min(left, Self.limit(at: due)) : left
            return min(rules, path.clientDays ?? rules)
        }
        return (answer, days.max())
    }

    private func outlook(_ store: StoreJudge, _ path: JudgedPath, _ due: Instant) -> PathOutlook? {
        guard path.path.anchor != nil else { return nil }
        let issuers = DatesLookedAt(store).issuers(path)
        let conditions = store.conditions(on: path)
        var refusals =
            conditions?.refusals(
                StoreConditions.Issuance(
                    notBefore: due, timestamps: [due.seconds * 1_000], dnsNames: leaf.dnsNames),
                at: due) ?? []
        if !issuers.contains(due) {
            let reason: Reason = due > issuers.upperBound ? .validityEnded : .validityNotStarted
            refusals.insert(StoreConditions.Refusal(reason: reason), at: 0)
        }
        var ends: [(at: Instant, reason: Reason)] = (conditions?.refusedFrom).map { [$0] } ?? []
        if issuers.upperBound < .latest { ends.append((issuers.upperBound + 1, .validityEnded)) }
        let first = ends.min { $0.at < $1.at }
        let isRefused = refusals.contains(where: \.isEstablished)
        return PathOutlook(
            certificates: path.certificates, accepted: isRefused ? false : refusals.isEmpty ? true : nil,
            refusedFrom: first?.at,
            reason: first?.reason ?? refusals.first?.reason, until: issuers.upperBound,
            isPublic: path.hasPublicAnchor,
            clientDays: ClientRule.longestLifetime(isPublic: path.hasPublicAnchor, issued: due) {
                store.refuses($0, on: path)
            })
    }

    /// Days that the CA/Browser Forum allows for what is issued at an instant (TLS BR 6.3.2).
    static func limit(at due: Instant) -> Int { ValidityLimit.inForce(at: due)?.days ?? 398 }
}
