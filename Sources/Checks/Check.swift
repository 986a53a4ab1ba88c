import Certificates
import PathBuilding
import Reports

/// One rule: what it is called, where it stands, and how it is decided. A check judges one path and knows
/// nothing of stores; libcrypto's own rules have no body here, their failures come through `LibcryptoTable`.
package struct Check: Sendable {
    package let id: CheckID
    package let title: String
    package let kind: Kind
    package let severity: Severity
    package let reference: Reference
    /// The profiles that ask for it.
    package let profiles: Set<Profile>
    /// Of a rule by date; empty for one that always holds.
    package let stages: [Stage]
    package let evaluate: (@Sendable (PathContext) -> Outcome)?

    package init(
        id: CheckID, title: String, kind: Kind, reference: Reference, severity: Severity = .error,
        profiles: Set<Profile> = [.webpki, .rfc5280], stages: [Stage] = [],
        _ evaluate: (@Sendable (PathContext) -> Outcome)? = nil
    ) {
        (self.id, self.title, self.kind, self.severity) = (id, title, kind, severity)
        (self.reference, self.profiles, self.evaluate) = (reference, profiles, evaluate)
        self.stages = stages
    }
}

/// Where a rule is written.
package enum Reference: Sendable, Equatable, CustomStringConvertible {
    case rfc(Int, String)
    /// CA/Browser Forum, TLS Baseline Requirements.
    case baseline(String)
    /// The policy of a root programme.
    case program(String)
    case catenary(String)

    package var description: String {
        switch self {
        case .rfc(let number, let section): "RFC \(number) \(section)"
        case .baseline(let section): "CA/Browser Forum TLS BR \(section)"
        case .program(let text), .catenary(let text): text
        }
    }
}

/// What a check is given.
package struct PathContext: Sendable {
    package let path: CandidatePath
    package let at: Instant
    package let names: [ReferenceIdentifier]
    package let purpose: Purpose
    package let profile: Profile
    package let cache: CertificateCache
    /// The path ends at an anchor of a shipped public store.
    package var isPublic = false

    package init(
        path: CandidatePath, at: Instant, names: [ReferenceIdentifier], purpose: Purpose, profile: Profile,
        cache: CertificateCache
    ) {
        (self.path, self.at, self.names) = (path, at, names)
        (self.purpose, self.profile, self.cache) = (purpose, profile, cache)
    }

    package var leaf: Certificate { path.leaf }

    /// The certificate of a lone anchor is an end entity, too, and is judged as one.
    package func place(_ depth: Int) -> Place {
        if depth == 0 { return .leaf }
        return path.end == .anchor && depth == path.certificates.count - 1 ? .anchor : .intermediate
    }
}

package enum Outcome: Sendable, Equatable {
    case passed
    case notApplicable
    case failed([Failure])

    /// Passed when nothing failed.
    package static func of(_ failures: [Failure]) -> Outcome {
        failures.isEmpty ? .passed : .failed(failures)
    }
    package static func failed(
        _ reason: Reason, at depth: Int, expected: String? = nil, presented: String? = nil
    )
        -> Outcome
    {
        .failed([Failure(reason, at: depth, expected: expected, presented: presented)])
    }
}

/// What failed, where, and both sides of the comparison.
package struct Failure: Sendable, Equatable {
    package var reason: Reason
    /// 0 is the end entity.
    package var depth: Int
    package var status: Status
    package var expected: String?
    package var presented: String?
    package var native: Native?
    /// Whose rule it is, where that is not the certificate's own place: a client may ignore the anchor's.
    package var place: Place?
    /// Since when the rule holds that it breaks; nil: always.
    package var effectiveFrom: Instant?

    package init(
        _ reason: Reason, at depth: Int, status: Status = .failed, expected: String? = nil,
        presented: String? = nil,
        native: Native? = nil
    ) {
        (self.reason, self.depth, self.status) = (reason, depth, status)
        (self.expected, self.presented, self.native) = (expected, presented, native)
    }
}

extension Check {
    package func finding(_ failure: Failure, in context: PathContext) -> Finding {
        let depth = min(max(failure.depth, 0), context.path.certificates.count - 1)
        let certificate = context.path.certificates[depth]
        let place = failure.place ?? context.place(depth)
        let text = ReasonText.of(failure.reason)
        var finding = Finding(
            check: id, kind: kind, status: failure.status, reason: failure.reason,
            severity: severity(at: place, failure.status),
            message: text.message(
                certificate.subject.display, expected: failure.expected, presented: failure.presented),
            certificate: certificate.sha256, place: place, expected: failure.expected,
            presented: failure.presented,
            reference: reference.description, native: failure.native, fix: text.fix)
        finding.effectiveFrom = failure.effectiveFrom
        return finding
    }

    /// A profile finding at the anchor informs: no operator can change a public root. What could not be
    /// established informs, too.
    private func severity(at place: Place, _ status: Status) -> Severity {
        if status == .notEstablished { return .info }
        return kind == .profile && place == .anchor ? .info : severity
    }
}
