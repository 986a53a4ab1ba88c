import COpenSSL
import Certificates

/// Why bytes are not a CRL.
package enum CRLError: Error, Equatable, Sendable {
    case malformed
    case trailingBytes
}

/// A CRL (RFC 5280 §5), immutable. The only owner of an `X509_CRL*`.
package final class CRL: Sendable {
    package let sha256: SHA256Digest
    /// RFC 5280 §5.2.3 demands a CRL number.
    package let hasNumber: Bool
    nonisolated(unsafe) private let crl: OpaquePointer

    package init(der: [UInt8]) throws(CRLError) {
        defer { ERR_clear_error() }
        var consumed = 0
        let decoded: OpaquePointer? = der.withUnsafeBufferPointer { buffer in
            var at = buffer.baseAddress
            let result = d2i_X509_CRL(nil, &at, buffer.count)
            if let at, let start = buffer.baseAddress { consumed = at - start }
            return result
        }
        guard let decoded else { throw .malformed }
        crl = decoded
        sha256 = SHA256Digest(of: der)
        hasNumber = X509_CRL_get_ext_by_NID(decoded, NID_crl_number, -1) >= 0
        guard consumed == der.count else { throw .trailingBytes }
    }

    deinit { X509_CRL_free(crl) }

    /// Lends libcrypto's object; it must not be kept or changed.
    package func withCRL<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
        try withExtendedLifetime(self) { try body(crl) }
    }

    /// A certificate of this subject may have issued it. A CRL that no candidate signed is a stranger's.
    package func isNamed(as issuer: Certificate) -> Bool {
        withCRL { crl in
            issuer.withX509 { X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name($0)) == 0 }
        }
    }

    /// Its signature verifies under this certificate's key; nothing else is looked at.
    package func isSigned(by issuer: Certificate) -> Bool {
        guard issuer.isKeyDecodable else { return false }
        defer { ERR_clear_error() }
        return withCRL { crl in
            issuer.withX509 { X509_CRL_verify(crl, X509_get0_pubkey($0)) == 1 }
        }
    }

    /// The name of its issuer is that of the certificate's issuer.
    package func isIssuer(of certificate: Certificate) -> Bool {
        withCRL { crl in
            certificate.withX509 { X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name($0)) == 0 }
        }
    }

    /// nextUpdate is that very second: inclusive here, as notAfter is; libcrypto calls it expired.
    package func endsExactly(at instant: Instant) -> Bool {
        withCRL { crl in
            guard let next = X509_CRL_get0_nextUpdate(crl) else { return false }
            return ASN1_TIME_cmp_time_t(next, time_t(instant.seconds)) == 0
        }
    }
}
