import Egress
import Fixtures
import Reports
import Testing

/// Every address of one name within one deadline.
@Suite(.timeLimit(.minutes(2))) struct FleetProbingTests {
    @Test func everyAddress() async throws {
        let (old, new) = (TestChain(), TestChain(key: .rsa(2048)))
        let first = try await OpenSSLServer(old.presented, address: "127.0.0.2")
        let second = try await OpenSSLServer(new.presented, address: "127.0.0.3", port: first.port)
        defer { second.stop() }
        // Nobody listens on the third.
        let hosts = "127.0.0.2 fleet.test\n127.0.0.3 fleet.test\n127.0.0.4 fleet.test\n"
        let prober = try ProbeStage(hosts: hosts).prober
        var endpoint = Endpoint(
            host: .dns(aLabels: "fleet.test", given: "fleet.test"), port: first.port)
        endpoint.isFleet = true
        endpoint.samples = 2
        let members = await prober.probeEach(endpoint, timeout: .seconds(20))
        #expect(
            members.map { $0.handshake?.address }
                == ["127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3", "127.0.0.4", "127.0.0.4"])
        #expect(members.prefix(2).allSatisfy { $0.presented == old.presented.map(\.der) })
        #expect(members[2...3].allSatisfy { $0.presented == new.presented.map(\.der) })
        #expect(members[4...].allSatisfy { $0.failure?.reason == .connectionRefused })
        #expect(members.allSatisfy { $0.addressesLeft == 0 })

        endpoint.isFleet = false
        let alone = await prober.probe(endpoint, timeout: .seconds(20))
        #expect(alone.presented == old.presented.map(\.der) && alone.addressesLeft == 2)
    }

    @Test func aRefusedMemberIsNotDialled() async throws {
        let prober = try ProbeStage(hosts: "127.0.0.2 a.test\n", allowsPrivate: false).prober
        var endpoint = Endpoint(host: .dns(aLabels: "a.test", given: "a.test"), port: 1)
        endpoint.isFleet = true
        let members = await prober.probeEach(endpoint, timeout: .seconds(20))
        #expect(members.map { $0.failure?.reason } == [.addressRefused])
        #expect(members.allSatisfy { $0.handshake == nil && $0.failure?.address == nil })
    }
}
