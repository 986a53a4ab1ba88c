import Certificates
import Checks
import PathBuilding
import Reports
import TrustStores

/// What one store's client makes of a judged path. One mechanism for all: a reason that libcrypto or a client
/// check found counts, unless the client's data says that it tolerates it at that place or that nobody knows.
struct StoreJudge: Sendable {
    var store: TrustStore
    let client: Client?
    /// Digests of the store's anchors: the anchor at the end of a path is the store's own certificate.
    let anchors: Set<SHA256Digest>
    /// For a list that is stale, the stores whose lists are not: it may only lack what they hold.
    var fresh: [StoreJudge] = []

    /// What this client refuses wherever it stands in a path.
    let blocks: [BlockList]

    init(store: TrustStore, client: Client?, blocks: [BlockList] = []) {
        self.blocks = blocks
        self.store = store
        self.client = client
        reference = store.reference
        anchors = Set(store.anchors.map(\.certificate.sha256))
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

    let reference: String
    /// The anchors by subject, for a client whose builder does not go back; nil for others.
    let issuers: IssuerIndex?
    private let tolerates: RuleBook
    private let refuses: RuleBook
    private let unknown: RuleBook

    /// What to look for besides, because this client's data speaks of it.
    let reasons: Set<Reason>
    /// It speaks of dates, too: then it matters where and under which anchor.
    let speaksOfDates: Bool

    /// Whether the client would refuse an end entity of this path for a reason of its own.
    func refuses(_ reason: Reason, on path: JudgedPath) -> Bool {
        let finding = Finding(
            check: .clientLifetime, kind: .client, reason: reason, severity: .error, message: "",
            place: .leaf,
            reference: "")
        return refuses.names(finding, on: path)
    }

    /// An anchor that is not self-signed is none to this client.
    var refusesAnchorsOfOthers: Bool { refuses.reasons.contains(.anchorNotSelfIssued) }

    /// What was found of the path, and what this store's client alone finds.
    func findings(of path: JudgedPath) -> [Finding] {
        path.findings + ownFindings(of: path)
    }

    /// What this store's client alone finds.
    func ownFindings(of path: JudgedPath) -> [Finding] {
        (path.storeFindings[reference] ?? []) + (path.conditionFindings[reference] ?? conditionFindings(path))
            + (path.missed[reference].map { [$0] } ?? [])
            + path.clientFindings.compactMap { found in
                let isRefused = refuses.names(found, on: path)
                guard isRefused || unknown.names(found, on: path) else { return nil }
                var finding = found
                finding.store = store.name
                if !isRefused { finding.status = .notEstablished }
                return finding
            }
    }

    /// Of what is only looked for where somebody asks.
    private static let lookedFor = ClientChecks.reasons.union([.outOfOrder])

    enum Weight { case ignored, unknown, refused }

    /// Anchors of which the store itself says whether its client looks at their dates and constraints.
    let flagged: [SHA256Digest: Anchor]

    /// What the store says of the anchor at the end of this path goes before the client's one rule for all.
    func weight(of finding: Finding, on path: JudgedPath) -> Weight {
        guard finding.place == .anchor, finding.status == .failed, let anchor = path.path.anchor,
            finding.kind == .path || finding.check == .anchorValidity,
            let own = flagged[anchor.sha256]
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
        if finding.status == .failed, refuses.names(finding, on: path) { return .refused }
        guard finding.kind == .path || finding.kind == .client else { return .ignored }
        if !Self.intolerable.contains(finding.reason) {
            if tolerates.names(finding, on: path) { return .ignored }
            if unknown.names(finding, on: path) { return .unknown }
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
    func trusts(_ path: JudgedPath) -> Bool? { decide(findings(of: path), on: path) }

    /// The answer with time left out of account: what time alone takes away, time alone may give back.
    func trustsButForTime(_ path: JudgedPath) -> Bool? {
        decide(findings(of: path).filter { !Self.isTime($0) }, on: path)
    }

    /// Without the dates of certificates and anchors, but with SCTs as they stand; as if its builder found
    /// the path, which depends on dates, too.
    func trustsButForDates(_ path: JudgedPath) -> Bool? {
        decide(findings(of: path).filter { !Self.isDate($0) && $0.reason != .goodPathMissed }, on: path)
    }

    /// As if its builder found the path: what it will do once nothing else is sent.
    func trustsIfFound(_ path: JudgedPath) -> Bool? {
        decide(findings(of: path).filter { $0.reason != .goodPathMissed }, on: path)
    }

    /// Without the end entity's own dates.
    func trustsButForLeafDates(_ path: JudgedPath) -> Bool? {
        decide(findings(of: path).filter { !Self.isTime($0) || $0.place != .leaf }, on: path)
    }

    private func decide(_ findings: [Finding], on path: JudgedPath) -> Bool? {
        var answer: Bool? = true
        for finding in findings {
            switch weight(of: finding, on: path) {
            case .ignored: continue
            case .unknown: answer = nil
            case .refused: return false
            }
        }
        return answer
    }

    static func isTime(_ finding: Finding) -> Bool {
        isDate(finding) || finding.reason == .sctInFuture
    }

    private static func isDate(_ finding: Finding) -> Bool {
        [.validityEnded, .validityNotStarted, .issuerFoundExpired, .distrusted].contains(finding.reason)
    }
}
