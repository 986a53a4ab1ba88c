import Certificates

/// One check's answer that a person or a program should know of.
package struct Finding: Sendable, Equatable {
    package var check: CheckID
    package var kind: Kind
    package var status: Status
    package var reason: Reason
    package var severity: Severity
    /// Free prose; machines read the codes.
    package var message: String
    package var certificate: SHA256Digest?
    /// Where on the path the certificate stands.
    package var place: Place?
    /// Index into the report's paths.
    package var path: Int?
    package var store: String?
    package var address: String?
    package var expected: String?
    package var presented: String?
    /// The rule's source: "RFC 5280 4.2.1.9".
    package var reference: String
    package var effectiveFrom: Instant?
    /// libcrypto's own verdict, when it has one.
    package var native: Native?
    package var fix: Fix?

    package init(
        check: CheckID, kind: Kind, status: Status = .failed, reason: Reason, severity: Severity,
        message: String,
        certificate: SHA256Digest? = nil, place: Place? = nil, expected: String? = nil,
        presented: String? = nil,
        reference: String, native: Native? = nil, fix: Fix? = nil
    ) {
        (self.check, self.kind, self.status, self.reason) = (check, kind, status, reason)
        (self.severity, self.message, self.certificate, self.place) = (severity, message, certificate, place)
        (self.expected, self.presented, self.reference) = (expected, presented, reference)
        (self.native, self.fix) = (native, fix)
    }
}

/// What a check decides (DESIGN: four kinds of check).
package enum Kind: String, Sendable { case path, client, profile, presentation }

package enum Status: String, Sendable {
    case passed, failed
    case notApplicable = "not_applicable"
    case notEstablished = "not_established"
}

package enum Severity: String, Sendable, Comparable {
    case info, warning, error

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .error: 2
        }
    }
    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}

/// Where on a path a certificate stands; clients tolerate other reasons at other places.
package enum Place: String, Sendable, Hashable { case leaf, intermediate, anchor }

/// An X509_V_ERR number and its symbolic name.
package struct Native: Sendable, Equatable {
    package var code: Int32
    package var name: String
    package init(code: Int32, name: String) { (self.code, self.name) = (code, name) }
}

/// What to do about a finding: a stable action and a sentence.
package struct Fix: Sendable, Equatable {
    package var action: Action
    package var text: String
    package init(_ action: Action, _ text: String) { (self.action, self.text) = (action, text) }

    package enum Action: String, Sendable, CaseIterable {
        case renew, reissue, reorder, wait
        case sendIntermediate = "send_intermediate"
        case removeCertificate = "remove_certificate"
        case changeName = "change_name"
        case addAnchor = "add_anchor"
        case checkServer = "check_server"
        case checkRequest = "check_request"
        case checkClock = "check_clock"
    }
}
