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

    static let cases = [
        Case(
            testDescription: "plain text after the consent", start: .postgres,
            behaviour: .init(reply: Array("SELECT\u{1b}".utf8)), reason: .injected, presented: "ELECT\\x1b"),
        Case(
            testDescription: "no TLS", start: .postgres, behaviour: .init(reply: Array("N".utf8)),
            reason: .notOffered, presented: "the server answers N"),
        Case(
            testDescription: "garbage", start: .imap, behaviour: .init(greeting: Array("\u{7}x\r\n".utf8)),
            reason: .unexpectedReply, presented: "\\x07x"),
        Case(
            testDescription: "never greets", start: .smtp, behaviour: .init(), reason: .timeout,
            timeout: .milliseconds(300)),
        Case(
            testDescription: "one byte now and then", start: .smtp,
            behaviour: .init(
                reply: nil, after: .drip(Array("220 mx.test\r\n".utf8), every: .milliseconds(100))),
            reason: .timeout, timeout: .milliseconds(500)),
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
        #expect(evidence.failure?.presented == c.presented)
        #expect(evidence.failure?.address == "127.0.0.1")
        #expect(evidence.handshake?.failedAt == .starttls)
        #expect(evidence.handshake?.timings.map(\.phase) == [.connect, .starttls])
        if c.reason == .timeout { #expect(ContinuousClock.now - began < .seconds(10)) }
    }
}
