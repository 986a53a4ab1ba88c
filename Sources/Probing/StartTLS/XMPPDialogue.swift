/// XMPP (RFC 6120 §5.4), streams of clients and of servers. Looks for the few elements it needs and parses no
/// XML beyond that.
struct XMPPDialogue: StartTLSDialogue {
    private enum State { case start, features, consent, ready }
    private var state = State.start
    private let header: String

    /// - Parameter name: which domain is meant; the server picks its certificate by it.
    init(namespace: String, to name: String) {
        let domain = name.filter { !"<>&'\"".contains($0) }
        header =
            "<?xml version='1.0'?><stream:stream to='\(domain)' xmlns='\(namespace)'"
            + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>"
    }

    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep {
        switch state {
        case .start:
            state = .features
            return .say(Array(header.utf8))
        case .ready: return .ready
        case .features, .consent: break
        }
        let text = received.text
        if let first = text.first(where: { !$0.isWhitespace }), first != "<" {
            throw .unexpectedReply(ProbeText.shown(received.bytes))
        }
        if text.contains("<stream:error") || text.contains("</stream:stream") {
            throw .unexpectedReply(String(text.suffix(ReceivedBytes.shown)))
        }
        if state == .features {
            let end = text.firstRange(of: "</stream:features>") ?? text.firstRange(of: "<stream:features/>")
            guard let end else { return .wait }
            guard text[..<end.lowerBound].contains("<starttls") else {
                throw .notOffered("no starttls among the stream features")
            }
            _ = received.take(text[..<end.upperBound].utf8.count)
            state = .consent
            return .say(Array("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>".utf8))
        }
        if text.contains("<failure") { throw .notOffered("the server answers failure") }
        guard let begin = text.firstRange(of: "<proceed"),
            let close = text[begin.upperBound...].firstIndex(of: ">")
        else { return .wait }
        var end = text.index(after: close)
        if text[text.index(before: close)] != "/" {
            guard let tag = text[end...].firstRange(of: "</proceed>") else { return .wait }
            end = tag.upperBound
        }
        _ = received.take(text[..<end].utf8.count)
        state = .ready
        return .ready
    }
}
