import COpenSSL

/// A certificate of ours with its key, presented to servers that ask for one (RFC 8446 §4.4.2). The key stays
/// in libcrypto's hands; nothing prints it.
package final class ClientIdentity: Sendable, Equatable {
    package enum Failure: Error, Sendable, Equatable {
        case noCertificate
        /// There is no private key in the PEM, or it is encrypted.
        case noKey
        case keyMismatch
        /// libssl does not take it: a key that is too small, for one. With its words.
        case refused(String)
    }

    nonisolated(unsafe) private let certificate: OpaquePointer
    nonisolated(unsafe) private let key: OpaquePointer
    nonisolated(unsafe) private let chain: OpaquePointer?

    /// - Parameters:
    ///   - certificates: PEM; the client's own first, then what is sent after it.
    ///   - key: PEM, not encrypted.
    package init(certificates: [UInt8], key: [UInt8]) throws(Failure) {
        ERR_clear_error()
        let file = BIO_new_mem_buf(certificates, Int32(certificates.count))
        defer { BIO_free(file) }
        guard let own = PEM_read_bio_X509(file, nil, noPassword, nil) else { throw .noCertificate }
        let keyFile = BIO_new_mem_buf(key, Int32(key.count))
        defer { BIO_free(keyFile) }
        guard let pair = PEM_read_bio_PrivateKey(keyFile, nil, noPassword, nil) else {
            X509_free(own)
            throw .noKey
        }
        let chain = catenary_sk_X509_new()
        while let next = PEM_read_bio_X509(file, nil, noPassword, nil) {
            if catenary_sk_X509_push(chain, next) <= 0 { X509_free(next) }
        }
        (certificate, self.key, self.chain) = (own, pair, chain)
        guard X509_check_private_key(own, pair) == 1 else { throw .keyMismatch }
        ERR_clear_error()
        guard let ssl = TLSContext()?.makeSSL() else { throw .refused("no memory") }
        defer { SSL_free(ssl) }
        guard use(by: ssl) else {
            let text = ERR_reason_error_string(ERR_get_error())
            throw .refused(text.map { String(cString: $0) } ?? "unknown")
        }
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
        catenary_sk_X509_pop_free(chain)
    }

    package static func == (a: ClientIdentity, b: ClientIdentity) -> Bool { a === b }

    /// libssl takes references of its own.
    func use(by ssl: OpaquePointer) -> Bool { SSL_use_cert_and_key(ssl, certificate, key, chain, 1) == 1 }
}

/// Never asks on the terminal.
private func noPassword(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int32, _ isWriting: Int32,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 { -1 }
