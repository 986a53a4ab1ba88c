import Synchronization

/// One answer that one caller waits for. Whoever comes first gives it: the work, the deadline or the caller's
/// own cancellation; what comes later is dropped.
package final class Promise<Answer: Sendable>: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Answer, Never>)
        case over(Answer)
    }

    private let state = Mutex(State.new)

    package init() {}

    package var isOver: Bool { state.withLock { if case .over = $0 { true } else { false } } }

    /// Waits once. `begin` has the work begun, unless the answer is there already.
    package func answer(begin: () -> Void) async -> Answer {
        await withCheckedContinuation { continuation in
            let early: Answer? = state.withLock { state in
                if case .over(let answer) = state { return answer }
                state = .waiting(continuation)
                return nil
            }
            if let early { return continuation.resume(returning: early) }
            begin()
        }
    }

    package func resume(returning answer: Answer) {
        let waiting: CheckedContinuation<Answer, Never>? = state.withLock { state in
            defer { if case .over = state {} else { state = .over(answer) } }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(returning: answer)
    }
}
