/// Protocols in which a plain-text dialogue comes before TLS.
package enum StartTLS: String, Sendable, Hashable, CaseIterable {
    case smtp, lmtp, imap, pop3, ftp, nntp, sieve, ldap, xmpp
    case xmppServer = "xmpp-server"
    case postgres, mysql

    /// IANA's port of the protocol, taken when the request names none.
    package var port: UInt16 {
        switch self {
        case .smtp: 25
        case .lmtp: 24
        case .imap: 143
        case .pop3: 110
        case .ftp: 21
        case .nntp: 119
        case .sieve: 4190
        case .ldap: 389
        case .xmpp: 5222
        case .xmppServer: 5269
        case .postgres: 5432
        case .mysql: 3306
        }
    }

    /// The protocol that a port stands for when nothing else is said; nil means TLS at once.
    package static func implied(by port: UInt16) -> StartTLS? {
        // 587: message submission (RFC 6409 §3.1).
        port == 587 ? .smtp : allCases.first { $0.port == port }
    }
}

/// How TLS begins, when the request says so.
package enum TransportStart: Sendable, Equatable {
    case tlsAtOnce
    case startTLS(StartTLS)

    /// The option's value: a protocol, or `none`.
    package init?(option text: String) {
        if text == "none" {
            self = .tlsAtOnce
        } else if let startTLS = StartTLS(rawValue: text) {
            self = .startTLS(startTLS)
        } else {
            return nil
        }
    }

    package var startTLS: StartTLS? {
        if case .startTLS(let startTLS) = self { startTLS } else { nil }
    }
}

/// The scheme of a target and what follows from it.
package struct TargetScheme: Sendable, Equatable {
    package let start: TransportStart
    package let port: UInt16

    /// Ports of protocols that begin with TLS, by scheme.
    private static let atOnce: [String: UInt16] = [
        "https": 443, "smtps": 465, "imaps": 993, "pop3s": 995, "ldaps": 636, "ftps": 990, "nntps": 563,
        "xmpps": 5223,
    ]

    /// Without regard to case; nil for a scheme that is not known.
    package init?(_ text: some StringProtocol) {
        let name = text.lowercased()
        if let port = Self.atOnce[name] {
            (start, self.port) = (.tlsAtOnce, port)
        } else if let startTLS = StartTLS(rawValue: name) {
            (start, port) = (.startTLS(startTLS), startTLS.port)
        } else {
            return nil
        }
    }
}
