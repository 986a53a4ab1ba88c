/// IMAP (RFC 9051 §6.2.1).
struct IMAPDialogue: StartTLSDialogue {
    private enum State { case greeting, capabilities, consent, ready }
    private var state = State.greeting
    private var offered = false

    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep {
        if state == .ready { return .ready }
        while let line = try received.line() {
            let words = line.uppercased().split(separator: " ").map(String.init)
            let start = words.prefix(2).joined(separator: " ")
            switch (state, start) {
            case (.greeting, "* OK"):
                state = .capabilities
                return .line("a CAPABILITY")
            // Already authenticated: STARTTLS is no longer allowed.
            case (.greeting, "* PREAUTH"): throw .notOffered(line)
            case (.capabilities, "* CAPABILITY"): offered = words.contains("STARTTLS")
            case (.capabilities, "A OK"):
                guard offered else { throw .notOffered("no STARTTLS among the capabilities") }
                state = .consent
                return .line("b STARTTLS")
            case (.consent, "B OK"):
                state = .ready
                return .ready
            case (.consent, "B NO"), (.consent, "B BAD"): throw .notOffered(line)
            case (.greeting, _), (_, "* BYE"): throw .unexpectedReply(line)
            case (_, _) where words.first == "*": break
            default: throw .unexpectedReply(line)
            }
        }
        return .wait
    }
}
