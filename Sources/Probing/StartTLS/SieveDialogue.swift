/// ManageSieve (RFC 5804 §2.2): the greeting lists the capabilities.
struct SieveDialogue: StartTLSDialogue {
    private enum State { case greeting, consent, ready }
    private var state = State.greeting
    private var offered = false

    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep {
        if state == .ready { return .ready }
        while let line = try received.line() {
            let start = String(line.uppercased().prefix { $0 != " " && $0 != "(" })
            switch (state, start) {
            case (.greeting, "\"STARTTLS\""): offered = true
            case (.greeting, _) where start.hasPrefix("\""): break
            case (.greeting, "OK"):
                guard offered else { throw .notOffered("no STARTTLS among the capabilities") }
                state = .consent
                return .line("STARTTLS")
            case (.consent, "OK"):
                state = .ready
                return .ready
            case (.consent, "NO"): throw .notOffered(line)
            default: throw .unexpectedReply(line)
            }
        }
        return .wait
    }
}
