/// LDAP (RFC 4511 §4.14).
struct LDAPDialogue: StartTLSDialogue {
    private enum State { case start, consent, ready }
    private var state = State.start

    /// LDAPMessage { messageID 1, ExtendedRequest { requestName 1.3.6.1.4.1.1466.20037 } } in BER.
    private static let request: [UInt8] =
        [0x30, 0x1d, 2, 1, 1, 0x77, 0x18, 0x80, 0x16] + Array("1.3.6.1.4.1.1466.20037".utf8)

    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep {
        switch state {
        case .start:
            state = .consent
            return .say(Self.request)
        case .ready: return .ready
        case .consent: break
        }
        guard let tag = received.bytes.first else { return .wait }
        guard tag == 0x30 else { throw .unexpectedReply(ProbeText.shown(received.bytes)) }
        guard let message = Self.element(received.bytes[...]) else { return .wait }
        let whole = Array(received.bytes[..<message.endIndex])
        // messageID 1, then ExtendedResponse [APPLICATION 24] beginning with resultCode ENUMERATED.
        guard message.starts(with: [2, 1, 1, 0x78]), let response = Self.element(message.dropFirst(3)),
            response.starts(with: [0x0a, 1]), let result = response.dropFirst(2).first
        else { throw .unexpectedReply(ProbeText.shown(whole)) }
        _ = received.take(whole.count)
        guard result == 0 else { throw .notOffered("LDAP result code \(result)") }
        state = .ready
        return .ready
    }

    /// The contents of the first element, in definite form; nil until it is whole.
    private static func element(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let lengthAt = bytes.startIndex + 1
        guard lengthAt < bytes.endIndex else { return nil }
        var length = Int(bytes[lengthAt])
        var start = lengthAt + 1
        if length > 0x80 {
            // More than four octets would be above any bound on a dialogue.
            let octets = min(length - 0x80, 4)
            guard start + octets <= bytes.endIndex else { return nil }
            length = bytes[start..<start + octets].reduce(0) { $0 << 8 | Int($1) }
            start += octets
        }
        guard bytes.endIndex - start >= length else { return nil }
        return bytes[start..<start + length]
    }
}
