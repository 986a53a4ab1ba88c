import Certificates
import Checks
import Reports
import TrustStores

/// What a store demands beside its list of anchors, judged on one path: conditions on the anchor, and lists
/// of blocked certificates. Findings of kind client: they decide for this store alone.
struct StoreConditions: Sendable {
    /// What of an end entity the conditions look at.
    struct Issuance: Sendable {
        let notBefore: Instant
        /// Of the SCTs that count, in milliseconds (RFC 6962 §3.2); nil when not established.
        let timestamps: [Int64]?
        let dnsNames: [String]
        /// Besides those there are SCTs of which it is not known whether they count.
        var hasUnknownSCTs = false

        /// For people.
        var text: String {
            let first = timestamps?.min().map { ", first SCT \(Instant(seconds: $0 / 1_000))" } ?? ""
            return "issued \(notBefore)\(first)"
        }

        /// An SCT up to this instant: one is enough, whatever is unknown beside it.
        func hasSCT(upTo last: Int64) -> Bool? {
            guard let timestamps else { return nil }
            return timestamps.contains { $0 <= last } ? true : hasUnknownSCTs ? nil : false
        }

        /// All SCTs after this instant: one that is earlier decides, whatever is unknown beside it.
        func hasOnlySCTs(after first: Int64) -> Bool? {
            guard let timestamps else { return nil }
            return timestamps.contains { $0 <= first } ? false : hasUnknownSCTs ? nil : true
        }
    }

    let conditions: [AnchorCondition]
    let clientVersion: ClientVersion?
    private let anchor: Certificate

    init(_ store: TrustStore, anchor: Certificate, purpose: Purpose) {
        // Several anchors may share subject and key; the path ends at one certificate.
        let own = store.anchors(matching: anchor).first { $0.certificate.sha256 == anchor.sha256 }
        conditions = (own?.conditions ?? []).filter { condition in
            // CKA_NSS_SERVER_DISTRUST_AFTER is about servers' certificates; NSS has other dates for others.
            if case .distrustAfter = condition { purpose == .server } else { true }
        }
        clientVersion = store.clientVersion
        self.anchor = anchor
    }

    /// What was issued later is refused, and SCTs of a later time do not count (Mozilla).
    var distrustAfter: Instant? {
        conditions.compactMap { if case .distrustAfter(let last) = $0 { last } else { nil } }.min()
    }

    /// The last instant at which the anchor is accepted at all, by date.
    var anyUseUntil: Instant? {
        conditions.compactMap { if case .distrustAnyUseAfter(let last) = $0 { last } else { nil } }.min()
    }

    /// Why an end entity issued like this is refused at `at`; `known` false: it cannot be established.
    struct Refusal: Sendable, Equatable {
        var reason: Reason
        var isEstablished = true
        var expected: String?
        var presented: String?
    }

    func refusals(_ issuance: Issuance, at: Instant) -> [Refusal] {
        conditions.compactMap { refusal($0, issuance, at: at) }
    }

    private func refusal(_ condition: AnchorCondition, _ issuance: Issuance, at: Instant) -> Refusal? {
        switch condition {
        case .distrustAfter(let last), .notBeforeAfter(let last):
            guard issuance.notBefore > last else { return nil }
            return Refusal(
                reason: .issuedAfterDistrust, expected: "issued up to \(last)",
                presented: issuance.notBefore.description)
        case .distrustAnyUseAfter(let last):
            guard at > last else { return nil }
            return Refusal(reason: .distrusted, expected: "use up to \(last)", presented: at.description)
        case .blocked:
            return Refusal(
                reason: .anchorBlocked, expected: "an anchor that the store accepts",
                presented: anchor.subject.text)
        case .permittedDNSNames(let permitted):
            guard let bad = issuance.dnsNames.first(where: { !Self.lies($0, below: permitted) }) else {
                return nil
            }
            return Refusal(
                reason: .nameNotPermitted, expected: permitted.joined(separator: ", "), presented: bad)
        case .notUnderstood(let type):
            return Refusal(reason: .conditionUnknown, isEstablished: false, presented: type)
        case .constraintSets(let sets):
            let answers = sets.map { holds($0, issuance) }
            guard !answers.contains(true) else { return nil }
            let isUnknown = answers.contains { $0 == nil }
            return Refusal(
                reason: isUnknown ? .constraintsUnknown : .constraintsNotMet, isEstablished: !isUnknown,
                expected: sets.map(\.text).joined(separator: "; or "),
                presented: issuance.text)
        }
    }

    /// Every member must hold; one that fails decides whatever is unknown beside it.
    private func holds(_ set: ConstraintSet, _ issuance: Issuance) -> Bool? {
        let milliseconds = issuance.notBefore.seconds * 1_000
        var answers: [Bool?] = [set.applies(to: clientVersion)]
        // Chrome asks for one SCT that is early enough; the earliest is it.
        if let last = set.sctNotAfter { answers.append(issuance.hasSCT(upTo: last)) }
        if let first = set.sctAllAfter { answers.append(issuance.hasOnlySCTs(after: first)) }
        if let names = set.permittedDNSNames {
            answers.append(issuance.dnsNames.allSatisfy { Self.lies($0, below: names) })
        }
        if let last = set.validityStartsNotAfter { answers.append(milliseconds <= last) }
        if let first = set.validityStartsAfter { answers.append(milliseconds > first) }
        if answers.contains(false) { return false }
        return answers.contains { $0 == nil } || !set.notUnderstood.isEmpty ? nil : true
    }

    /// RFC 5280 §4.2.1.10: the base itself, or labels added on the left; a wildcard lies where its names do.
    private static func lies(_ name: String, below bases: [String]) -> Bool {
        bases.contains { base in
            let base = base.hasPrefix(".") ? String(base.dropFirst()) : base
            return name == base || name.hasSuffix("." + base)
        }
    }

    // MARK: the next certificate

    /// The first second from which end entities issued then are refused whatever else they are; nil: never.
    var refusedFrom: (at: Instant, reason: Reason)? {
        conditions.compactMap(refusedFrom).min { $0.at < $1.at }
    }

    private func refusedFrom(_ condition: AnchorCondition) -> (at: Instant, reason: Reason)? {
        switch condition {
        case .distrustAfter(let last), .notBeforeAfter(let last): return (last + 1, .issuedAfterDistrust)
        case .distrustAnyUseAfter(let last): return (last + 1, .distrusted)
        case .constraintSets(let sets):
            // Over the sets that the client looks at, the one that holds longest.
            let ends = sets.filter { $0.applies(to: clientVersion) != false && $0.notUnderstood.isEmpty }.map
            {
                [$0.sctNotAfter, $0.validityStartsNotAfter].compactMap { $0 }.min()
            }
            guard !ends.isEmpty, !ends.contains(nil), let last = ends.compactMap({ $0 }).max() else {
                return nil
            }
            return (Instant(seconds: last / 1_000) + 1, .constraintsNotMet)
        case .permittedDNSNames, .blocked, .notUnderstood: return nil
        }
    }
}

extension ConstraintSet {
    /// For people.
    fileprivate var text: String {
        func day(_ milliseconds: Int64) -> String { Instant(seconds: milliseconds / 1_000).description }
        var parts: [String] = []
        if let sctNotAfter { parts.append("an SCT up to \(day(sctNotAfter))") }
        if let sctAllAfter { parts.append("every SCT after \(day(sctAllAfter))") }
        if let minVersion { parts.append("a client from \(minVersion)") }
        if let maxVersionExclusive { parts.append("a client below \(maxVersionExclusive)") }
        if let permittedDNSNames { parts.append("names below \(permittedDNSNames.joined(separator: ", "))") }
        if let validityStartsNotAfter { parts.append("issued up to \(day(validityStartsNotAfter))") }
        if let validityStartsAfter { parts.append("issued after \(day(validityStartsAfter))") }
        parts += notUnderstood
        return parts.joined(separator: " and ")
    }
}

extension StoreJudge {
    /// What stands against the path in this store besides what was found of the path itself.
    func conditionFindings(_ path: JudgedPath) -> [Finding] {
        guard let anchor = path.path.anchor, holds(path) else { return [] }
        var out: [Finding] = []
        if let conditions = conditions(on: path), let notBefore = path.path.leaf.notBefore {
            let dates = path.scts?.dates(for: store.client)
            let issuance = StoreConditions.Issuance(
                notBefore: notBefore, timestamps: dates?.milliseconds, dnsNames: path.path.leaf.dnsNames,
                hasUnknownSCTs: dates?.hasUnknown ?? false)
            out = conditions.refusals(issuance, at: path.at).map {
                finding(
                    .anchorDistrusted, $0, anchor, path.certificates.count == 1 ? .leaf : .anchor,
                    reference: .catenary("store conditions"))
            }
        }
        for list in blocks {
            for (depth, certificate) in path.certificates.enumerated() {
                guard let entry = list.entry(for: certificate) else { continue }
                let isLast = depth == path.certificates.count - 1
                out.append(
                    finding(
                        .revocationBlocked,
                        StoreConditions.Refusal(
                            reason: .certificateBlocked,
                            expected: "a certificate that is not in \(list.name)",
                            presented: "\(list.name) \(list.version), by \(entry.rawValue)"),
                        certificate, depth == 0 ? .leaf : isLast ? .anchor : .intermediate,
                        reference: .catenary("block lists")))
            }
        }
        return out
    }

    /// What it demands of the path's anchor; nil: nothing.
    func conditions(on path: JudgedPath) -> StoreConditions? {
        guard !conditional.isEmpty, let anchor = path.path.anchor, conditional.contains(anchor.sha256) else {
            return nil
        }
        return StoreConditions(store, anchor: anchor, purpose: path.purpose)
    }

    private func finding(
        _ check: CheckID, _ refusal: StoreConditions.Refusal, _ certificate: Certificate, _ place: Place,
        reference: Reference
    ) -> Finding {
        let text = ReasonText.of(refusal.reason)
        var finding = Finding(
            check: check, kind: .client, status: refusal.isEstablished ? .failed : .notEstablished,
            reason: refusal.reason, severity: refusal.isEstablished ? .error : .info,
            message: text.message(
                certificate.subject.display, expected: refusal.expected, presented: refusal.presented),
            certificate: certificate.sha256, place: place, expected: refusal.expected,
            presented: refusal.presented, reference: reference.description, fix: text.fix)
        finding.store = store.name
        return finding
    }
}
