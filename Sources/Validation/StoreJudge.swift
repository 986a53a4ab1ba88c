import Certificates
import Checks
import PathBuilding
import Reports
import Transparency
import TrustStores

/// What one store's client makes of a judged path. One mechanism for all: a reason that libcrypto or a client
/// check found counts, unless the client's data says that it tolerates it at that place or that nobody knows.
///
/// A class, because a judgement hands it around much and changes nothing in it.
final class StoreJudge: Sendable {
    let store: TrustStore
    let reference: String
    let client: Client?
    /// What the client asks of SCTs; nil: nothing.
    let policy: CTPolicy?
    /// Digests of the store's anchors: the anchor at the end of a path is the store's own certificate.
    let anchors: Set<SHA256Digest>
    /// Those of which the store demands anything.
    let conditional: Set<SHA256Digest>
    /// Anchors of which the store itself says whether its client looks at their dates and constraints.
    let flagged: [SHA256Digest: Anchor]
    /// What this client refuses wherever it stands in a path.
    let blocks: [BlockList]
    /// For a list that is stale, the stores whose lists are not: it may only lack what they hold.
    let fresh: [StoreJudge]

    /// The anchors by subject, for a client whose builder does not go back; nil for others.
    let issuers: IssuerIndex?
    private let tolerates: RuleBook
    private let refuses: RuleBook
    private let unknown: RuleBook
    /// What to look for besides, because this client's data speaks of it.
    let reasons: Set<Reason>
    /// It speaks of dates, too: then it matters where and under which anchor.
    let speaksOfDates: Bool

    init(store: TrustStore, client: Client?, blocks: [BlockList] = []) {
        (self.store, self.client, self.blocks, fresh) = (store, client, blocks, [])
        reference = store.reference
        policy = CTPolicy.of(store.client)
        anchors = Set(store.anchors.map(\.certificate.sha256))
        conditional = Set(store.anchors.filter { !$0.conditions.isEmpty }.map(\.certificate.sha256))
        flagged = Dictionary(
            store.anchors.filter { $0.checksDates != nil || $0.checksConstraints != nil }.map {
                ($0.certificate.sha256, $0)
            }, uniquingKeysWith: { first, _ in first })
        issuers =
            client?.builds ?? .all == .all ? nil : IssuerIndex(store.anchors.map(\.certificate))
        tolerates = RuleBook(client?.tolerates ?? [])
        refuses = RuleBook(client?.refuses ?? [])
        unknown = RuleBook(client?.unknown ?? [])
        let all = tolerates.reasons.union(refuses.reasons).union(unknown.reasons)
        reasons = all.intersection(Self.lookedFor)
        speaksOfDates = !all.isDisjoint(with: Self.dateReasons)
    }

    /// The same judge of the same list, under the name that a request gives the store or with fresh lists
    /// beside it.
    init(_ other: StoreJudge, store: TrustStore, fresh: [StoreJudge]) {
        (self.store, self.fresh) = (store, fresh)
        (reference, client, policy) = (other.reference, other.client, other.policy)
        (anchors, conditional, flagged) = (other.anchors, other.conditional, other.flagged)
        issuers = other.issuers
        (blocks, tolerates, refuses, unknown) = (other.blocks, other.tolerates, other.refuses, other.unknown)
        (reasons, speaksOfDates) = (other.reasons, other.speaksOfDates)
    }

    /// Whether the client would refuse an end entity of this path for a reason of its own.
    func refuses(_ reason: Reason, on path: JudgedPath) -> Bool {
        refuses.names(RuleBook.Sight(reason: reason, place: .leaf), on: path)
    }

    /// Whether it minds that a certificate at that place is not yet, or no longer, valid.
    func minds(_ reason: Reason, at place: Place, on path: JudgedPath) -> Bool {
        if place == .anchor, let own = flags(of: path)?.checksDates { return own }
        let sight = RuleBook.Sight(reason: reason, place: place)
        return refuses.names(sight, on: path) || !tolerates.names(sight, on: path)
    }

    /// What the store says of the anchor at the end of this path.
    func flags(of path: JudgedPath) -> Anchor? {
        flagged.isEmpty ? nil : path.path.anchor.flatMap { flagged[$0.sha256] }
    }

    /// An anchor that is not self-signed is none to this client.
    var refusesAnchorsOfOthers: Bool { refuses.reasons.contains(.anchorNotSelfIssued) }

    /// What was found of the path, and what this store's client alone finds.
    func findings(of path: JudgedPath) -> [Finding] {
        path.findings + ownFindings(of: path)
    }

    /// What this store's client alone finds.
    func ownFindings(of path: JudgedPath) -> [Finding] {
        var out = path.storeFindings[reference] ?? []
        out += path.conditionFindings[reference] ?? conditionFindings(path)
        if let missed = path.missed[reference] { out.append(missed) }
        if !path.fetched.isEmpty, let own = completion(of: path) { out.append(own) }
        for found in path.clientFindings {
            let isRefused = refuses.names(found.sight, on: path)
            guard isRefused || unknown.names(found.sight, on: path) else { continue }
            var finding = found
            finding.store = store.name
            if !isRefused { finding.status = .notEstablished }
            out.append(finding)
        }
        return out
    }

    /// Of what is only looked for where somebody asks.
    private static let lookedFor = ClientChecks.reasons.union([.outOfOrder])

    enum Weight { case ignored, unknown, refused }

    /// What the store says of the anchor at the end of this path goes before the client's one rule for all.
    func weight(of finding: Finding, on path: JudgedPath) -> Weight {
        guard finding.place == .anchor, finding.status == .failed,
            finding.kind == .path || finding.check == .anchorValidity, let own = flags(of: path)
        else { return clientWeight(of: finding, on: path) }
        let looks =
            Self.dateReasons.contains(finding.reason)
            ? own.checksDates
            : Self.constraintReasons.contains(finding.reason) ? own.checksConstraints : nil
        return looks.map { $0 ? .refused : .ignored } ?? clientWeight(of: finding, on: path)
    }

    private static let dateReasons: Set<Reason> = [.validityEnded, .validityNotStarted]

    /// What RFC 5937 takes from an anchor's extensions, and Chromium only where a flag of the anchor says so
    /// (ApplyTrustAnchorConstraints of its verify_certificate_chain.cc).
    private static let constraintReasons: Set<Reason> = [
        .purposeNotAllowed, .pathLengthExceeded, .nameNotPermitted, .nameExcluded, .criticalExtensionUnknown,
        .notACA, .keyCertSignAbsent,
    ]

    func holds(_ path: JudgedPath) -> Bool {
        guard let anchor = path.path.anchor else { return false }
        return anchors.contains(anchor.sha256)
    }

    /// The list is too old to say no: a fresh one holds the anchor.
    func mayHold(_ path: JudgedPath) -> Bool {
        !fresh.isEmpty && !holds(path) && fresh.contains { $0.holds(path) }
    }

    private func clientWeight(of finding: Finding, on path: JudgedPath) -> Weight {
        // What is only a matter of form to libcrypto a client may refuse.
        if finding.status == .failed, refuses.names(finding.sight, on: path) { return .refused }
        guard finding.kind == .path || finding.kind == .client else { return .ignored }
        if !Self.intolerable.contains(finding.reason) {
            if tolerates.names(finding.sight, on: path) { return .ignored }
            if unknown.names(finding.sight, on: path) { return .unknown }
        }
        guard finding.status == .notEstablished else { return .refused }
        // Without an answer about revocation only `revocation=hard` cannot go on; it says so by the severity.
        return finding.check == .revocationStatus && finding.severity != .error ? .ignored : .unknown
    }

    /// Nobody tolerates these, whatever a client's data says.
    private static let intolerable: Set<Reason> = [
        .issuerFoundSignatureBad, .keyUndecodable, .keyParametersExplicit,
        .keyExponentUnusable,
        .nameMismatch, .namesAbsent, .revoked, .algorithmMismatch,
    ]

    /// True, false, or nil when only what nobody knows stands against the path.
    func trusts(_ path: JudgedPath) -> Bool? { decide(path) { _ in true } }

    /// The answer with time left out of account: what time alone takes away, time alone may give back.
    func trustsButForTime(_ path: JudgedPath) -> Bool? { decide(path) { !Self.isTime($0) } }

    /// Without the dates of certificates and anchors, but with SCTs as they stand; as if its builder found
    /// the path, which depends on dates, too.
    func trustsButForDates(_ path: JudgedPath) -> Bool? {
        decide(path) { !Self.isDate($0) && $0.reason != .goodPathMissed }
    }

    /// As if its builder found the path: what it will do once nothing else is sent.
    func trustsIfFound(_ path: JudgedPath) -> Bool? { decide(path) { $0.reason != .goodPathMissed } }

    /// Without the end entity's own dates.
    func trustsButForLeafDates(_ path: JudgedPath) -> Bool? {
        decide(path) { !Self.isTime($0) || $0.place != .leaf }
    }

    private func decide(_ path: JudgedPath, counting counts: (Finding) -> Bool) -> Bool? {
        var isUnknown = false
        func isRefused(by finding: Finding) -> Bool {
            guard counts(finding) else { return false }
            switch weight(of: finding, on: path) {
            case .ignored: return false
            case .unknown:
                isUnknown = true
                return false
            case .refused: return true
            }
        }
        if path.findings.contains(where: isRefused) || ownFindings(of: path).contains(where: isRefused) {
            return false
        }
        return isUnknown ? nil : true
    }

    static func isTime(_ finding: Finding) -> Bool {
        isDate(finding) || finding.reason == .sctInFuture
    }

    private static func isDate(_ finding: Finding) -> Bool {
        switch finding.reason {
        case .validityEnded, .validityNotStarted, .issuerFoundExpired, .distrusted: true
        default: false
        }
    }
}
