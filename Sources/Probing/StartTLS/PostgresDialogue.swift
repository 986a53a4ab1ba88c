/// PostgreSQL's SSLRequest (its documentation, "Message Flow", "SSL Session Encryption").
struct PostgresDialogue: StartTLSDialogue {
    private enum State { case start, consent, ready }
    private var state = State.start

    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep {
        switch state {
        case .start:
            state = .consent
            // Length 8, then the code 80877103.
            return .say([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])
        case .ready: return .ready
        case .consent: break
        }
        switch received.bytes.first {
        case nil: return .wait
        case UInt8(ascii: "S"):
            _ = received.take(1)
            state = .ready
            return .ready
        case UInt8(ascii: "N"): throw .notOffered("the server answers N")
        default: throw .unexpectedReply(ProbeText.shown(received.bytes))
        }
    }
}
