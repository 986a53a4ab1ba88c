import Fixtures
import NIOCore
import Reports
import Testing

/// Peers that do it wrong: each ends by the deadline with a reason of its own.
@Suite(.timeLimit(.minutes(2))) struct HostilePeerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var behaviour: HostilePeer.Behaviour
        var reason: Reason
        var presented: String?
        /// Only where the answer is that time is over.
        var timeout = Duration.seconds(20)
    }

    /// HelloRequest (RFC 5246 §7.4.1.1), which a client in mid-handshake ignores, two thousand in one record.
    static let helloRequests: [UInt8] = [22, 3, 3, 0x1f, 0x40] + [UInt8](repeating: 0, count: 8000)
    /// A ServerHello of TLS 1.2 for ECDHE-RSA-AES128-GCM-SHA256 without session or extensions.
    static let serverHello: [UInt8] =
        [2, 0, 0, 38, 3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0xc0, 0x2f, 0]

    static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [type, 3, 3, UInt8(body.count >> 8), UInt8(body.count & 0xff)] + body
    }

    static let cases = [
        Case(
            testDescription: "never answers", behaviour: .init(), reason: .timeout,
            timeout: .milliseconds(300)),
        Case(
            testDescription: "closes at once", behaviour: .init(reply: nil, after: .closeOutput),
            reason: .connectionClosed),
        Case(
            testDescription: "closes after the ClientHello", behaviour: .init(after: .closeOutput),
            reason: .connectionClosed),
        Case(testDescription: "resets", behaviour: .init(after: .reset), reason: .connectionReset),
        Case(
            testDescription: "HTTP", behaviour: .init(reply: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
            reason: .notTLS, presented: "HTTP/1.1 400 Bad Request\\r\\n\\r\\n"),
        Case(
            testDescription: "a greeting in plain text",
            behaviour: .init(greeting: Array("220 mail.test ESMTP\r\n".utf8)), reason: .notTLS,
            presented: "220 mail.test ESMTP\\r\\n"),
        Case(
            testDescription: "bytes that would harm a terminal",
            behaviour: .init(reply: [0x1b, 0x5b, 0x32, 0x4a, 0xff, 0x5c]), reason: .notTLS,
            presented: "\\x1b[2J\\xff\\\\"),
        Case(
            testDescription: "SSL 2.0", behaviour: .init(reply: [0x80, 0x03, 0, 0, 1]), reason: .notTLS,
            presented: "\\x80\\x03\\x00\\x00\\x01"),
        Case(
            testDescription: "alert at once", behaviour: .init(reply: record(21, [2, 40])),
            reason: .alertReceived,
            presented: "handshake_failure"),
        Case(
            testDescription: "unrecognized_name", behaviour: .init(reply: record(21, [2, 112])),
            reason: .alertReceived, presented: "unrecognized_name"),
        Case(
            testDescription: "an alert without a name", behaviour: .init(reply: record(21, [2, 200])),
            reason: .alertReceived, presented: "alert_200"),
        Case(
            testDescription: "one byte now and then",
            behaviour: .init(after: .drip(record(22, serverHello), every: .milliseconds(100))),
            reason: .timeout,
            timeout: .milliseconds(500)),
        Case(
            testDescription: "endless handshake", behaviour: .init(after: .flood(helloRequests)),
            reason: .protocolError, presented: "more than 2097152 bytes of handshake"),
        Case(
            testDescription: "a cipher suite that was not offered",
            behaviour: .init(reply: record(22, Array(serverHello.dropLast(3)) + [0, 0, 0])),
            reason: .protocolError,
            presented: "unknown cipher returned"),
        Case(
            testDescription: "an empty certificate list",
            behaviour: .init(reply: record(22, serverHello + [11, 0, 0, 3, 0, 0, 0])),
            reason: .noCertificate),
        Case(
            testDescription: "a Certificate message of sixteen megabytes is announced",
            behaviour: .init(
                reply: record(22, serverHello + [11, 0xff, 0xff, 0xff]),
                after: .flood(record(22, [UInt8](repeating: 0, count: 8000)))),
            reason: .certificatesTooLarge),
        Case(
            testDescription: "closes after ServerHello",
            behaviour: .init(reply: record(22, serverHello), after: .closeOutput), reason: .connectionClosed),
    ]

    @Test(arguments: cases) func hostile(_ c: Case) async throws {
        let peer = try await HostilePeer(c.behaviour)
        let began = ContinuousClock.now
        let evidence = try await ProbeStage().probe(port: peer.port, timeout: c.timeout)
        let waited = ContinuousClock.now - began
        #expect(evidence.failure?.check == .netHandshake)
        #expect(evidence.failure?.reason == c.reason)
        if c.reason != .protocolError || c.presented != nil {
            #expect(evidence.failure?.presented == c.presented)
        }
        #expect(evidence.failure?.address == "127.0.0.1")
        #expect(evidence.presented.isEmpty)
        #expect(evidence.handshake?.failedAt == .handshake)
        #expect(evidence.handshake?.timings.map(\.phase) == [.connect, .handshake])
        if c.reason == .timeout { #expect(waited >= c.timeout && waited < .seconds(10)) }
    }

    /// A reset that comes before our first octets is told by the kernel to whichever call is next:
    /// connecting, writing, or reading, which may see no more than the end.
    @Test func resetsAtOnce() async throws {
        let peer = try await HostilePeer(.init(reply: nil, after: .reset))
        let failure = try await ProbeStage().probe(port: peer.port, timeout: .seconds(8)).failure
        let told: [(CheckID, Reason)] = [
            (.netConnect, .connectionReset), (.netHandshake, .connectionReset),
            (.netHandshake, .connectionClosed),
        ]
        #expect(
            told.contains { failure?.check == $0 && failure?.reason == $1 }, "\(String(describing: failure))")
        #expect(failure?.address == "127.0.0.1")
    }

    @Test("a certificate that libssl cannot decode is brought home all the same") func undecodable()
        async throws
    {
        let junk: [UInt8] = [0x30, 3, 1, 1, 0xff]
        let message: [UInt8] = [11, 0, 0, 11, 0, 0, 8, 0, 0, 5] + junk
        let peer = try await HostilePeer(.init(reply: Self.record(22, Self.serverHello + message)))
        let evidence = try await ProbeStage().probe(port: peer.port)
        #expect(evidence.presented == [junk])
        #expect(evidence.failure?.reason == .protocolError)
        #expect(evidence.handshake?.protocolVersion == "TLS 1.2")
        #expect(evidence.handshake?.cipher == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
    }

    /// RFC 5246 §7.4.2: the message with one certificate.
    private static func certificateMessage(_ der: [UInt8]) -> [UInt8] {
        func counted(_ bytes: [UInt8]) -> [UInt8] {
            [UInt8(bytes.count >> 16), UInt8(bytes.count >> 8 & 0xff), UInt8(bytes.count & 0xff)] + bytes
        }
        return [11] + counted(counted(counted(der)))
    }

    @Test("a server that asks for another handshake for ever, after its chain") func renegotiation()
        async throws
    {
        let der = TestChain(key: .rsa(2048)).leaf.der
        let flight = Self.record(22, Self.serverHello + Self.certificateMessage(der))
        let peer = try await HostilePeer(.init(reply: flight, after: .flood(Self.helloRequests)))
        let evidence = try await ProbeStage().probe(port: peer.port)
        #expect(evidence.presented == [der])
        #expect(evidence.failure?.reason == .protocolError)
        #expect(evidence.failure?.presented == "more than 2097152 bytes of handshake")
        #expect(evidence.handshake?.failedAt == .handshake)
    }

    @Test("the chain stays when an alert follows it") func alertAfterCertificate() async throws {
        let der = TestChain(key: .rsa(2048)).leaf.der
        let message = Self.certificateMessage(der)
        let peer = try await HostilePeer(
            .init(reply: Self.record(22, Self.serverHello + message) + Self.record(21, [2, 80])))
        let evidence = try await ProbeStage().probe(port: peer.port)
        #expect(evidence.presented == [der])
        #expect(evidence.failure?.reason == .alertReceived && evidence.failure?.presented == "internal_error")
    }

    @Test("a hundred hung peers cost one time-out") func many() async throws {
        let peer = try await HostilePeer(.init())
        let stage = try ProbeStage()
        let began = ContinuousClock.now
        let timedOut = await withTaskGroup(of: Reason?.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    await stage.probe(port: peer.port, timeout: .milliseconds(500)).failure?.reason
                }
            }
            return await group.reduce(into: 0) { $0 += $1 == .timeout ? 1 : 0 }
        }
        #expect(timedOut == 100)
        #expect(ContinuousClock.now - began < .seconds(15))
    }
}
