import Certificates
import Reports

extension ClientRule {
    /// An extendedKeyUsage that lacks the purpose, by what it has instead: any purpose, a server's step-up
    /// of Netscape or Microsoft, or neither. libcrypto refuses the first and the last as
    /// `purpose_not_allowed` and accepts a step-up; a client that tolerates the one may refuse the other.
    static let extendedKeyUsage = ClientRule(
        .clientEKU, "Extended key usage names the purpose itself", .rfc(5280, "4.2.1.12"), .ekuAnyOnly,
        .ekuStepUpOnly, .ekuPurposeAbsent
    ) { context in
        guard let (purpose, name) = wanted(context.purpose) else { return .notApplicable }
        return .of(
            context.path.certificates.indices.compactMap { depth in
                guard let has = context.path.certificates[depth].extensions.extendedKeyUsage,
                    !has.contains(purpose)
                else { return nil }
                let isStepUp = context.purpose == .server && has.contains(where: stepUps.contains)
                return Failure(
                    has.contains(OIDs.anyExtendedKeyUsage)
                        ? .ekuAnyOnly : isStepUp ? .ekuStepUpOnly : .ekuPurposeAbsent,
                    at: depth, expected: name,
                    presented: has.map { OIDs.purposeNames[$0] ?? $0.description }.joined(separator: ", "))
            })
    }

    private static func wanted(_ purpose: Purpose) -> (OID, String)? {
        switch purpose {
        case .server: (OIDs.serverAuth, "serverAuth")
        case .client: (OIDs.clientAuth, "clientAuth")
        case .any: nil
        }
    }

    /// nsSGC and msSGC.
    private static let stepUps: Set<OID> = Set(
        [OIDs.serverGatedCryptoNetscape, OID("1.3.6.1.4.1.311.10.3.3")].compactMap { $0 })
}
