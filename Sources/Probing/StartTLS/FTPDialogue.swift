/// FTP (RFC 4217 §4): AUTH TLS is tried without asking for the features first.
struct FTPDialogue: StartTLSDialogue {
    private enum State { case greeting, consent, ready }
    private var state = State.greeting

    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep {
        if state == .ready { return .ready }
        while let (code, lines) = try received.reply() {
            let said = "\(code) \(lines.last ?? "")"
            switch (state, code) {
            // RFC 959 §5.4: the service will be ready in some minutes; the greeting follows.
            case (.greeting, 120): break
            case (.greeting, 220):
                state = .consent
                return .line("AUTH TLS")
            case (.consent, 234):
                state = .ready
                return .ready
            case (.consent, 400...599): throw .notOffered(said)
            default: throw .unexpectedReply(said)
            }
        }
        return .wait
    }
}
