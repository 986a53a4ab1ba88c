import Certificates

/// A trust anchor as one store holds it.
package struct Anchor: Sendable {
    package let certificate: Certificate
    /// Names of extended key usages for which the store lists it; nil when its list does not say.
    package let purposes: [String]?
    package let conditions: [AnchorCondition]

    package init(certificate: Certificate, purposes: [String]? = nil, conditions: [AnchorCondition] = []) {
        (self.certificate, self.purposes, self.conditions) = (certificate, purposes, conditions)
    }
}

/// What else a store demands of a chain that ends at an anchor. Carried, not evaluated yet: a report must
/// list it under "not checked".
package enum AnchorCondition: Sendable, Equatable {
    /// End entities whose notBefore is later are refused (Mozilla's `CKA_NSS_SERVER_DISTRUST_AFTER`).
    case distrustAfter(Instant)
    /// A kind or a member that this program does not know: never skipped, the store's answer cannot be
    /// established.
    case notUnderstood(type: String)

    package var type: String {
        switch self {
        case .distrustAfter: "distrust_after"
        case .notUnderstood(let type): type
        }
    }
}

/// One subject with one key (RFC 4158 §5.2), whatever the certificate: what anchors are matched by. Subjects
/// compare as RFC 5280 §7.1 says, keys as bytes of the SubjectPublicKeyInfo.
package struct Entity: Hashable, Sendable {
    let certificate: Certificate

    package init(_ certificate: Certificate) { self.certificate = certificate }

    package static func == (a: Entity, b: Entity) -> Bool { a.certificate.isSameEntity(as: b.certificate) }
    package func hash(into hasher: inout Hasher) { hasher.combine(certificate.subjectHash) }
}
