import Certificates

/// The answer to one question about one chain. Every dialect is a rendering of it; none has logic of its own.
package struct Report: Sendable {
    /// Members are only added; readers ignore unknown members and reasons.
    package static let schema = 1

    /// Sortable and unique.
    package var id: String
    /// In a scan, where its row stands among the targets, from 0.
    package var row: Int?
    /// When it was made; `at` is the instant it was judged for.
    package var checkedAt: Instant
    package var at: Instant
    /// Absent for posted input.
    package var target: Target?
    /// Reference identifiers, as sought.
    package var names: [ReferenceIdentifier] = []
    package var storesFrom: StoresFrom = .default
    package var verdict: Verdict
    /// Whether the path of every store that answered true obeys the profile; nil when no store did.
    package var conforms: Bool?
    package var state: State
    package var thresholds = Thresholds(warnSeconds: 0, criticalSeconds: 0)
    package var summary: String
    /// The end entity, whenever a certificate was seen.
    package var leaf: SHA256Digest?
    package var firstBreak: FirstBreak?
    package var renewal: Renewal?
    package var findings: [Finding] = []
    package var checks = CheckCounts()
    /// In the order asked.
    package var stores: [StoreAnswer] = []
    /// What changes after `at`, one per instant and store, in order.
    package var breaks: [Break] = []
    /// Best first.
    package var paths: [Path] = []
    /// When no store trusts the chain and one thing alone stands against it.
    package var nearMiss: NearMiss?
    package var presented: Presented?
    /// With `include=bundle`, when some store asked for trusts the chain.
    package var bundle: Bundle?
    /// With `address=all` or several samples.
    package var fleet: Fleet?
    /// With `variants=true`, when a connection came about.
    package var variants: [VariantAnswer] = []
    /// Each certificate once: end entity, intermediates, anchors, unrelated.
    package var certificates: [Described] = []
    package var handshake: Handshake?
    /// Nil when no store asked for requires certificate transparency of the path.
    package var transparency: TransparencyAnswer?
    /// What was not checked, and why; every text ends with it.
    package var notChecked: [NotChecked] = []
    /// Free lines of the path search, with `include=trace`.
    package var trace: [String]?
    package var includes: Set<Inclusion> = []
    /// What it was made of, shown with `include=evidence`.
    package var evidence: EvidenceRecord? {
        get { box?.record }
        set { box = newValue.map(EvidenceBox.init) }
    }
    /// Of the stored evidence; nil when it was not kept.
    package var keptEvidence: SHA256Digest?
    private var box: EvidenceBox?

    package init(
        id: String, checkedAt: Instant, at: Instant, verdict: Verdict, state: State, summary: String
    ) {
        (self.id, self.checkedAt, self.at) = (id, checkedAt, at)
        (self.verdict, self.state, self.summary) = (verdict, state, summary)
    }

    package subscript(_ digest: SHA256Digest) -> Certificate? {
        certificates.first { $0.certificate.sha256 == digest }?.certificate
    }
}

/// A report is copied more often than its evidence is looked at.
private final class EvidenceBox: Sendable {
    let record: EvidenceRecord
    init(_ record: EvidenceRecord) { self.record = record }
}

/// Over the stores that answered true or false.
package enum Verdict: String, Sendable, CaseIterable {
    case trusted
    case partlyTrusted = "partly_trusted"
    case untrusted, unreachable, indeterminate
}

/// ok < unknown < warning < critical.
package enum State: String, Sendable, Comparable, CaseIterable {
    case ok, unknown, warning, critical

    private var rank: Int {
        switch self {
        case .ok: 0
        case .unknown: 1
        case .warning: 2
        case .critical: 3
        }
    }
    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}

package struct Target: Sendable, Equatable {
    package var host: String
    package var port: UInt16
    /// As dialled; absent when nothing was.
    package var address: String?
    package var sni: String?
    package var startTLS: StartTLS?
    package init(
        host: String, port: UInt16, address: String? = nil, sni: String? = nil, startTLS: StartTLS? = nil
    ) {
        (self.host, self.port, self.address, self.sni) = (host, port, address, sni)
        self.startTLS = startTLS
    }
}

package enum StoresFrom: Sendable, Equatable {
    case request, `default`
    /// The pattern of the rule in `store_rules`.
    case rule(String)

    package var text: String {
        switch self {
        case .request: "request"
        case .default: "default"
        case .rule(let match): match
        }
    }
}

package struct Thresholds: Sendable, Equatable {
    package var warnSeconds, criticalSeconds: Int64
    package init(warnSeconds: Int64, criticalSeconds: Int64) {
        (self.warnSeconds, self.criticalSeconds) = (warnSeconds, criticalSeconds)
    }
}

/// The one number to alert on: the first second at which a store's answer turns to the worse.
package struct FirstBreak: Sendable, Equatable {
    package var at: Instant
    package var store: String?
    package var cause: Cause
    package var certificate: SHA256Digest?
    package var address: String?

    package init(
        at: Instant, store: String?, cause: Cause, certificate: SHA256Digest?, address: String? = nil
    ) {
        (self.at, self.store, self.cause) = (at, store, cause)
        (self.certificate, self.address) = (certificate, address)
    }

    package enum Cause: String, Sendable {
        case leafExpires = "leaf_expires"
        case issuerExpires = "issuer_expires"
        case anchorExpires = "anchor_expires"
        case notYetValid = "not_yet_valid"
        /// A store's own date for the anchor.
        case anchorDistrusted = "anchor_distrusted"
    }
}

package struct CheckCounts: Sendable, Equatable {
    package var passed = 0
    package var notApplicable = 0
    /// One line per check, with `include=checks`.
    package var list: [CheckOutcome] = []
    package init() {}
}

package struct CheckOutcome: Sendable, Equatable {
    package var check: CheckID
    package var status: Status
    package var reason: Reason?
    package init(check: CheckID, status: Status, reason: Reason? = nil) {
        (self.check, self.status, self.reason) = (check, status, reason)
    }
}

/// What one store's client makes of the chain.
package struct StoreAnswer: Sendable, Equatable {
    package var name: String
    package var version: String
    package var published: Instant?
    /// nil: a missing answer would change it.
    package var trusted: Bool?
    package var basis: Basis
    package var completes: Completes
    /// Index into the report's paths.
    package var path: Int?
    /// The last second, counted from `at` without a gap, at which the store trusts the chain.
    package var until: Instant?
    package var reasons: [StoreReason]

    package init(
        name: String, version: String, published: Instant?, trusted: Bool?, basis: Basis,
        completes: Completes,
        path: Int? = nil, until: Instant? = nil, reasons: [StoreReason] = []
    ) {
        (self.name, self.version, self.published, self.trusted) = (name, version, published, trusted)
        (self.basis, self.completes, self.path, self.until) = (basis, completes, path, until)
        self.reasons = reasons
    }
}

package enum Basis: String, Sendable { case full, approximate, membership }
package enum Completes: String, Sendable { case aia, preload, none }

package struct StoreReason: Sendable, Equatable {
    package var check: CheckID
    package var reason: Reason
    package var certificate: SHA256Digest?
    package var path: Int?
    package init(check: CheckID, reason: Reason, certificate: SHA256Digest? = nil, path: Int? = nil) {
        (self.check, self.reason, self.certificate, self.path) = (check, reason, certificate, path)
    }
}

/// One certification path, end entity to anchor.
package struct Path: Sendable, Equatable {
    package var certificates: [SHA256Digest]
    package var anchor: SHA256Digest?
    /// Those asked for that hold this anchor.
    package var stores: [String]
    /// Of the certificates below the anchor, without reference identifier and purpose.
    package var valid: Bool
    package var from: Instant?
    package var until: Instant?
    /// Below the anchor, fetched because the server did not send them; from the end entity on.
    package var notSent: [SHA256Digest] = []
    package var findings: [Finding]

    package init(
        certificates: [SHA256Digest], anchor: SHA256Digest?, stores: [String], valid: Bool, from: Instant?,
        until: Instant?, findings: [Finding]
    ) {
        (self.certificates, self.anchor, self.stores, self.valid) = (certificates, anchor, stores, valid)
        (self.from, self.until, self.findings) = (from, until, findings)
    }
}

/// The chain exactly as sent.
package struct Presented: Sendable, Equatable {
    /// nil for a certificate that could not be decoded.
    package var certificates: [SHA256Digest]
    /// nil when no anchor is known for the chain at all.
    package var complete: Bool?
    package var inOrder: Bool
    package var duplicates: [SHA256Digest] = []
    package var unrelated: [SHA256Digest] = []
    package var missing: [Missing] = []
    package var anchorSent: Bool

    package init(certificates: [SHA256Digest], complete: Bool?, inOrder: Bool, anchorSent: Bool) {
        (self.certificates, self.complete) = (certificates, complete)
        (self.inOrder, self.anchorSent) = (inOrder, anchorSent)
    }

    package struct Missing: Sendable, Equatable {
        /// RFC 4514 text of the issuer that was not sent.
        package var subject: String
        package var sha256: SHA256Digest?
        /// From the AIA extension of the certificate it issued.
        package var url: String?
        package init(subject: String, sha256: SHA256Digest? = nil, url: String? = nil) {
            (self.subject, self.sha256, self.url) = (subject, sha256, url)
        }
    }
}

/// The one thing that alone keeps a path from being trusted, shown by judging again without it.
package struct NearMiss: Sendable {
    package var path: Int
    package var change: Change
    package var check: CheckID
    package var reason: Reason
    package var certificate: SHA256Digest?
    package var message: String

    package init(
        path: Int, change: Change, check: CheckID, reason: Reason, certificate: SHA256Digest?, message: String
    ) {
        (self.path, self.change, self.check, self.reason) = (path, change, check, reason)
        (self.certificate, self.message) = (certificate, message)
    }

    package enum Change: Sendable {
        /// Trusted at this instant.
        case time(Instant)
        /// Trusted without the reference identifiers.
        case name
        /// Trusted for any purpose.
        case purpose
        /// Trusted without `max_depth`.
        case depth
        /// Trusted with this certificate as anchor.
        case anchor(Certificate)

        package var kind: String {
            switch self {
            case .time: "time"
            case .name: "name"
            case .purpose: "purpose"
            case .depth: "depth"
            case .anchor: "anchor"
            }
        }

        /// What it was changed to.
        package var value: String? {
            switch self {
            case .time(let instant): instant.description
            case .anchor(let certificate): certificate.sha256.hex
            case .name, .purpose, .depth: nil
            }
        }
    }
}

package struct Described: Sendable {
    package var certificate: Certificate
    package var role: Role
    package init(_ certificate: Certificate, role: Role) {
        (self.certificate, self.role) = (certificate, role)
    }

    package enum Role: String, Sendable {
        case endEntity = "end_entity"
        case intermediate, anchor, unrelated
    }
}

package struct NotChecked: Sendable, Equatable {
    package var check: String
    package var reason: String
    /// Short prose for the last line of the text.
    package var message: String
    package init(check: String, reason: String, message: String) {
        (self.check, self.reason, self.message) = (check, reason, message)
    }
}
