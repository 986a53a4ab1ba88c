import NIOCore

/// All that one handshake showed, also when it failed: whatever arrived before stays.
package struct TLSOutcome: Sendable, Equatable {
    /// DER cut out of the Certificate message, exactly as sent (RFC 8446 §4.4.2, RFC 5246 §7.4.2); also what
    /// libssl cannot decode.
    package var certificates: [[UInt8]] = []
    /// OCSPResponse (RFC 6066 §8), not looked at.
    package var stapledOCSP: [UInt8]?
    /// SignedCertificateTimestampList (RFC 6962 §3.3) from the extension, not looked at.
    package var sctList: [UInt8]?
    /// "TLS 1.0" to "TLS 1.3", from ServerHello on.
    package var protocolVersion: String?
    /// IANA's name of the cipher suite.
    package var cipher: String?
    /// IANA's name of the key exchange group, when one was agreed.
    package var group: String?
    package var alpn: String?
    package var clientCertificate: TLSClientCertificateRequest?
    /// When the handshake was complete on our side.
    package var established: NIODeadline?
    /// Nil when the handshake was completed.
    package var failure: TLSFailure?
    /// It failed over a protocol version, an algorithm or the size of a key: at a lower security level it may
    /// not.
    package var failedOnStrength = false

    package init() {}
}

/// The server asked for a certificate of ours.
package struct TLSClientCertificateRequest: Sendable, Equatable {
    /// The server ended the connection after our empty answer. In TLS 1.3 that shows only after the
    /// handshake.
    package var required: Bool
    /// Ours was sent.
    package var presented = false
    /// The server ended the connection after it.
    package var refused = false
    /// The names of the authorities it takes, RFC 4514 text, in its order.
    package var authorities: [String]

    package init(required: Bool, authorities: [String]) {
        (self.required, self.authorities) = (required, authorities)
    }
}

/// Why a handshake was not completed.
package enum TLSFailure: Error, Sendable, Equatable {
    case timeout
    /// The peer or something between reset the connection.
    case reset
    /// The peer closed without a word.
    case closed
    /// Not a TLS record; the first bytes that came, at most `TLSClientHandler.shownBytes`.
    case notTLS([UInt8])
    /// A fatal alert, by its name in RFC 8446 §6.
    case alert(String)
    /// libssl refused what came; its words.
    case protocolError(String)
    /// An empty certificate list.
    case noCertificate
    /// The Certificate message is larger than `TLSContext.maximumCertificateBytes`.
    case certificatesTooLarge
}

/// What a probe asks of a handshake.
package struct TLSClientOptions: Sendable, Equatable {
    /// Sent as server_name when it can be (RFC 6066 §3: a DNS name, 1 to 255 octets); nil sends none.
    package var serverName: String?
    /// Protocols offered by ALPN (RFC 7301), most wanted first; empty sends no extension.
    package var alpn: [String]
    /// Keys of the server that are taken; nil: any. Some servers also look for it in the signatures of their
    /// chain, for libssl sends no signature_algorithms_cert (RFC 8446 §4.2.3).
    package var keys: KeyFamily?
    /// The highest version offered; nil: the highest there is.
    package var highestVersion: TLSVersion?
    /// Presented when the server asks for one.
    package var identity: ClientIdentity?

    package init(serverName: String? = nil, alpn: [String] = []) {
        (self.serverName, self.alpn) = (serverName, alpn)
    }

    package enum KeyFamily: Sendable { case rsa, ecdsa }
}

/// In order.
package enum TLSVersion: Sendable, CaseIterable { case tls10, tls11, tls12, tls13 }
