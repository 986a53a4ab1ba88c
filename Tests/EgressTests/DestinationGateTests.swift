import Testing

@testable import Egress

@Suite(.timeLimit(.minutes(1))) struct DestinationGateTests {
    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text: text)) }

    @Test func connectionsAtOnce() async throws {
        let gate = DestinationGate(DestinationLimits(connections: 2, perSecond: 1000))
        let (here, there) = (try address("192.0.2.1"), try address("192.0.2.2"))
        let soon = ContinuousClock.now + .milliseconds(100)
        #expect(await gate.enter(here, by: soon))
        #expect(await gate.enter(here, by: soon))
        // The third waits in vain, as does one whose deadline is over at once; another address is free.
        #expect(await !gate.enter(here, by: .now))
        #expect(await gate.enter(there, by: soon))
        #expect(await !gate.enter(here, by: soon))
        #expect(ContinuousClock.now >= soon)
        gate.leave(here)
        #expect(await gate.enter(here, by: .now + .seconds(20)))
    }

    @Test func thoseThatWaitComeInTurn() async throws {
        let gate = DestinationGate(DestinationLimits(connections: 1, perSecond: 1000))
        let here = try address("192.0.2.1")
        #expect(await gate.enter(here, by: .now + .seconds(20)))
        async let second = gate.enter(here, by: .now + .seconds(20))
        async let third = gate.enter(here, by: .now + .seconds(20))
        gate.leave(here)
        gate.leave(here)
        #expect(await second)
        gate.leave(here)
        #expect(await third)
    }

    /// One second's worth begins at once, then one each tenth of a second.
    @Test func connectionsInASecond() throws {
        let limits = DestinationLimits(connections: 1000, perSecond: 10)
        let (here, now) = (try address("192.0.2.1"), ContinuousClock.now)
        var state = DestinationGate.State()
        state.destinations[here] = DestinationGate.Destination(due: now)
        for _ in 0...10 { #expect(state.reserve(here, now: now, limits, by: now) == now) }
        // Too late for some, who then take nothing.
        #expect(state.reserve(here, now: now, limits, by: now + .milliseconds(99)) == nil)
        for tenths in 1...3 {
            let start = state.reserve(here, now: now, limits, by: now + .seconds(1))
            #expect(start == now + .milliseconds(100 * tenths))
        }
        let later = now + .seconds(10)
        for _ in 0...10 { #expect(state.reserve(here, now: later, limits, by: later) == later) }
    }

    @Test func whoeverIsTooFastWaits() async throws {
        let gate = DestinationGate(DestinationLimits(connections: 1000, perSecond: 1))
        let (here, began) = (try address("192.0.2.1"), ContinuousClock.now)
        for _ in 0..<3 { #expect(await gate.enter(here, by: began + .seconds(20))) }
        #expect(ContinuousClock.now >= began + .seconds(1))
    }

    @Test func loopbackIsSparedByDefault() async throws {
        let gate = DestinationGate(DestinationLimits(connections: 1, perSecond: 1))
        for text in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"] {
            for _ in 0..<5 { #expect(await gate.enter(try address(text), by: .now)) }
        }
        #expect(gate.count == 0)
    }

    /// Idle addresses are forgotten.
    @Test func memoryIsBounded() async throws {
        let gate = DestinationGate(DestinationLimits(connections: 1, perSecond: 1_000_000))
        for index in 0..<5000 {
            let here = try #require(IPAddress(octets: [192, 0, UInt8(index >> 8), UInt8(index & 255)]))
            #expect(await gate.enter(here, by: .now + .seconds(20)))
            gate.leave(here)
        }
        #expect(gate.count <= 1024)
    }
}
