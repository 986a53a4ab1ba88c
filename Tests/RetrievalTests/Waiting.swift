import Synchronization

/// Calls of something, from any thread.
final class Count: Sendable {
    private let value = Mutex(0)
    var now: Int { value.withLock { $0 } }

    /// One for the first.
    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
}

/// Returns when it is so; a test that waits in vain runs into its time limit.
func until(_ isSo: () -> Bool) async throws {
    while !isSo() { try await Task.sleep(for: .milliseconds(2)) }
}
