/// NNTP (RFC 4642 §2.2).
struct NNTPDialogue: StartTLSDialogue {
    private enum State { case greeting, capabilityReply, capabilities, consent, ready }
    private var state = State.greeting
    private var offered = false

    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep {
        if state == .ready { return .ready }
        while let line = try received.line() {
            let code = String(line.prefix(3))
            switch (state, code) {
            // 201: posting is not allowed.
            case (.greeting, "200"), (.greeting, "201"):
                state = .capabilityReply
                return .line("CAPABILITIES")
            case (.capabilityReply, "101"): state = .capabilities
            case (.capabilityReply, "500"), (.capabilityReply, "501"):
                // A server older than RFC 3977.
                state = .consent
                return .line("STARTTLS")
            case (.capabilities, _) where line == ".":
                guard offered else { throw .notOffered("no STARTTLS among the capabilities") }
                state = .consent
                return .line("STARTTLS")
            case (.capabilities, _): offered = offered || line.uppercased() == "STARTTLS"
            case (.consent, "382"):
                state = .ready
                return .ready
            case (.consent, _) where code.hasPrefix("5"): throw .notOffered(line)
            default: throw .unexpectedReply(line)
            }
        }
        return .wait
    }
}
