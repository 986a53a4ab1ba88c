/// SMTP (RFC 3207) and LMTP (RFC 2033 §4.1, which says LHLO).
struct SMTPDialogue: StartTLSDialogue {
    private enum State { case greeting, hello, consent, ready }
    /// EHLO or LHLO.
    let greeting: String
    private var state = State.greeting

    init(greeting: String) { self.greeting = greeting }

    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep {
        if state == .ready { return .ready }
        guard let (code, lines) = try received.reply() else { return .wait }
        let said = "\(code) \(lines.last ?? "")"
        switch (state, code) {
        case (.greeting, 220):
            state = .hello
            // RFC 2606 §2: a name that is nobody's.
            return .line("\(greeting) catenary.invalid")
        case (.hello, 250):
            let offered = lines.dropFirst().contains {
                $0.uppercased().split(separator: " ").first == "STARTTLS"
            }
            guard offered else { throw .notOffered("no STARTTLS after \(greeting)") }
            state = .consent
            return .line("STARTTLS")
        case (.hello, 500...502):
            // No extensions at all.
            throw .notOffered(said)
        case (.consent, 220):
            state = .ready
            return .ready
        case (.consent, 400...599): throw .notOffered(said)
        default: throw .unexpectedReply(said)
        }
    }
}
