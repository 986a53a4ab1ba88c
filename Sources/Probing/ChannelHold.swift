import NIOCore
import Synchronization

/// Closes the channel of a task that is cancelled, so that a peer about whom nobody asks any more holds
/// neither socket nor time.
final class ChannelHold: Sendable {
    private let state = Mutex<(channel: (any Channel)?, isCancelled: Bool)>((nil, false))

    func hold(_ channel: any Channel) {
        let isCancelled = state.withLock { state in
            state.channel = channel
            return state.isCancelled
        }
        if isCancelled { channel.close(promise: nil) }
    }

    func cancel() {
        let channel = state.withLock { state in
            state.isCancelled = true
            return state.channel
        }
        channel?.close(promise: nil)
    }
}

extension Channel {
    /// Waits for what happens on this channel; a cancelled task closes it, which ends the waiting.
    func awaiting<Value: Sendable>(_ future: EventLoopFuture<Value>) async throws -> Value {
        try await withTaskCancellationHandler {
            try await future.get()
        } onCancel: {
            close(promise: nil)
        }
    }
}
