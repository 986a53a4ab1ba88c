import Certificates

/// A trust anchor as one store holds it.
package struct Anchor: Sendable {
    package let certificate: Certificate
    /// Names of extended key usages for which the store lists it; nil when its list does not say.
    package let purposes: [String]?
    package let conditions: [AnchorCondition]
    /// Whether the client holds the chain to this anchor's own validity, and to its own constraints (extended
    /// key usage, path length, name constraints, critical extensions). Chrome says so of each anchor; nil
    /// when the store does not: then the client's one rule for all anchors holds.
    package let checksDates: Bool?
    package let checksConstraints: Bool?

    package init(
        certificate: Certificate, purposes: [String]? = nil, conditions: [AnchorCondition] = [],
        checksDates: Bool? = nil, checksConstraints: Bool? = nil
    ) {
        (self.certificate, self.purposes, self.conditions) = (certificate, purposes, conditions)
        (self.checksDates, self.checksConstraints) = (checksDates, checksConstraints)
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
