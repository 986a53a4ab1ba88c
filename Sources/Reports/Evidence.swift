import Certificates

/// What was seen, as bytes: certificates exactly as sent, never sorted, never parsed here.
package struct Evidence: Sendable, Equatable {
    /// Certificates as DER in the order presented; for PEM input in the order of the input.
    package var presented: [[UInt8]] = []
    /// In a handshake the first certificate is the end entity; in posted input it is found (see Validation).
    package var source: Source = .posted
    package var handshake: Handshake?
    /// OCSPResponse as stapled (RFC 6066 §8), not judged here.
    package var stapledOCSP: [UInt8]?
    /// SignedCertificateTimestampList from the TLS extension (RFC 6962 §3.3).
    package var sctList: [UInt8]?
    /// Issuers, OCSP responses and CRLs asked for because of what was presented, in the order asked.
    package var fetched: [Fetched] = []
    /// How the connection failed, if it did; a chain may be there all the same.
    package var failure: ProbeFailure?
    /// Addresses of the name that nobody asked; nil when not known.
    package var addressesLeft: Int?

    package enum Source: Sendable, Equatable { case posted, handshake }

    package init() {}
}

/// What is known of the connection; present whenever one was tried.
package struct Handshake: Sendable, Equatable {
    /// "TLS 1.0" to "TLS 1.3", known from ServerHello on.
    package var protocolVersion: String?
    package var cipher: String?
    package var group: String?
    package var alpn: String?
    /// The address of the last attempt, as dialled, and the SNI sent with it.
    package var address: String?
    package var sni: String?
    /// Milliseconds by phase, in order: resolve, connect, starttls, handshake.
    package var timings: [Timing] = []
    package var failedAt: Phase?
    package var addressesTried: [String] = []
    /// `host:port` of the HTTP proxy in between.
    package var proxy: String?
    /// Nil: the server asked for none.
    package var clientCertificate: ClientCertificateRequest?
    /// The name of the pair that would be presented.
    package var clientCertificateName: String?
    /// Set when libssl's own security level did not do: how the attempt before this one failed.
    package var firstAttempt: FailedAttempt?

    package enum Phase: String, Sendable { case resolve, connect, starttls, handshake }

    package init() {}
}

/// An attempt at libssl's own security level that failed over a protocol version, an algorithm or the size of
/// a key, where another at level 0 got further.
package struct FailedAttempt: Sendable, Equatable {
    package var protocolVersion: String?
    package var reason: Reason
    /// The alert's name or libssl's words.
    package var presented: String?

    package init(protocolVersion: String?, reason: Reason, presented: String?) {
        (self.protocolVersion, self.reason, self.presented) = (protocolVersion, reason, presented)
    }
}

/// How long one phase took.
package struct Timing: Sendable, Equatable {
    package var phase: Handshake.Phase
    package var milliseconds: Double

    package init(phase: Handshake.Phase, milliseconds: Double) {
        (self.phase, self.milliseconds) = (phase, milliseconds)
    }
}

/// The server asked for a client certificate (RFC 8446 §4.3.2, RFC 5246 §7.4.4).
package struct ClientCertificateRequest: Sendable, Equatable {
    /// The handshake or the first read after it was refused for want of one.
    package var required: Bool
    /// Distinguished names as RFC 4514 text.
    package var authorities: [String]
    /// The one named in the request was sent.
    package var presented = false
    /// The server ended the connection after it.
    package var refused = false

    package init(required: Bool, authorities: [String]) {
        (self.required, self.authorities) = (required, authorities)
    }
}

/// Why no (whole) handshake came about: one `net.*` check, one reason, and the peer's own words.
package struct ProbeFailure: Sendable, Equatable {
    package var check: CheckID
    package var reason: Reason
    /// What was seen: the alert's name, the first bytes of a plain-text answer, errno's text.
    package var presented: String?
    package var address: String?

    package init(check: CheckID, reason: Reason, presented: String? = nil, address: String? = nil) {
        (self.check, self.reason, self.presented, self.address) = (check, reason, presented, address)
    }
}
