import COpenSSL
import NIOCore

/// An `SSL*` between two memory BIOs: bytes in, bytes out, no socket. Confined to one event loop.
final class TLSConnection {
    enum Progress: Equatable {
        /// Nothing more to do until the peer sends something.
        case needsBytes
        case done
        case failed(TLSFailure)
    }

    private let ssl: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    fileprivate(set) var messages = HandshakeMessages()
    private var failedOnStrength = false

    /// Nil for want of memory.
    init?(context: TLSContext, options: TLSClientOptions) {
        ERR_clear_error()
        guard let ssl = context.makeSSL() else { return nil }
        let input = catenary_memory_bio()
        let output = catenary_memory_bio()
        guard let input, let output else {
            BIO_free(input)
            BIO_free(output)
            SSL_free(ssl)
            return nil
        }
        (self.ssl, self.input, self.output) = (ssl, input, output)
        SSL_set_bio(ssl, input, output)
        SSL_set_connect_state(ssl)
        let me = Unmanaged.passUnretained(self).toOpaque()
        catenary_set_message_argument(ssl, me)
        SSL_set_ex_data(ssl, 0, me)
        catenary_request_ocsp(ssl)
        if let name = options.serverName, (1...255).contains(name.utf8.count), !name.utf8.contains(0) {
            _ = catenary_set_server_name(ssl, name)
        }
        let protocols = options.alpn.map { Array($0.utf8) }.filter { (1...255).contains($0.count) }
            .flatMap { [UInt8($0.count)] + $0 }
        if !protocols.isEmpty { _ = SSL_set_alpn_protos(ssl, protocols, UInt32(protocols.count)) }
        if let keys = options.keys {
            SSL_set_cipher_list(ssl, keys.cipherSuites)
            _ = catenary_set_signature_algorithms(ssl, keys.signatureAlgorithms)
        }
        if let version = options.highestVersion { _ = catenary_set_max_version(ssl, version.number) }
        if let identity = options.identity, !identity.use(by: ssl) { return nil }
    }

    deinit { SSL_free(ssl) }

    func feed(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        BIO_write(input, base, Int32(bytes.count))
    }

    /// Bytes that must go to the peer, alerts included; nil when there are none.
    func drain(_ allocator: ByteBufferAllocator) -> ByteBuffer? {
        let pending = BIO_ctrl_pending(output)
        guard pending > 0 else { return nil }
        var buffer = allocator.buffer(capacity: pending)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: pending) { space in
            Int(max(0, BIO_read(output, space.baseAddress, Int32(pending))))
        }
        return buffer
    }

    func handshake() -> Progress {
        ERR_clear_error()
        let status = SSL_do_handshake(ssl)
        return status == 1 ? .done : progress(status)
    }

    /// Reads after the handshake: `done` when application data came.
    func read() -> Progress {
        ERR_clear_error()
        var byte: UInt8 = 0
        let count = SSL_read(ssl, &byte, 1)
        return count > 0 ? .done : progress(count)
    }

    /// Says goodbye (RFC 8446 §6.1); the answer is not awaited.
    func closeNotify() {
        ERR_clear_error()
        _ = SSL_shutdown(ssl)
    }

    private func progress(_ status: Int32) -> Progress {
        switch SSL_get_error(ssl, status) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: .needsBytes
        case SSL_ERROR_ZERO_RETURN: .failed(.closed)
        default: .failed(failure())
        }
    }

    private func failure() -> TLSFailure {
        if let alert = messages.alert {
            failedOnStrength = TLSAlert.aboutStrength.contains(alert)
            return .alert(TLSAlert.name(alert))
        }
        if messages.certificates?.isEmpty == true { return .noCertificate }
        let error = ERR_get_error()
        failedOnStrength = Self.aboutStrength.contains(catenary_error_reason(error))
        if catenary_error_reason(error) == SSL_R_EXCESSIVE_MESSAGE_SIZE, SSL_get_state(ssl) == TLS_ST_CR_CERT
        {
            return .certificatesTooLarge
        }
        guard let text = ERR_reason_error_string(error) else { return .protocolError("unknown") }
        return .protocolError(String(cString: text))
    }
}

extension TLSConnection {
    /// libssl's words for what its security level, or the versions enabled, do not allow (sslerr.h).
    private static let aboutStrength: Set<Int32> = [
        SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_SSL_VERSION, SSL_R_VERSION_TOO_LOW,
        SSL_R_DH_KEY_TOO_SMALL, SSL_R_EE_KEY_TOO_SMALL, SSL_R_CA_KEY_TOO_SMALL, SSL_R_CA_MD_TOO_WEAK,
        SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED, SSL_R_WRONG_SIGNATURE_TYPE, SSL_R_WRONG_CURVE,
        SSL_R_WRONG_CIPHER_RETURNED, SSL_R_UNKNOWN_CIPHER_RETURNED, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM,
        SSL_R_NO_PROTOCOLS_AVAILABLE,
    ]

    /// What is known by now.
    var outcome: TLSOutcome {
        var outcome = TLSOutcome()
        outcome.failedOnStrength = failedOnStrength
        outcome.certificates = messages.certificates ?? []
        outcome.sctList = messages.sctList
        outcome.protocolVersion = messages.versionName
        if let cipher = SSL_get_current_cipher(ssl) ?? SSL_get_pending_cipher(ssl),
            let name = SSL_CIPHER_standard_name(cipher)
        {
            outcome.cipher = String(cString: name)
        }
        if SSL_get_session(ssl) != nil, let name = catenary_group_name(ssl) {
            outcome.group = String(cString: name)
        }
        var bytes: UnsafePointer<UInt8>?
        let stapled = catenary_stapled_ocsp(ssl, &bytes)
        if stapled > 0, let bytes {
            outcome.stapledOCSP = Array(UnsafeBufferPointer(start: bytes, count: stapled))
        }
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &bytes, &length)
        if length > 0, let bytes {
            outcome.alpn = String(
                decoding: UnsafeBufferPointer(start: bytes, count: Int(length)), as: UTF8.self)
        }
        if messages.certificateRequested {
            var request = TLSClientCertificateRequest(required: false, authorities: authorities)
            request.presented = messages.certificateSent
            outcome.clientCertificate = request
        }
        return outcome
    }

    /// libssl caps the message that carries them at 16 kB, which bounds their number.
    private var authorities: [String] {
        let names = SSL_get0_peer_CA_list(ssl)
        return (0..<catenary_name_count(names)).compactMap { index in
            guard let name = catenary_name_at(names, index), let text = catenary_memory_bio() else {
                return nil
            }
            defer { BIO_free(text) }
            guard catenary_name_print(text, name) == 0 else { return nil }
            var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(text))
            let count = BIO_read(text, &bytes, Int32(bytes.count))
            return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
        }
    }
}

extension TLSClientOptions.KeyFamily {
    /// For TLS 1.2 and before, where the cipher suite says what kind of key signs.
    fileprivate var cipherSuites: String {
        switch self {
        case .rsa: "DEFAULT:!aECDSA:!aDSS:!PSK:!SRP"
        case .ecdsa: "DEFAULT:!aRSA:!aDSS:!PSK:!SRP"
        }
    }

    fileprivate var signatureAlgorithms: String {
        switch self {
        case .rsa:
            "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:rsa_pss_pss_sha256:"
                + "rsa_pss_pss_sha384:rsa_pss_pss_sha512:RSA+SHA256:RSA+SHA384:RSA+SHA512"
        case .ecdsa: "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448"
        }
    }
}

extension TLSVersion {
    fileprivate var number: Int32 {
        switch self {
        case .tls10: TLS1_VERSION
        case .tls11: TLS1_1_VERSION
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }
}

// C functions, called by libssl on the event loop that drives the connection.

func messageSeen(
    _ sent: Int32, _ version: Int32, _ contentType: Int32, _ bytes: UnsafeRawPointer?, _ count: Int,
    _ ssl: OpaquePointer?, _ argument: UnsafeMutableRawPointer?
) {
    guard let argument, let bytes else { return }
    let connection = Unmanaged<TLSConnection>.fromOpaque(argument).takeUnretainedValue()
    let message = UnsafeRawBufferPointer(start: bytes, count: count)
    if contentType == SSL3_RT_HANDSHAKE { connection.messages.sawHandshake(message, sent: sent == 1) }
    if contentType == SSL3_RT_ALERT, sent == 0 { connection.messages.sawAlert(message) }
}

func timestampsSeen(
    _ ssl: OpaquePointer?, _ type: UInt32, _ context: UInt32, _ bytes: UnsafePointer<UInt8>?, _ count: Int,
    _ certificate: OpaquePointer?, _ index: Int, _ alert: UnsafeMutablePointer<Int32>?,
    _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    // In TLS 1.3 every certificate may carry the extension; those of the end entity count.
    guard let ssl, let bytes, index == 0, let pointer = SSL_get_ex_data(ssl, 0) else { return 1 }
    let connection = Unmanaged<TLSConnection>.fromOpaque(pointer).takeUnretainedValue()
    connection.messages.sctList = Array(UnsafeBufferPointer(start: bytes, count: count))
    return 1
}
