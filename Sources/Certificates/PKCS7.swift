import COpenSSL

/// Why bytes are not a PKCS#7 bag of certificates.
package enum PKCS7Error: Error, Equatable, Sendable {
    case malformed
    case trailingBytes
    /// Another content type than SignedData.
    case notSignedData
}

/// A degenerate SignedData that carries certificates (RFC 2315 §9, `.p7b`).
package enum PKCS7 {
    /// The DER of each certificate, in the order of the bag.
    package static func certificates(der: [UInt8]) throws(PKCS7Error) -> [[UInt8]] {
        defer { ERR_clear_error() }
        var consumed = 0
        let decoded = der.withUnsafeBufferPointer { buffer -> UnsafeMutablePointer<COpenSSL.PKCS7>? in
            var at = buffer.baseAddress
            let start = at
            let result = d2i_PKCS7(nil, &at, buffer.count)
            if let start, let at { consumed = at - start }
            return result
        }
        guard let decoded else { throw .malformed }
        defer { PKCS7_free(decoded) }
        guard consumed == der.count else { throw .trailingBytes }
        guard let stack = catenary_PKCS7_certs(decoded) else { throw .notSignedData }
        return (0..<catenary_sk_X509_num(stack)).compactMap { index in
            guard let x509 = catenary_sk_X509_value(stack, index) else { return nil }
            var out: UnsafeMutablePointer<UInt8>?
            let length = i2d_X509(x509, &out)
            guard length > 0, let out else { return nil }
            defer { catenary_OPENSSL_free(out) }
            return Array(UnsafeBufferPointer(start: out, count: Int(length)))
        }
    }
}
