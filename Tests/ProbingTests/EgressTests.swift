import Egress
import Fixtures
import Reports
import Testing

/// What the egress policy refuses is never dialled, and the answer does not tell what lies behind.
@Suite(.timeLimit(.minutes(2))) struct EgressTests {
    private static func rule(_ text: String) throws -> EgressRule { try #require(EgressRule(text)) }

    @Test func theSameAnswerWhateverLiesBehind() async throws {
        let peer = try await HostilePeer(.init())
        let holder = try PortHolder()
        let hosts = """
            127.0.0.1 loopback.test
            10.0.0.1 private.test
            169.254.169.254 metadata.test
            ::ffff:127.0.0.1 mapped.test
            """
        let closed = try ProbeStage(hosts: hosts, allowsPrivate: false)
        let first = await closed.probe("loopback.test", address: nil, port: peer.port)
        #expect(first.failure == ProbeFailure(check: .netEgress, reason: .addressRefused))
        #expect(first.handshake == nil && first.addressesLeft == nil)
        for name in ["private.test", "metadata.test", "mapped.test", "loopback.test"] {
            for port in [peer.port, holder.port] {
                #expect(await closed.probe(name, address: nil, port: port) == first, "\(name)")
            }
        }
        // Also when the address is given.
        for address in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "2002:7f00:1::"] {
            #expect(await closed.probe(address: address, port: peer.port) == first, "\(address)")
        }
        // Metadata addresses are refused where everything else is allowed.
        let open = try ProbeStage(hosts: hosts)
        for address in ["169.254.169.254", "::ffff:169.254.169.254", "2001:0:808:808::5601:5601"] {
            #expect(await open.probe(address: address, port: peer.port) == first, "\(address)")
        }
        #expect(await open.probe("metadata.test", address: nil, port: peer.port) == first)
        withExtendedLifetime(holder) {}
    }

    @Test func whatIsAllowed() async throws {
        let chain = TestChain()
        let server = try await OpenSSLServer(chain.presented)
        defer { server.stop() }
        let hosts = "127.0.0.1 a.corp.test\n127.0.0.1 other.test"
        func stage(_ rules: String...) throws -> ProbeStage {
            try ProbeStage(
                hosts: hosts, policy: EgressPolicy(.public, allowed: try rules.map(Self.rule)))
        }
        let byName = try stage("corp.test:\(server.port)")
        #expect(await byName.probe("a.corp.test", address: nil, port: server.port).failure == nil)
        #expect(
            await byName.probe("other.test", address: nil, port: server.port).failure?.check == .netEgress)
        // A name that is allowed lends its right to no other address.
        #expect(await byName.probe("a.corp.test", port: server.port).failure?.check == .netEgress)
        let byBlock = try stage("127.0.0.0/30:\(server.port)")
        #expect(await byBlock.probe(port: server.port).failure == nil)
        #expect(await byBlock.probe(port: server.port ^ 1).failure?.check == .netEgress)
    }

    /// The name server is not even asked.
    @Test func deniedNames() async throws {
        let names = try NameServer(["www.bad.test": .addresses(a: [[127, 0, 0, 1]])])
        defer { names.stop() }
        let stage = try ProbeStage(
            servers: names.address, policy: EgressPolicy(.all, denied: [try Self.rule("bad.test")]))
        for name in ["www.bad.test", "absent.bad.test"] {
            let evidence = await stage.probe(name, address: nil, port: 443)
            #expect(evidence.failure == ProbeFailure(check: .netEgress, reason: .addressRefused))
            #expect(names.questions(for: name) == 0)
        }
    }

    /// One address, one connection at a time: whoever waits in vain is told so by the deadline.
    @Test func busyDestinations() async throws {
        let peer = try await HostilePeer(.init())
        let limits = DestinationLimits(connections: 1, perSecond: 1000, sparesLoopback: false)
        let stage = try ProbeStage(limits: limits)
        async let hung = stage.probe(port: peer.port, timeout: .seconds(2))
        _ = try await peer.heard.get()
        let began = ContinuousClock.now
        let late = await stage.probe(port: peer.port, timeout: .milliseconds(200))
        #expect(late.failure?.check == .netEgress && late.failure?.reason == .destinationBusy)
        #expect(late.failure?.address == "127.0.0.1" && late.handshake?.failedAt == .connect)
        #expect(ContinuousClock.now - began < .seconds(1.5))
        // Another address is not concerned.
        let elsewhere = await stage.probe(address: "127.0.0.2", port: peer.port, timeout: .seconds(20))
        #expect(elsewhere.failure?.reason == .connectionRefused)
        #expect(await hung.failure?.reason == .timeout)
        // The place is free again once the first connection is closed.
        let next = await stage.probe(port: peer.port, timeout: .milliseconds(300))
        #expect(next.failure?.check == .netHandshake && next.failure?.reason == .timeout)
    }
}
