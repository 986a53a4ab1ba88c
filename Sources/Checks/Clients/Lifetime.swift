import Certificates
import Reports

extension ClientRule {
    /// How long an end entity may be valid for. The clients compare notAfter - notBefore; the Baseline
    /// Requirements count one second more (RFC 5280 §4.1.2.5: both ends belong to the validity).
    ///
    /// - Under shipped anchors, issued from 2020-09-01 on: 398 days exactly. Chromium's
    ///   `CertVerifyProc::HasTooLongValidity` (`validity_duration > base::Days(398)`) and Apple's
    ///   `SecPolicyCheckSystemTrustValidityPeriodMaximums` ("and no slip", HT211025).
    /// - Under other anchors, issued after 2019-07-01: 825 days and one hour. Apple's
    ///   `SecPolicyCheckOtherTrustValidityPeriodMaximums`; not for an end entity that is the anchor itself.
    static let lifetime = ClientRule(
        .clientLifetime, "The end entity is not valid for longer than the client allows",
        .baseline("6.3.2"), .lifetimeOver398Days, .lifetimeOver825Days
    ) { context in
        guard context.purpose == .server, let from = context.leaf.notBefore, let to = context.leaf.notAfter
        else { return .notApplicable }
        return .of(
            limits.compactMap { limit in
                guard limit.shipped == context.isPublic, limit.issued.contains(from),
                    to - from > limit.seconds,
                    context.isPublic || context.path.certificates.count > 1
                else { return nil }
                return Failure(
                    limit.reason, at: 0, expected: "at most \(limit.days) days",
                    presented: "\((to - from) / day) days \((to - from) % day) s from \(from)")
            })
    }

    /// Days that a client allows for what is issued at an instant, by the reasons that it refuses; nil when
    /// it has no limit.
    package static func longestLifetime(isPublic: Bool, issued: Instant, _ isRefused: (Reason) -> Bool)
        -> Int?
    {
        limits.filter { $0.shipped == isPublic && $0.issued.contains(issued) && isRefused($0.reason) }
            .map { Int($0.days) }.min()
    }

    private static let day: Int64 = 86_400
    private static let hour: Int64 = 3600

    private struct Limit: Sendable {
        let reason: Reason
        let shipped: Bool
        let issued: Range<Instant>
        let days: Int64
        /// More than that is too long.
        let seconds: Int64

        init(_ reason: Reason, shipped: Bool, _ issued: Range<Instant>, days: Int64, slip: Int64 = 0) {
            (self.reason, self.shipped, self.issued, self.days) = (reason, shipped, issued, days)
            seconds = days * day + slip
        }
    }

    private static let july2019 = Instant(seconds: 1_561_939_200)
    private static let september2020 = Instant(seconds: 1_598_918_400)

    private static let limits: [Limit] = [
        Limit(.lifetimeOver398Days, shipped: true, september2020..<Instant.latest, days: 398),
        Limit(.lifetimeOver825Days, shipped: false, july2019 + 1..<Instant.latest, days: 825, slip: hour),
    ]
}
