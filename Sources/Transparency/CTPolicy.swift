import Certificates
import TrustStores

/// What one client asks of a certificate's SCTs, as data.
package struct CTPolicy: Sendable, Equatable {
    package let client: ClientName
    /// SCTs of distinct logs for a lifetime of up to `shortLifetime`, and for a longer one.
    let short: Int
    let long: Int
    /// Through TLS or OCSP, where every log must be current.
    let delivered: Int
    let operators: Int
    /// How many of one operator count, for a short and for a long lifetime; nil: all.
    let perOperator: (short: Int, long: Int)?
    /// Whether a lifetime includes its last second (RFC 5280 §4.1.2.5), so that notAfter 180 days after
    /// notBefore is longer than 180 days; else it is notAfter less notBefore.
    let countsBothEnds: Bool
    /// At least one log that speaks RFC 6962, not the static API.
    let asksRFC6962: Bool
    package let source: String

    /// 180 days.
    static let shortLifetime: Int64 = 180 * 86_400

    package static func of(_ client: ClientName) -> CTPolicy? { byClient[client] }

    private static let byClient = Dictionary(uniqueKeysWithValues: all.map { ($0.client, $0) })

    static let all = [
        CTPolicy(
            client: ClientName("chrome"), short: 2, long: 3, delivered: 2, operators: 2, perOperator: nil,
            countsBothEnds: false, asksRFC6962: false,
            source: "chromium, components/certificate_transparency/chrome_ct_policy_enforcer.cc"),
        CTPolicy(
            client: ClientName("firefox"), short: 2, long: 3, delivered: 2, operators: 2, perOperator: nil,
            countsBothEnds: false, asksRFC6962: false,
            source: "firefox, security/ct/CTPolicyEnforcer.cpp"),
        CTPolicy(
            client: ClientName("apple"), short: 2, long: 3, delivered: 2, operators: 2,
            perOperator: (short: 1, long: 2), countsBothEnds: true, asksRFC6962: true,
            source: "support.apple.com/103214, Apple's Certificate Transparency policy"),
    ]

    package static func == (a: Self, b: Self) -> Bool { a.client == b.client }
}
