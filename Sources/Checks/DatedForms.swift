import Certificates
import Reports

/// Rules that hold for what was issued from a date on, by the notBefore of the end entity. They are written
/// for certificates of public CAs: nobody else is asked to keep them, and what was issued earlier never was.
extension Check {
    /// TLS BR 6.3.2: how long an end entity may be valid. A day is 86,400 seconds and both ends count (RFC
    /// 5280 §4.1.2.5), since ballot SC31 said so; before it the second more was common and is let pass.
    static let validityPeriod = Check(
        id: .profileValidity,
        title: "The end entity is not valid for longer than its time of issuance allows",
        kind: .profile, reference: .baseline("6.3.2"), severity: .warning, profiles: [.webpki],
        stages: ValidityLimit.all.map { Stage(from: $0.from, $0.text) }
    ) { context in
        guard let (from, lifetime) = issuance(context), let limit = ValidityLimit.inForce(at: from) else {
            return .notApplicable
        }
        let counted = limit.countsBothEnds ? lifetime : lifetime - 1
        guard counted > Int64(limit.days) * day else { return .passed }
        var failure = Failure(
            .lifetimeTooLong, at: 0, expected: limit.text,
            presented: "\(counted / day) days and \(counted % day) seconds, issued \(from.date)")
        failure.effectiveFrom = limit.from
        return .failed([failure])
    }

    /// Chrome Root Program Policy: hierarchies of servers' certificates alone, so that an end entity is for
    /// serverAuth and nothing else. The Baseline Requirements 7.1.2.7.10 still allow clientAuth beside it.
    static let serverOnly = Check(
        id: .profileServerOnly, title: "A server's certificate is for servers alone", kind: .profile,
        reference: .program("Chrome Root Program Policy"), severity: .warning, profiles: [.webpki],
        stages: [Stage(from: march2027, "serverAuth alone")]
    ) { context in
        guard let (from, _) = issuance(context), from >= march2027,
            let purposes = context.leaf.extensions.extendedKeyUsage
        else { return .notApplicable }
        let others = purposes.filter { $0 != OIDs.serverAuth }
        guard purposes.contains(OIDs.serverAuth), !others.isEmpty else { return .passed }
        var failure = Failure(
            .ekuNotServerOnly, at: 0, expected: "serverAuth alone",
            presented: purposes.map { OIDs.purposeNames[$0] ?? $0.description }.joined(separator: ", "))
        failure.effectiveFrom = march2027
        return .failed([failure])
    }

    /// TLS BR 7.1.2.11.2, with ballot SC-063: an end entity that is not short-lived names a CRL or an OCSP
    /// responder. Short-lived is up to 10 days, and 7 days from 2026-03-15 on (BR 1.6.1).
    static let revocationSource = Check(
        id: .profileRevocationSource, title: "An end entity that is not short-lived can be revoked",
        kind: .profile, reference: .baseline("7.1.2.11.2"), severity: .warning, profiles: [.webpki],
        stages: shortLived.map {
            Stage(from: $0.from, "a CRL or an OCSP responder, unless valid for at most \($0.days) days")
        }
    ) { context in
        guard let (from, lifetime) = issuance(context),
            let short = shortLived.last(where: { $0.from <= from })
        else { return .notApplicable }
        guard lifetime > short.days * day else { return .notApplicable }
        let extensions = context.leaf.extensions
        // An address that cannot be read is not absent; profile.extensions says so.
        guard extensions[OIDs.crlDistributionPoints] == nil, extensions.ocspURLs.isEmpty else {
            return .passed
        }
        var failure = Failure(
            .revocationSourceAbsent, at: 0,
            expected: "a CRL or an OCSP responder, or at most \(short.days) days",
            presented: "neither, and \(lifetime / day) days")
        failure.effectiveFrom = short.from
        return .failed([failure])
    }

    /// notBefore and seconds of the validity, both ends counted, where the rules concern the end entity: a
    /// server's certificate under a public anchor.
    private static func issuance(_ context: PathContext) -> (from: Instant, lifetime: Int64)? {
        guard context.isPublic, context.purpose == .server, context.path.certificates.count > 1,
            let from = context.leaf.notBefore, let lifetime = context.leaf.lifetime
        else { return nil }
        return (from, lifetime)
    }

    private static let day: Int64 = 86_400
    private static let march2027: Instant = Instant(seconds: 1_805_068_800)

    /// From 2024-03-15 and 2026-03-15.
    private static let shortLived: [(from: Instant, days: Int64)] = [
        (Instant(seconds: 1_710_460_800), 10), (Instant(seconds: 1_773_532_800), 7),
    ]
}

/// How long the Baseline Requirements allow an end entity of a public CA to be valid (TLS BR 6.3.2).
package struct ValidityLimit: Sendable, Equatable {
    /// For what is issued from this instant on, until the next limit's.
    package let from: Instant
    package let days: Int
    let text: String

    private init(_ seconds: Int64, _ days: Int, _ text: String? = nil) {
        (from, self.days) = (Instant(seconds: seconds), days)
        self.text = text ?? "at most \(days) days"
    }

    /// 2020-09-01: ballot SC31.
    var countsBothEnds: Bool { from.seconds >= 1_598_918_400 }

    /// From 2015-04-01, 2018-03-01 (ballot 193), 2020-09-01 (SC31), and 2026-03-15, 2027-03-15 and 2029-03-15
    /// (SC-081v3). 39 months are at most 1,188 days.
    package static let all = [
        ValidityLimit(1_427_846_400, 1_188, "at most 39 months"), ValidityLimit(1_519_862_400, 825),
        ValidityLimit(1_598_918_400, 398), ValidityLimit(1_773_532_800, 200),
        ValidityLimit(1_805_068_800, 100), ValidityLimit(1_868_227_200, 47),
    ]

    /// Nil before the first.
    package static func inForce(at issuance: Instant) -> ValidityLimit? {
        all.last { $0.from <= issuance }
    }
}
