import COpenSSL

/// Why a PEM holds no usable private key.
package enum PrivateKeyError: Error, Equatable, Sendable {
    case absent
    /// Encrypted, damaged, or of an algorithm that libcrypto does not know.
    case undecodable
}

/// A private key is read only to see whose it is, and is freed before this returns.
package enum PrivateKey {
    /// The SubjectPublicKeyInfo (DER) that belongs to the first private key of a PEM.
    package static func publicKeyInfo(pem: [UInt8]) throws(PrivateKeyError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard !pem.isEmpty, let bio = BIO_new_mem_buf(pem, Int32(clamping: pem.count)) else { throw .absent }
        defer { BIO_free(bio) }
        // A callback that offers no passphrase: never ask on the terminal.
        guard let key = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil) else {
            let text = String(decoding: pem, as: UTF8.self)
            throw text.contains("PRIVATE KEY-----") ? .undecodable : .absent
        }
        defer { EVP_PKEY_free(key) }
        var out: UnsafeMutablePointer<UInt8>?
        let length = i2d_PUBKEY(key, &out)
        guard length > 0, let out else { throw .undecodable }
        defer { catenary_OPENSSL_free(out) }
        return Array(UnsafeBufferPointer(start: out, count: Int(length)))
    }
}
