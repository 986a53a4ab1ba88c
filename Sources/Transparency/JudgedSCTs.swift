import Certificates
import Reports
import TrustStores

/// The SCTs of one end entity under one issuer, each looked at once; what a client makes of them is asked of
/// this value. Without a clock: `at` moves the states of the logs, not the list.
package struct JudgedSCTs: Sendable {
    struct Judged: Sendable {
        let sct: SCT
        let log: CTLog?
        let state: CTLog.State?
        /// Nil when it could not be verified: its log or the issuer is not known.
        let isSigned: Bool?
        let standing: Standing
    }

    enum Standing: Sendable, Equatable {
        /// Verified, and its log is accepted at the instant.
        case current
        /// Verified and made before its log was retired: one of several in a certificate.
        case former
        case unknown(Reason)
        case refused(Reason)

        var reason: Reason? {
            switch self {
            case .current: nil
            case .former: .sctLogRetired
            case .unknown(let reason), .refused(let reason): reason
            }
        }
    }

    let judged: [Judged]
    let at: Instant
    private let lifetime: Int64

    /// - Parameter issuer: whose key signed the leaf; nil leaves embedded SCTs unverified.
    package init(
        leaf: Certificate, issuer: Certificate?, scts: [SCT], logs: CTLogList, at: Instant,
        verifier: SCTVerifier
    ) {
        let precertificate = issuer.flatMap { SignedEntry.precertificate(leaf, issuer: $0) }
        let whole = SignedEntry.x509(leaf)
        self.at = at
        lifetime = (leaf.lifetime ?? .max) - 1
        judged = scts.map { sct in
            let log = logs.find(sct.log)
            let entry = sct.source == .embedded ? precertificate : whole
            let isSigned = log.flatMap { log in entry.map { verifier.isSigned(sct, over: $0, by: log) } }
            return Self.judge(sct, log, isSigned, at)
        }
    }

    private static func judge(_ sct: SCT, _ log: CTLog?, _ isSigned: Bool?, _ at: Instant) -> Judged {
        let state = log?.state(at: at)
        return Judged(
            sct: sct, log: log, state: state, isSigned: isSigned,
            standing: standing(sct, log, isSigned, state, at))
    }

    /// The same at another instant.
    package func moved(to at: Instant) -> JudgedSCTs {
        JudgedSCTs(judged.map { Self.judge($0.sct, $0.log, $0.isSigned, at) }, at: at, lifetime: lifetime)
    }

    /// The instants after its own at which an SCT begins to count, or its log changes its state; ascending.
    package var changes: [Instant] {
        let verified = judged.filter { $0.isSigned == true }
        let stamps = verified.map { Instant(seconds: Int64(clamping: $0.sct.milliseconds / 1_000)) }
        let states = verified.flatMap { $0.log?.states.map(\.since) ?? [] }
        return Set(stamps + states).filter { $0 > at }.sorted()
    }

    private init(_ judged: [Judged], at: Instant, lifetime: Int64) {
        (self.judged, self.at, self.lifetime) = (judged, at, lifetime)
    }

    /// The same where SCTs of a later time do not count (Mozilla's distrust dates).
    package func upTo(_ last: Instant) -> JudgedSCTs {
        JudgedSCTs(
            judged.map { item in
                guard Int64(clamping: item.sct.milliseconds) > last.seconds * 1_000, item.isSigned != false
                else { return item }
                return Judged(
                    sct: item.sct, log: item.log, state: item.state, isSigned: item.isSigned,
                    standing: .refused(.sctAfterDistrust))
            }, at: at, lifetime: lifetime)
    }

    private static func standing(
        _ sct: SCT, _ log: CTLog?, _ isSigned: Bool?, _ state: CTLog.State?, _ at: Instant
    ) -> Standing {
        guard let log else { return .unknown(.sctLogUnknown) }
        guard let isSigned else { return .unknown(.notEstablished) }
        guard isSigned else { return .refused(.sctSignatureBad) }
        // `at` is a whole second: all of its milliseconds have come.
        guard Int64(clamping: sct.milliseconds) < (at.seconds + 1) * 1_000 else {
            return .refused(.sctInFuture)
        }
        switch state {
        case .qualified, .usable, .readonly, .listed: return .current
        case .retired:
            // Chrome, Mozilla and Apple: what was logged before the log was retired still counts.
            let since = log.states.last { $0.state == .retired && $0.since <= at }?.since ?? .earliest
            return Int64(clamping: sct.milliseconds) < since.seconds * 1_000
                ? .former : .refused(.sctLogRetired)
        case .rejected: return .refused(.sctLogRejected)
        case .pending: return .refused(.sctLogPending)
        // Not in the newest list any more, retired or only past its interval; or older than all we know.
        case .dropped, nil: return .unknown(.sctLogUnknown)
        }
    }

    /// The time stamps that may stand against a date condition.
    package struct Dates: Sendable, Equatable {
        /// Milliseconds since 1970, ascending; verified, not later than `at`, of logs not disqualified.
        package let milliseconds: [Int64]
        /// Besides these there are SCTs of which it is not known whether they count.
        package let hasUnknown: Bool
    }

    /// Mozilla looks at embedded SCTs alone, Chrome at all; nobody at those of a disqualified log.
    package func dates(for client: ClientName) -> Dates {
        let looked = judged.filter { client != ClientName("firefox") || $0.sct.source == .embedded }
        return Dates(
            milliseconds: looked.filter { $0.standing == .current }
                .map { Int64(clamping: $0.sct.milliseconds) }.sorted(),
            hasUnknown: looked.contains { if case .unknown = $0.standing { true } else { false } })
    }
}

// MARK: the policies

extension JudgedSCTs {
    package enum Answer: Sendable, Equatable {
        case satisfied
        case failed(Reason, expected: String, presented: String)
        case notEstablished(Reason, expected: String, presented: String)
    }

    /// One SCT as a policy counts it.
    private struct Counted {
        let log: [UInt8]
        let `operator`: String
        let isCurrent: Bool
        let isRFC6962: Bool
        let isEmbedded: Bool
    }

    /// - Parameter listAge: seconds from the list's date to the time of the question.
    package func answer(_ policy: CTPolicy, listAge: Int64) -> Answer {
        if listAge > CTLogList.lifetime {
            return .notEstablished(
                .ctListStale, expected: "a log list of at most 70 d",
                presented: "one of \(listAge / 86_400) d")
        }
        guard let lack = self.lack(policy, counting: []) else { return .satisfied }
        let (expected, presented) = (lack.expected, self.presented)
        if self.lack(policy, counting: [.sctInFuture]) == nil {
            return .failed(.sctInFuture, expected: expected, presented: presented)
        }
        // With every unknown log counted at its best: if that is enough, nobody can tell.
        if self.lack(policy, counting: [.sctLogUnknown, .notEstablished]) == nil {
            return .notEstablished(.sctLogUnknown, expected: expected, presented: presented)
        }
        if self.lack(policy, counting: [.sctAfterDistrust]) == nil {
            return .failed(.sctAfterDistrust, expected: expected, presented: presented)
        }
        return .failed(lack.reason, expected: expected, presented: presented)
    }

    /// What SCTs lack to satisfy a policy.
    private enum Lack {
        case count(needed: Int)
        case current
        case operators(Int)
        case operatorShare(needed: Int, most: Int)
        case rfc6962

        var reason: Reason {
            switch self {
            case .count: .sctTooFew
            case .current: .sctLogRetired
            case .operators, .operatorShare: .sctOperatorDiversity
            case .rfc6962: .sctLogType
            }
        }

        var expected: String {
            switch self {
            case .count(let needed): "\(needed) SCTs of distinct logs"
            case .current: "one SCT of a log that is not retired"
            case .operators(let count): "\(count) operators"
            case .operatorShare(let needed, let most):
                "\(needed) SCTs of distinct logs, at most \(most) of one operator"
            case .rfc6962: "one SCT of an RFC 6962 log"
            }
        }
    }

    private var presented: String {
        guard !judged.isEmpty else { return "none" }
        return judged.map { item in
            let log = item.log?.name ?? "unknown log \(Hex.encode(item.sct.log.prefix(4)))…"
            return item.standing.reason.map { "\(log) (\($0.rawValue))" } ?? log
        }.joined(separator: ", ")
    }

    private func counted(_ item: Judged, with others: Set<Reason>) -> Counted? {
        let isCurrent: Bool
        switch item.standing {
        case .current: isCurrent = true
        case .former: isCurrent = false
        case .unknown(let reason) where others.contains(reason): isCurrent = true
        case .refused(let reason) where others.contains(reason): isCurrent = true
        case .unknown, .refused: return nil
        }
        let name = item.log.map { log in
            log.operator(at: Instant(seconds: Int64(clamping: item.sct.milliseconds / 1_000)))
        }
        return Counted(
            log: item.sct.log, operator: name ?? Hex.encode(item.sct.log), isCurrent: isCurrent,
            isRFC6962: item.log.map { $0.kind == .rfc6962 } ?? true, isEmbedded: item.sct.source == .embedded)
    }

    /// Nil when satisfied by the SCTs in the certificate, or by those delivered beside it; else what the
    /// better of the two lacks. SCTs that do not count for one of the reasons `others` count as current.
    private func lack(_ policy: CTPolicy, counting others: Set<Reason>) -> Lack? {
        let all = judged.compactMap { counted($0, with: others) }
        let isShort = lifetime + (policy.countsBothEnds ? 1 : 0) <= CTPolicy.shortLifetime
        let inside = lack(
            policy, all.filter(\.isEmbedded), needed: isShort ? policy.short : policy.long, isShort)
        // What is delivered beside must come from current logs; what is inside may add to it.
        guard inside != nil, all.contains(where: { $0.isCurrent && !$0.isEmbedded }) else { return inside }
        return lack(policy, all.filter(\.isCurrent), needed: policy.delivered, isShort)
    }

    private func lack(_ policy: CTPolicy, _ scts: [Counted], needed: Int, _ isShort: Bool) -> Lack? {
        var logs = Set<[UInt8]>()
        let distinct = scts.filter { logs.insert($0.log).inserted }
        guard distinct.count >= needed else { return .count(needed: needed) }
        guard distinct.contains(where: \.isCurrent) else { return .current }
        var operators: [String: Int] = [:]
        for sct in distinct { operators[sct.operator, default: 0] += 1 }
        guard operators.count >= policy.operators else { return .operators(policy.operators) }
        if let share = policy.perOperator {
            let most = isShort ? share.short : share.long
            guard operators.values.reduce(0, { $0 + min($1, most) }) >= needed else {
                return .operatorShare(needed: needed, most: most)
            }
        }
        guard !policy.asksRFC6962 || distinct.contains(where: \.isRFC6962) else { return .rfc6962 }
        return nil
    }
}

extension JudgedSCTs {
    /// For the report.
    package var stamps: [TransparencyAnswer.Stamp] {
        judged.map { item in
            var out = TransparencyAnswer.Stamp(
                logID: Hex.encode(item.sct.log), milliseconds: item.sct.milliseconds,
                source: item.sct.source.rawValue)
            if let log = item.log {
                out.log = log.name
                out.operator = log.operator(
                    at: Instant(seconds: Int64(clamping: item.sct.milliseconds / 1_000)))
                out.type = log.kind.rawValue
                out.state = item.state?.rawValue
                if item.standing != .unknown(.notEstablished) {
                    out.verified = item.standing != .refused(.sctSignatureBad)
                }
            }
            out.reason = item.standing.reason
            return out
        }
    }
}

extension CTLogList {
    fileprivate func find(_ id: [UInt8]) -> CTLog? {
        SHA256Digest(octets: id).flatMap { self[$0] }
    }
}
