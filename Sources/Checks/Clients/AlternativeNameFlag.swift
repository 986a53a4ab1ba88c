import Certificates
import Reports

extension ClientRule {
    /// RFC 5280 §4.2.1.6: with an empty subject the SAN is critical. Chromium and the JDK insist; a critical
    /// SAN beside a subject, which the profile calls by the same reason, they accept (ran).
    static let subjectAltName = ClientRule(
        .clientSubjectAltName, "Beside an empty subject the names are critical", .rfc(5280, "4.2.1.6"),
        .sanNotCritical
    ) { context in
        .of(
            context.path.belowAnchor.compactMap { depth in
                let certificate = context.path.certificates[depth]
                guard certificate.subject.isEmpty,
                    certificate.extensions[OIDs.subjectAltName]?.critical == false
                else { return nil }
                return Failure(.sanNotCritical, at: depth, expected: "critical", presented: "not critical")
            })
    }
}
