import Egress
import Fixtures
import Reports
import Testing

/// A name server that changes its mind: what was vetted is dialled, and nothing is asked twice.
@Suite(.timeLimit(.minutes(2))) struct RebindingTests {
    private static let loopback: [UInt8] = [127, 0, 0, 1]
    private static let metadata: [UInt8] = [169, 254, 169, 254]

    @Test func theVettedAddressIsDialled() async throws {
        let chain = TestChain()
        let server = try await OpenSSLServer(chain.presented)
        let names = try NameServer(["rebind.test": .inTurn([Self.loopback, Self.metadata])])
        defer { names.stop() }
        let stage = try ProbeStage(servers: names.address)
        let first = await stage.probe("rebind.test", address: nil, port: server.port)
        #expect(first.failure == nil && first.presented == chain.presented.map(\.der))
        #expect(first.handshake?.addressesTried == ["127.0.0.1"])
        // A and AAAA, once each: nobody asked between the check and the connection.
        #expect(names.questions(for: "rebind.test") == 2)
        // The answer had no time to live, so that the next probe learns and refuses the new one.
        let second = await stage.probe("rebind.test", address: nil, port: server.port)
        #expect(second.failure == ProbeFailure(check: .netEgress, reason: .addressRefused))
        #expect(second.handshake == nil)
        #expect(names.questions(for: "rebind.test") == 4)
    }

    /// The retry after a failed connect takes the address that was vetted, too.
    @Test func theRetryAsksNobody() async throws {
        let holder = try PortHolder()
        let names = try NameServer(["rebind.test": .inTurn([Self.loopback, Self.metadata])])
        defer { names.stop() }
        let evidence = try await ProbeStage(servers: names.address)
            .probe("rebind.test", address: nil, port: holder.port)
        #expect(evidence.failure?.reason == .connectionRefused)
        #expect(evidence.handshake?.addressesTried == ["127.0.0.1"])
        #expect(names.questions(for: "rebind.test") == 2)
        withExtendedLifetime(holder) {}
    }

    /// A refused address is not asked for again until it suits.
    @Test func refusedStaysRefused() async throws {
        let names = try NameServer(["rebind.test": .inTurn([Self.metadata, Self.loopback])])
        defer { names.stop() }
        let evidence = try await ProbeStage(servers: names.address)
            .probe("rebind.test", address: nil, port: 443)
        #expect(evidence.failure == ProbeFailure(check: .netEgress, reason: .addressRefused))
        #expect(names.questions(for: "rebind.test") == 2)
    }
}
