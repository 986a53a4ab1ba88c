import Reports

/// The plain-text dialogue before a handshake: a state machine without a socket.
protocol StartTLSDialogue: Sendable {
    /// Called at the start, after each `say`, and whenever more has been received; takes what it understands.
    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep
}

enum StartTLSStep: Equatable {
    case wait
    case say([UInt8])
    /// The next byte in either direction is TLS.
    case ready

    static func line(_ text: String) -> StartTLSStep { .say(Array((text + "\r\n").utf8)) }
}

/// Why no handshake could begin.
enum StartTLSFailure: Error, Equatable {
    /// The server does not have it, or has it switched off; its words.
    case notOffered(String)
    /// Not what the protocol lets a server say here; what it said.
    case unexpectedReply(String)
    /// Bytes in plain text after the server's consent: they would count as if they had come through TLS.
    case injected(String)
    case closed
    case reset
    case timeout
}

extension StartTLS {
    /// - Parameter name: the domain an XMPP stream is opened to.
    func dialogue(to name: String) -> any StartTLSDialogue {
        switch self {
        case .smtp: SMTPDialogue(greeting: "EHLO")
        case .lmtp: SMTPDialogue(greeting: "LHLO")
        case .imap: IMAPDialogue()
        case .pop3: POP3Dialogue()
        case .ftp: FTPDialogue()
        case .nntp: NNTPDialogue()
        case .sieve: SieveDialogue()
        case .ldap: LDAPDialogue()
        case .xmpp: XMPPDialogue(namespace: "jabber:client", to: name)
        case .xmppServer: XMPPDialogue(namespace: "jabber:server", to: name)
        case .postgres: PostgresDialogue()
        case .mysql: MySQLDialogue()
        }
    }
}
