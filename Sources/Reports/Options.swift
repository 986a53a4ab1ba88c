import Certificates

/// What a request may ask for, the same in JSON, in a query string and as CLI flags.
package struct Options: Sendable, Equatable {
    /// Reference identifiers; all must match. Empty: no name is checked.
    package var names: [ReferenceIdentifier] = []
    /// The instant to judge for; nil: now, as the API's clock reads it.
    package var at: Instant?
    /// Store names in the order asked; nil: by rule or default. An empty list asks for none.
    package var stores: [String]?
    /// Further anchors for this request, as the store named `request` (DER).
    package var anchors: [[UInt8]] = []
    /// Clients as which `request` and operators' stores are judged, one entry each; empty: the store's own.
    package var clients: [String] = []
    /// Certificates the builder may use beside those presented; they count as sent (DER).
    package var intermediates: [[UInt8]] = []
    package var profile: Profile = .webpki
    package var purpose: Purpose = .server
    package var warn: [Threshold] = Threshold.defaultWarn
    package var critical: [Threshold] = Threshold.defaultCritical
    /// The certificate that the end entity must equal.
    package var serves: SHA256Digest?
    /// The instant for the renewal question, in place of the due date.
    package var reissue: Instant?
    package var expect: Expectation?
    package var include: Set<Inclusion> = []
    package var format: Format?
    /// Members of the report to keep; empty: all.
    package var fields: [String] = []
    /// CRLs to use for this request (DER); what they cover is checked.
    package var crls: [[UInt8]] = []
    package var revocation: RevocationMode = .off
    /// Whether missing issuers may be fetched, to explain and to repair; nil: for a check, not for what is
    /// posted.
    package var aia: Bool?
    /// Largest number of intermediates between end entity and anchor, self-issued ones not counted
    /// (RFC 5280 §6.1.4 (l)).
    package var maxDepth: Int?
    /// RFC 5280 §6.1.1 (c), (e), (f), (g).
    package var policies = PolicyInputs()
    /// Seconds for everything that a check does, connection and judgement together.
    package var timeout: Duration = .seconds(8)
    /// Report and evidence are stored.
    package var keep = false

    package init() {}
}

/// RFC 9525 §2: what was sought. Only validated forms exist; `ReferenceIdentifier(parsing:)` makes them.
package enum ReferenceIdentifier: Sendable, Hashable {
    /// A-labels in lower case without a trailing dot, and the text as it was given.
    case dns(aLabels: String, given: String)
    /// Four or sixteen octets, and the canonical text (RFC 5952).
    case ip(octets: [UInt8], text: String)

    package var text: String {
        switch self {
        case .dns(let aLabels, _): aLabels
        case .ip(_, let text): text
        }
    }
}

/// Which letter of the law `conforms` speaks of.
package enum Profile: String, Sendable, CaseIterable { case webpki, rfc5280 }

/// What the end entity is to be used for (RFC 5280 §4.2.1.12).
package enum Purpose: String, Sendable, CaseIterable { case server, client, any }

/// What no answer about revocation means. A proven revocation fails a path in every mode but off.
package enum RevocationMode: String, Sendable, CaseIterable {
    case off
    /// No answer leaves trust as it is.
    case soft
    /// No answer makes a store's answer null.
    case hard
}

/// The policy inputs of path validation (RFC 5280 §6.1.1).
package struct PolicyInputs: Sendable, Equatable {
    /// The user-initial-policy-set as dotted OIDs; nil: any policy.
    package var acceptable: [String]?
    package var requireExplicitPolicy = false
    package var inhibitPolicyMapping = false
    package var inhibitAnyPolicy = false

    package init() {}
    package var isDefault: Bool { self == PolicyInputs() }
}

/// Turns the answer into the status line: `ok` asks for state ok, `trusted` for verdict trusted.
package enum Expectation: String, Sendable, CaseIterable { case ok, trusted }

/// Larger parts of the report, left out by default.
package enum Inclusion: String, Sendable, CaseIterable { case pem, bundle, evidence, checks, trace }

package enum Format: String, Sendable, CaseIterable {
    case json, text, csv, nagios, prometheus, zabbix, junit
}

/// Time to the first break below which a chain wants attention. Of several the one nearest the break counts.
package enum Threshold: Sendable, Hashable {
    case seconds(Int64)
    /// Per cent of the end entity's lifetime, above 0 and at most 100.
    case percent(Double)

    package static let defaultWarn: [Threshold] = [.seconds(21 * 86_400), .percent(25)]
    package static let defaultCritical: [Threshold] = [.seconds(7 * 86_400), .percent(10)]
}

extension [Threshold] {
    /// Seconds before the break at which the state changes: the smallest of all (a 160-hour certificate is
    /// not critical all its life). A percentage counts only when the lifetime is known.
    package func seconds(lifetime: Int64?) -> Int64 {
        compactMap { threshold -> Int64? in
            switch threshold {
            case .seconds(let seconds): seconds
            case .percent(let share): lifetime.map { Int64(Double($0) * share / 100) }
            }
        }.min() ?? 0
    }
}

/// Where a check connects to.
package struct Endpoint: Sendable, Equatable {
    /// Addresses of one name that are tried; real fleets behind one name are smaller.
    package static let maximumAddresses = 16

    /// A-labels or the text of an IP address, without brackets.
    package var host: ReferenceIdentifier
    package var port: UInt16
    /// Dial this address instead of resolving the host (as `curl --resolve`).
    package var address: String?
    /// Every address of the host is asked, not the first that answers.
    package var isFleet = false
    /// Nil: any address, in the order in which they were found.
    package var family: FamilyChoice?
    /// Handshakes with each address: backends behind one address may differ. 1 to 16.
    package var samples = 1
    /// Nil: the first DNS name, else the host when that is a name. Empty: none is sent.
    package var sni: String?

    /// Also without server_name, for each family of keys, and at the lowest version.
    package var hasVariants = false
    /// The name of a pair that the service was configured with.
    package var clientCertificate: String?
    /// The name of a proxy that the service was configured with; nil: as every probe.
    package var proxy: String?
    /// The dialogue before the handshake; nil: TLS at once.
    package var startTLS: StartTLS?

    package init(
        host: ReferenceIdentifier, port: UInt16 = 443, address: String? = nil, sni: String? = nil,
        startTLS: StartTLS? = nil
    ) {
        (self.host, self.port, self.address, self.sni) = (host, port, address, sni)
        self.startTLS = startTLS
    }
}
