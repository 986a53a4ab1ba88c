import Synchronization

/// How hard one address may be probed, whoever asks and for however many names.
package struct DestinationLimits: Sendable, Equatable {
    /// Connections at once: half of what the listen queue of an older Linux holds (128 before 5.4).
    package var connections: Int
    /// New connections a second: an RSA handshake costs a server about a millisecond of one core, so this is
    /// a tenth of one.
    package var perSecond: Int
    /// Loopback is this host itself, which nobody needs to be protected from.
    package var sparesLoopback: Bool

    package init(connections: Int = 64, perSecond: Int = 100, sparesLoopback: Bool = true) {
        (self.connections, self.perSecond, self.sparesLoopback) = (connections, perSecond, sparesLoopback)
    }
}

/// Lets connections to one address begin one after another, so that `DestinationLimits` hold. Those that wait
/// come in the order in which they asked.
package final class DestinationGate: Sendable {
    struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Bool, Never>
        let expiry: Task<Void, Never>
    }

    struct Destination {
        var open = 0
        var waiting: [Waiter] = []
        /// When the next connection would be due at an even pace (the generic cell rate algorithm).
        var due: ContinuousClock.Instant

        func isIdle(at now: ContinuousClock.Instant) -> Bool { open == 0 && waiting.isEmpty && due <= now }
    }

    struct State {
        var destinations: [IPAddress: Destination] = [:]
        var lastID = 0
        /// Idle ones are dropped when there are so many.
        var sweepAt = 1024
    }

    package let limits: DestinationLimits
    private let state = Mutex(State())

    package init(_ limits: DestinationLimits = DestinationLimits()) { self.limits = limits }

    /// Addresses that are remembered.
    var count: Int { state.withLock { $0.destinations.count } }

    /// Waits for a turn; false when it would come after the deadline. Whoever got one must `leave`.
    package func enter(_ address: IPAddress, by deadline: ContinuousClock.Instant) async -> Bool {
        guard !isSpared(address) else { return true }
        guard await slot(address, by: deadline) else { return false }
        let now = ContinuousClock.now
        let start = state.withLock { $0.reserve(address, now: now, limits, by: deadline) }
        guard let start else {
            leave(address)
            return false
        }
        // A cancelled task goes on at once: its connection ends by the deadline all the same.
        if start > now { try? await Task.sleep(until: start, clock: .continuous) }
        return true
    }

    /// The connection is closed.
    package func leave(_ address: IPAddress) {
        guard !isSpared(address) else { return }
        let next = state.withLock { state -> Waiter? in
            guard var destination = state.destinations[address] else { return nil }
            let next = destination.waiting.isEmpty ? nil : destination.waiting.removeFirst()
            // The place goes to whoever waits longest.
            if next == nil { destination.open -= 1 }
            state.destinations[address] = destination
            return next
        }
        next?.expiry.cancel()
        next?.continuation.resume(returning: true)
    }

    private func slot(_ address: IPAddress, by deadline: ContinuousClock.Instant) async -> Bool {
        let now = ContinuousClock.now
        let id: Int? = state.withLock { state in
            state.sweep(at: now)
            if state.destinations[address, default: Destination(due: now)].open < limits.connections {
                state.destinations[address, default: Destination(due: now)].open += 1
                return nil
            }
            state.lastID += 1
            return state.lastID
        }
        guard let id else { return true }
        return await withCheckedContinuation { continuation in
            let expiry = Task {
                try? await Task.sleep(until: deadline, clock: .continuous)
                give(up: id, address)
            }
            let answer: Bool? = state.withLock { state in
                let now = ContinuousClock.now
                // A place may have become free since; and whoever is late was missed by the expiry.
                if state.destinations[address, default: Destination(due: now)].open < limits.connections {
                    state.destinations[address, default: Destination(due: now)].open += 1
                    return true
                }
                guard now < deadline else { return false }
                let waiter = Waiter(id: id, continuation: continuation, expiry: expiry)
                state.destinations[address]?.waiting.append(waiter)
                return nil
            }
            guard let answer else { return }
            expiry.cancel()
            continuation.resume(returning: answer)
        }
    }

    private func give(up id: Int, _ address: IPAddress) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.destinations[address]?.waiting.firstIndex(where: { $0.id == id }) else {
                return nil
            }
            return state.destinations[address]?.waiting.remove(at: index)
        }
        waiter?.continuation.resume(returning: false)
    }

    private func isSpared(_ address: IPAddress) -> Bool {
        limits.sparesLoopback && Self.loopback.contains { $0.contains(address.unmapped) }
    }

    private static let loopback = ["127.0.0.0/8", "::1/128"].compactMap { AddressRange(cidr: $0) }
}

extension DestinationGate.State {
    /// When the connection may begin; nil when that is after the deadline, and then nothing is reserved. One
    /// second's worth may begin at once.
    mutating func reserve(
        _ address: IPAddress, now: ContinuousClock.Instant, _ limits: DestinationLimits,
        by deadline: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        let due = max(destinations[address]?.due ?? now, now)
        let start = max(now, due - .seconds(1))
        guard start <= deadline else { return nil }
        destinations[address]?.due = due + .seconds(1) / limits.perSecond
        return start
    }

    mutating func sweep(at now: ContinuousClock.Instant) {
        guard destinations.count >= sweepAt else { return }
        destinations = destinations.filter { !$0.value.isIdle(at: now) }
        sweepAt = max(1024, 2 * destinations.count)
    }
}
