import Certificates

/// Certificates by the hash of their canonical subject, so that an issuer is found without comparing all of
/// them.
package struct IssuerIndex: Sendable {
    private var bySubject: [UInt: [Certificate]] = [:]
    private var digests: Set<SHA256Digest> = []

    package init(_ certificates: some Sequence<Certificate> = []) {
        for certificate in certificates { insert(certificate) }
    }

    /// A certificate that is already there is not added again.
    @discardableResult
    package mutating func insert(_ certificate: Certificate) -> Bool {
        guard digests.insert(certificate.sha256).inserted else { return false }
        bySubject[certificate.subjectHash, default: []].append(certificate)
        return true
    }

    package var count: Int { digests.count }

    package func contains(_ digest: SHA256Digest) -> Bool { digests.contains(digest) }

    /// Those whose subject is the issuer of `child` (`X509_NAME_cmp`, RFC 5280 §7.1), in order of insertion.
    package func issuers(of child: Certificate) -> [Certificate] {
        (bySubject[child.issuerHash] ?? []).filter { $0.subjectMatches(issuerOf: child) }
    }
}
