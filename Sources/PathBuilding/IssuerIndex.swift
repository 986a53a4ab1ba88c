import Certificates

/// Certificates by the hash of their canonical subject, so that an issuer is found without comparing all of
/// them.
package struct IssuerIndex: Sendable {
    private var bySubject: [UInt: [Certificate]] = [:]
    /// With the place of each in the order of insertion.
    private var digests: [SHA256Digest: Int] = [:]

    package init(_ certificates: some Sequence<Certificate> = []) {
        for certificate in certificates { insert(certificate) }
    }

    /// A certificate that is already there is not added again.
    @discardableResult
    package mutating func insert(_ certificate: Certificate) -> Bool {
        guard digests[certificate.sha256] == nil else { return false }
        digests[certificate.sha256] = digests.count
        bySubject[certificate.subjectHash, default: []].append(certificate)
        return true
    }

    package var count: Int { digests.count }

    package func contains(_ digest: SHA256Digest) -> Bool { digests[digest] != nil }

    /// Those whose subject is the issuer of `child` (`X509_NAME_cmp`, RFC 5280 §7.1), in order of insertion.
    /// `limit`: what was inserted later is not there.
    package func issuers(of child: Certificate, amongFirst limit: Int = .max) -> [Certificate] {
        (bySubject[child.issuerHash] ?? []).filter {
            $0.subjectMatches(issuerOf: child) && (count <= limit || digests[$0.sha256] ?? 0 < limit)
        }
    }
}
