/// XMPP (RFC 6120 §5.4), streams of clients and of servers. Looks for the few elements it needs and parses no
/// XML beyond that.
struct XMPPDialogue: StartTLSDialogue {
    private enum State { case start, features, consent, ready }
    private var state = State.start
    /// Something of the server's turn has been seen, and it begins as XML does.
    private var isXML = false
    private var offered = false
    private var proceeding = false
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
        if !isXML, let first = received.bytes.first(where: { !Self.whitespace.contains($0) }) {
            guard first == UInt8(ascii: "<") else { throw .unexpectedReply(ProbeText.shown(received.bytes)) }
            isXML = true
        }
        // Text before a tag is taken with it.
        while let bytes = received.take(through: UInt8(ascii: ">")) {
            let tag = String(decoding: bytes, as: UTF8.self)
            if tag.contains("<stream:error") || tag.contains("</stream:stream") {
                let rest = String(decoding: received.bytes.prefix(ReceivedBytes.shown), as: UTF8.self)
                throw .unexpectedReply(tag + rest)
            }
            if let step = try state == .features ? feature(tag) : answer(tag) { return step }
        }
        return .wait
    }

    private static let whitespace: [UInt8] = [0x20, 0x09, 0x0d, 0x0a]

    private mutating func feature(_ tag: String) throws(StartTLSFailure) -> StartTLSStep? {
        if tag.contains("<starttls") { offered = true }
        let isEmpty = tag.contains("<stream:features") && tag.hasSuffix("/>")
        guard isEmpty || tag.contains("</stream:features") else { return nil }
        guard offered else { throw .notOffered("no starttls among the stream features") }
        (state, isXML) = (.consent, false)
        return .say(Array("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>".utf8))
    }

    private mutating func answer(_ tag: String) throws(StartTLSFailure) -> StartTLSStep? {
        if tag.contains("<failure") { throw .notOffered("the server answers failure") }
        if tag.contains("<proceed") { proceeding = true }
        guard proceeding, tag.hasSuffix("/>") || tag.contains("</proceed") else { return nil }
        state = .ready
        return .ready
    }
}
