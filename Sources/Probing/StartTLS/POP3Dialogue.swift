/// POP3 (RFC 2595 §4).
struct POP3Dialogue: StartTLSDialogue {
    private enum State { case greeting, capabilityReply, capabilities, consent, ready }
    private var state = State.greeting
    private var offered = false

    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep {
        if state == .ready { return .ready }
        while let line = try received.line() {
            switch state {
            case .greeting:
                guard line.hasPrefix("+OK") else { throw .unexpectedReply(line) }
                state = .capabilityReply
                return .line("CAPA")
            case .capabilityReply:
                if line.hasPrefix("+OK") {
                    state = .capabilities
                } else if line.hasPrefix("-ERR") {
                    // A server older than CAPA (RFC 2449) may know STLS all the same.
                    state = .consent
                    return .line("STLS")
                } else {
                    throw .unexpectedReply(line)
                }
            case .capabilities where line == ".":
                guard offered else { throw .notOffered("no STLS among the capabilities") }
                state = .consent
                return .line("STLS")
            case .capabilities: offered = offered || line.uppercased() == "STLS"
            case .consent:
                if line.hasPrefix("-ERR") { throw .notOffered(line) }
                guard line.hasPrefix("+OK") else { throw .unexpectedReply(line) }
                state = .ready
                return .ready
            case .ready: return .ready
            }
        }
        return .wait
    }
}
