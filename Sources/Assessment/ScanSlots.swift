import Synchronization

/// Handshakes that all scans of the process may have open at once, handed out in the order of asking.
package final class ScanSlots: Sendable {
    /// A row that waits for its peer holds 61 kB (measured with 2,000 that hang), so these hold 122 MB.
    package static let standard = 2_000

    private struct Waiting {
        let id: Int
        let count: Int
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: Int
        var waiting: [Waiting] = []
        var nextID = 0
        /// Cancelled before they began to wait.
        var cancelled: Set<Int> = []
    }

    private let total: Int
    private let state: Mutex<State>

    package init(_ total: Int = ScanSlots.standard) {
        self.total = max(1, total)
        state = Mutex(State(free: max(1, total)))
    }

    /// Waits until `count` slots are free; false when the task is cancelled while it waits. More than there
    /// are count as all of them. Whoever got them must `release` as many.
    func acquire(_ count: Int) async -> Bool {
        let count = min(count, total)
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        defer { state.withLock { _ = $0.cancelled.remove(id) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now: Bool? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return false }
                    if state.waiting.isEmpty, state.free >= count {
                        state.free -= count
                        return true
                    }
                    state.waiting.append(Waiting(id: id, count: count, continuation: continuation))
                    return nil
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func cancel(_ id: Int) {
        let waiting: Waiting? = state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.waiting.remove(at: index)
        }
        waiting?.continuation.resume(returning: false)
    }

    func release(_ count: Int) {
        let count = min(count, total)
        let next: [Waiting] = state.withLock { state in
            state.free += count
            var ready: [Waiting] = []
            while let first = state.waiting.first, state.free >= first.count {
                state.free -= first.count
                ready.append(state.waiting.removeFirst())
            }
            return ready
        }
        for waiting in next { waiting.continuation.resume(returning: true) }
    }
}
