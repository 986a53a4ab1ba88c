import Certificates
import Checks
import PathBuilding
import Reports
import Revocation
import Transparency

/// A candidate path with everything that was found of it; stores are not in here.
struct JudgedPath: Sendable {
    let path: CandidatePath
    var findings: [Finding]
    /// Ids that were decided and did not fail, and those that do not apply.
    var passed: [CheckID]
    var notApplicable: [CheckID]
    /// Libcrypto's checks, when it did not judge this path.
    var notEstablished: [CheckID] = []
    var hasPublicAnchor = false
    /// What one store's client alone finds, by the store's reference.
    var storeFindings: [String: [Finding]] = [:]
    /// What single stores' conditions and block lists find, by the store's reference; found once for a path.
    var conditionFindings: [String: [Finding]] = [:]
    /// What only some clients refuse, of the reasons that were looked for: it counts for those whose data
    /// names it and is nothing to all others.
    var clientFindings: [Finding] = []
    var lookedFor: Set<Reason> = []
    /// Below the anchor, fetched and not sent; from the end entity on.
    var fetched: [Certificate] = []
    /// By the store's reference: its client does not find this path, good as it is.
    var missed: [String: Finding] = [:]
    /// Set when a store with a transparency policy holds the path and a log list is loaded.
    var scts: JudgedSCTs?
    /// What stands against the names comes from the anchor's constraints or the reference identifier alone.
    var constraintsHoldBelowAnchor = false
    /// The instant it was judged for.
    var at: Instant
    let purpose: Purpose
    /// The same path as clients see it from later instants on: by then more of its SCTs have come, or one of
    /// their logs has changed its state. In order of time.
    var phases: [JudgedPath] = []

    var certificates: [Certificate] { path.certificates }

    /// Of the certificates below the anchor, without reference identifier and purpose.
    var isValid: Bool {
        path.end == .anchor
            && !findings.contains {
                $0.kind == .path && $0.place != .anchor && $0.check != .nameMatch && $0.check != .pathEKU
                    && !($0.check == .revocationStatus && $0.status == .notEstablished)
                    && !($0.check == .pathNameConstraints && constraintsHoldBelowAnchor)
            }
    }

    /// The profile to the letter: below the anchor, and of an anchor that is not public. No operator can
    /// change a public root; the form of his own he can.
    var conforms: Bool {
        !findings.contains {
            $0.kind == .profile && $0.status == .failed && !($0.place == .anchor && hasPublicAnchor)
        }
    }

    /// Common validity of the certificates below the anchor; nil when they have none.
    var interval: ClosedRange<Instant>? { Self.interval(path.belowAnchor.map { certificates[$0] }) }

    static func interval(_ certificates: [Certificate]) -> ClosedRange<Instant>? {
        var (from, until) = (Instant.earliest, Instant.latest)
        for certificate in certificates {
            guard let notBefore = certificate.notBefore, let notAfter = certificate.notAfter else {
                return nil
            }
            from = max(from, notBefore)
            until = min(until, notAfter)
        }
        return from <= until ? from...until : nil
    }
}

/// Judges candidate paths one by one: libcrypto first, then the catalogue's own checks.
struct PathJudge {
    let options: Options
    let at: Instant
    let cache: CertificateCache
    let budget: SearchBudget
    let caPaths: CAPathCache?
    let revocation: RevocationFindings
    let isPublic: @Sendable (Certificate) -> Bool

    func judge(_ path: CandidatePath) -> JudgedPath {
        var context = PathContext(
            path: path, at: at, names: options.names, purpose: options.purpose, profile: options.profile,
            cache: cache)
        context.isPublic = path.anchor.map(isPublic) ?? false
        var findings: [Finding] = []
        var decided: Set<CheckID> = []
        let libcrypto = libcryptoFailures(path, context)
        for (id, failure) in libcrypto.failures {
            guard let check = Catalogue.check(id), check.profiles.contains(options.profile) else { continue }
            findings.append(check.finding(failure, in: context))
            decided.insert(id)
        }
        var passed: [CheckID] = []
        var notApplicable: [CheckID] = []
        var notEstablished: [CheckID] = []
        for check in Catalogue.checks(of: options.profile) {
            if check.evaluate == nil, !libcrypto.judged, !decided.contains(check.id) {
                notEstablished.append(check.id)
                continue
            }
            if check.id == .pathPolicy, !LibcryptoJudge(options: options).checksPolicies {
                notApplicable.append(check.id)
                continue
            }
            switch check.evaluate?(context) ?? .passed {
            case .passed: if !decided.contains(check.id) { passed.append(check.id) }
            case .notApplicable: if !decided.contains(check.id) { notApplicable.append(check.id) }
            case .failed(let failures):
                decided.insert(check.id)
                for failure in failures {
                    let finding = check.finding(failure, in: context)
                    // libcrypto may have said the same, without both sides of the comparison.
                    if let twin = findings.firstIndex(where: { $0.isSame(as: finding) }) {
                        findings[twin] = finding
                    } else {
                        findings.append(finding)
                    }
                }
            }
        }
        // Several rules may share an id: it passes when none of them failed, and counts once.
        var judged = JudgedPath(
            path: path, findings: findings, passed: unique(passed, without: decided),
            notApplicable: unique(notApplicable, without: decided.union(passed)),
            notEstablished: notEstablished, at: at, purpose: options.purpose)
        judged.hasPublicAnchor = context.isPublic
        judged.constraintsHoldBelowAnchor =
            findings.contains { $0.check == .pathNameConstraints }
            && !findings.contains { $0.reason == .nameConstraintsExhausted }
            && constraintsHoldBelowAnchor(path)
        // A second pass, over valid paths only: libcrypto looks at CRLs before it looks at signatures.
        guard revocation.isAsked, judged.isValid else { return judged }
        let answers = revocation.findings(context)
        judged.findings += answers
        if answers.isEmpty { judged.passed.append(.revocationStatus) }
        return judged
    }

    private func unique(_ ids: [CheckID], without others: Set<CheckID>) -> [CheckID] {
        var seen = others
        return ids.filter { seen.insert($0).inserted }
    }

    /// The anchor's own name constraints are a condition of whoever trusts it, not of the path.
    private func constraintsHoldBelowAnchor(_ path: CandidatePath) -> Bool {
        let below = path.belowAnchor
        return below.dropFirst().allSatisfy { upper in
            // Self-issued certificates are exempt, the end entity aside (RFC 5280 §6.1.3 (b)).
            (0..<upper).allSatisfy { depth in
                depth > 0 && path.certificates[depth].isSelfIssued
                    || path.certificates[depth].isWithinNameConstraints(of: path.certificates[upper])
            }
        }
    }

    /// What libcrypto found, and whether it looked at the whole path.
    private func libcryptoFailures(_ path: CandidatePath, _ context: PathContext)
        -> (failures: [(CheckID, Failure)], judged: Bool)
    {
        guard nameComparisons(path) <= budget.nameComparisons else {
            let hit = Failure(.nameConstraintsExhausted, at: 0, status: .notEstablished)
            return ([(.pathBudget, hit)], false)
        }
        let answer = FastRoad(cache: caPaths, options: options).answer(path) {
            LibcryptoJudge(options: options).judge(path, at: at)
        }
        var out: [(CheckID, Failure)] = []
        for error in answer.errors {
            let depth = min(max(error.depth, 0), path.certificates.count - 1)
            let meaning = LibcryptoTable.meaning(
                of: error.code, certificate: path.certificates[depth], place: context.place(depth),
                purpose: options.purpose)
            guard case .finding(let id, let reason, let status) = meaning else { continue }
            guard !out.contains(where: { $0.0 == id && $0.1.reason == reason && $0.1.depth == depth }) else {
                continue
            }
            if id == .pathNameConstraints {
                let violated = NameConstraintsEvidence.failures(reason, error.code, at: depth, in: context)
                if !violated.isEmpty {
                    out += violated.map { (id, $0) }
                    continue
                }
            }
            let sides = LibcryptoEvidence.sides(reason, at: depth, in: context)
            out.append((
                id,
                Failure(
                    reason, at: depth, status: status, expected: sides.expected, presented: sides.presented,
                    native: LibcryptoTable.native(error.code))
            ))
        }
        if let limit = options.maxDepth, path.countedIntermediates > limit {
            out.append(
                (
                    .pathLength,
                    Failure(
                        .depthExceeded, at: path.certificates.count - 1, expected: "at most \(limit)",
                        presented: "\(path.countedIntermediates) intermediates",
                        native: LibcryptoTable.native(22))
                ))
        }
        var judged = answer.returned == 1 || !answer.errors.isEmpty
        if path.end == .anchor {
            judged = judged && answer.followed
            if !answer.followed {
                out.append((.pathIssuer, Failure(.pathNotFollowed, at: 0, status: .notEstablished)))
            } else if answer.returned != 1, answer.errors.isEmpty, !isUnreadable(path) {
                out.append((.pathBudget, Failure(.unspecified, at: 0, status: .notEstablished)))
            }
        }
        return (out, judged)
    }

    /// libcrypto gives up without a word over an extension that it cannot read; path.critical_extension says
    /// so.
    private func isUnreadable(_ path: CandidatePath) -> Bool {
        path.certificates.contains(where: \.hasInvalidExtension)
    }

    /// Names × subtrees that libcrypto would compare on this path.
    private func nameComparisons(_ path: CandidatePath) -> Int {
        var total = 0
        for (depth, certificate) in path.certificates.enumerated() where depth > 0 {
            guard let constraints = certificate.extensions.nameConstraints else { continue }
            let subtrees = constraints.permitted.count + constraints.excluded.count
            let names = path.certificates[..<depth].reduce(0) {
                $0 + ($1.extensions.subjectAltName?.count ?? 0) + $1.subject.attributes.count
            }
            total += subtrees * names
        }
        return total
    }
}

extension Finding {
    /// The same rule, reason and certificate.
    fileprivate func isSame(as other: Finding) -> Bool {
        check == other.check && reason == other.reason && certificate == other.certificate
            && place == other.place
    }
}
