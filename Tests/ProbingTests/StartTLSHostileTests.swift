import NIOCore
import Probing
import Reports
import Testing

/// Peers that misbehave before TLS: each ends by the deadline with a reason of `net.starttls`.
@Suite(.timeLimit(.minutes(2))) struct StartTLSHostileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var start: StartTLS
        var behaviour: HostilePeer.Behaviour
        var reason: Reason
        var presented: String?
        var timeout = Duration.seconds(20)
    }

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let cases = [
        Case(
            testDescription: "plain text after the consent", start: .postgres,
            behaviour: .init(reply: Array("SELECT\u{1b}".utf8)), reason: .injected, presented: "ELECT\\x1b"),
        Case(
            testDescription: "a command after smtp's consent", start: .smtp,
            behaviour: .init(
                greeting: bytes("220 mx.test\r\n"), reply: bytes("250-mx.test\r\n250 STARTTLS\r\n"),
                later: [bytes("220 go ahead\r\n250 OK\r\n")]),
            reason: .injected, presented: "250 OK\\r\\n"),
        Case(
            testDescription: "half a line after imap's consent", start: .imap,
            behaviour: .init(
                greeting: bytes("* OK ready\r\n"),
                reply: bytes("* CAPABILITY IMAP4rev1 STARTTLS\r\na OK done\r\n"),
                later: [bytes("b OK begin\r\n* PREAUTH")]),
            reason: .injected, presented: "* PREAUTH"),
        Case(
            testDescription: "a stanza after xmpp's consent", start: .xmpp,
            behaviour: .init(
                reply: bytes("<stream:stream><stream:features><starttls/></stream:features>"),
                later: [bytes("<proceed/><message>hello</message>")]),
            reason: .injected, presented: "<message>hello</message>"),
        Case(
            testDescription: "endless lines", start: .smtp,
            behaviour: .init(reply: nil, after: .flood(bytes("220-welcome\r\n"))), reason: .unexpectedReply,
            presented: "more than 65536 bytes before the handshake"),
        Case(
            testDescription: "endless capabilities", start: .imap,
            behaviour: .init(greeting: bytes("* OK ready\r\n"), after: .flood(bytes("* X\r\n"))),
            reason: .unexpectedReply, presented: "more than 65536 bytes before the handshake"),
        Case(
            testDescription: "endless features", start: .xmpp,
            behaviour: .init(after: .flood(bytes("<stream:features><x>"))), reason: .unexpectedReply,
            presented: "more than 65536 bytes before the handshake"),
        Case(
            testDescription: "a message that never ends", start: .ldap,
            behaviour: .init(reply: [0x30, 0x84, 0x7f, 0xff, 0xff, 0xff], after: .flood([0x04])),
            reason: .unexpectedReply),
        Case(
            testDescription: "a packet of sixteen megabytes", start: .mysql,
            behaviour: .init(reply: nil, after: .flood([0xff, 0xff, 0xff, 0, 10])), reason: .unexpectedReply),
        Case(
            testDescription: "no TLS", start: .postgres, behaviour: .init(reply: Array("N".utf8)),
            reason: .notOffered, presented: "the server answers N"),
        Case(
            testDescription: "garbage", start: .imap, behaviour: .init(greeting: Array("\u{7}x\r\n".utf8)),
            reason: .unexpectedReply, presented: "\\x07x"),
        Case(
            testDescription: "never greets", start: .smtp, behaviour: .init(), reason: .timeout,
            timeout: .seconds(3)),
        Case(
            testDescription: "one byte now and then", start: .smtp,
            behaviour: .init(
                reply: nil, after: .drip(Array("220 mx.test\r\n".utf8), every: .seconds(1))),
            reason: .timeout, timeout: .seconds(3)),
        Case(
            testDescription: "an endless line", start: .pop3,
            behaviour: .init(reply: nil, after: .flood([UInt8](repeating: 0x61, count: 1000))),
            reason: .unexpectedReply, presented: "a line of more than 8192 bytes"),
        Case(
            testDescription: "closes", start: .ldap, behaviour: .init(after: .closeOutput),
            reason: .connectionClosed),
    ]

    @Test(arguments: cases) func hostile(_ c: Case) async throws {
        let peer = try await HostilePeer(c.behaviour)
        let began = ContinuousClock.now
        let endpoint = Endpoint(
            host: .dns(aLabels: "server.test", given: "server.test"), port: peer.port, address: "127.0.0.1",
            startTLS: c.start)
        let evidence = try await ProbeStage().prober.probe(endpoint, timeout: c.timeout)
        #expect(evidence.failure?.check == .netStartTLS && evidence.failure?.reason == c.reason)
        if let presented = c.presented { #expect(evidence.failure?.presented == presented) }
        #expect(evidence.failure?.address == "127.0.0.1")
        #expect(evidence.handshake?.failedAt == .starttls)
        #expect(evidence.handshake?.timings.map(\.phase) == [.connect, .starttls])
        if c.reason == .timeout { #expect(ContinuousClock.now - began < .seconds(10)) }
    }
}
