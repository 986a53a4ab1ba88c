import COpenSSL

/// One `SSL_CTX` for all probes, never one per connection (165 µs). It verifies nothing and builds no chain:
/// whoever judges wants the certificates of broken servers too.
package final class TLSContext: Sendable {
    /// Which algorithms libssl refuses by itself (SSL_CTX_set_security_level(3)).
    package enum SecurityLevel: Sendable {
        /// libssl's own default.
        case standard
        /// Level 0, for a second look at servers that know only TLS 1.0, short keys or SHA-1.
        case lowest
    }

    /// Bytes of one Certificate message: five hundred certificates of 2 kB. libssl's own cap, 100 kB, drops
    /// chains that are long but real.
    package static let maximumCertificateBytes = 1 << 20

    nonisolated(unsafe) private let context: OpaquePointer

    /// Nil when libssl cannot make a context, which is for want of memory or a broken system configuration.
    package init?(securityLevel: SecurityLevel = .standard) {
        ERR_clear_error()
        guard let context = catenary_client_context(LeanLibrary.context) else { return nil }
        self.context = context
        if securityLevel == .lowest {
            SSL_CTX_set_security_level(context, 0)
            // Whatever was built in but anonymous key exchange, which shows no certificate.
            SSL_CTX_set_cipher_list(context, "ALL:!aNULL:!PSK:!SRP:@SECLEVEL=0")
            // Even at level 0 libssl refuses Diffie-Hellman below 1024 bits.
            SSL_CTX_set_security_callback(context, allowEverything)
            // Without ffdhe groups: a server that knows RFC 7919 and has only its own group would refuse.
            catenary_ctx_set_groups(context, "X25519:P-256:X448:P-521:P-384:P-224:P-192")
        }
        catenary_ctx_set_min_version(context, TLS1_VERSION)
        catenary_ctx_set_max_cert_list(context, Self.maximumCertificateBytes)
        catenary_ctx_prepare_probing(context)
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
        SSL_CTX_set_cert_verify_callback(context, acceptAnyChain, nil)
        SSL_CTX_set_msg_callback(context, messageSeen)
        let places = UInt32(SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO | SSL_EXT_TLS1_3_CERTIFICATE)
        // Without a callback that adds, libssl sends the extension empty, as RFC 6962 §3.3.1 wants.
        let added = SSL_CTX_add_custom_ext(
            context, UInt32(TLSEXT_TYPE_signed_certificate_timestamp), places, nil, nil, nil, timestampsSeen,
            nil)
        guard added == 1 else {
            SSL_CTX_free(context)
            return nil
        }
    }

    deinit { SSL_CTX_free(context) }

    /// A connection's `SSL*`, to be freed by whoever asked; nil for want of memory.
    func makeSSL() -> OpaquePointer? { SSL_new(context) }
}

private func allowEverything(
    _ ssl: OpaquePointer?, _ context: OpaquePointer?, _ operation: Int32, _ bits: Int32, _ number: Int32,
    _ other: UnsafeMutableRawPointer?, _ argument: UnsafeMutableRawPointer?
) -> Int32 { 1 }

private func acceptAnyChain(_ store: OpaquePointer?, _ argument: UnsafeMutableRawPointer?) -> Int32 { 1 }
