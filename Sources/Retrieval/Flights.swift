import Certificates
import Egress
import Reports
import Synchronization

/// What came of a fetch, for everybody who waited for it.
struct Landed: Sendable {
    var result: Result<Octets, FetchFailure>
    var at: Instant

    static func failed(_ code: FetchFailure.Code, _ detail: String, at: Instant) -> Landed {
        Landed(result: .failure(FetchFailure(code, detail)), at: at)
    }
}

/// One fetch for all who want the same at the same time. It ends when nobody waits any more.
final class Flights: Sendable {
    /// Fetches that go on though their callers ran out of time, so that the next one finds what came: half of
    /// the large transfers, so that the other half is left to those who still wait.
    static let maximumUnattended = TransferLimits.largeTransfers / 2

    private struct Flight {
        let id: Int
        let task: Task<Void, Never>
        var waiting: [Int: Promise<Landed?>] = [:]
    }

    private struct State {
        var flights: [FetchKey: Flight] = [:]
        var lastID = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Waits for the flight of `key`, which `begin` makes when there is none. Not longer than the deadline,
    /// and a cancelled task not at all.
    ///
    /// - Parameter mayGoOn: whether the flight is worth finishing when the deadline came first.
    func landed(
        _ key: FetchKey, now: Instant, by deadline: ContinuousClock.Instant, mayGoOn: Bool,
        begin: @escaping @Sendable () async -> Landed
    ) async -> Landed {
        let promise = Promise<Landed?>()
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let late = Task {
            // A cancelled sleep means that the answer came.
            guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
            promise.resume(returning: .failed(.timeout, "not here in time", at: now))
            leave(key, id, mayGoOn: mayGoOn)
        }
        defer { late.cancel() }
        return await withTaskCancellationHandler {
            await promise.answer { join(key, id, promise, begin) }
                ?? .failed(.budget, "the service is stopping", at: now)
        } onCancel: {
            promise.resume(returning: .failed(.budget, "given up", at: now))
            leave(key, id, mayGoOn: false)
        }
    }

    private func join(
        _ key: FetchKey, _ id: Int, _ promise: Promise<Landed?>,
        _ begin: @escaping @Sendable () async -> Landed
    ) {
        let isClosed = state.withLock { state in
            if state.isClosed { return true }
            // Whoever has left already must not hold a flight.
            if promise.isOver { return false }
            if state.flights[key] == nil {
                state.lastID += 1
                let flight = state.lastID
                let task = Task { land(key, flight, await begin()) }
                state.flights[key] = Flight(id: flight, task: task)
            }
            state.flights[key]?.waiting[id] = promise
            return false
        }
        if isClosed { promise.resume(returning: nil) }
    }

    private func land(_ key: FetchKey, _ flight: Int, _ landed: Landed) {
        let waiting = state.withLock { state -> [Promise<Landed?>] in
            guard let found = state.flights[key], found.id == flight else { return [] }
            state.flights[key] = nil
            return Array(found.waiting.values)
        }
        for promise in waiting { promise.resume(returning: landed) }
    }

    private func leave(_ key: FetchKey, _ id: Int, mayGoOn: Bool) {
        let abandoned = state.withLock { state -> Task<Void, Never>? in
            guard state.flights[key]?.waiting.removeValue(forKey: id) != nil,
                let flight = state.flights[key], flight.waiting.isEmpty
            else { return nil }
            let unattended = state.flights.values.count { $0.waiting.isEmpty }
            if mayGoOn, unattended <= Self.maximumUnattended { return nil }
            state.flights[key] = nil
            return flight.task
        }
        abandoned?.cancel()
    }

    /// Callers that wait.
    var waiting: Int { state.withLock { $0.flights.values.reduce(0) { $0 + $1.waiting.count } } }

    /// Ends all flights; who comes later is refused.
    func close() {
        let flights = state.withLock { state in
            state.isClosed = true
            defer { state.flights = [:] }
            return Array(state.flights.values)
        }
        for flight in flights {
            flight.task.cancel()
            for promise in flight.waiting.values {
                promise.resume(returning: nil)
            }
        }
    }
}
