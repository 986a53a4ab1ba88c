import Dispatch
import Foundation

/// SIGINT or SIGTERM asks a command to end with what it has; the second one ends the process.
struct Interrupt: Sendable {
    private let received: AsyncStream<Void>
    /// Sources of Dispatch may be used from any thread; these only have to live.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    /// Listens from now on.
    init() {
        let (received, signalled) = AsyncStream.makeStream(of: Void.self)
        self.received = received
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler {
                signal(number, SIG_DFL)
                signalled.finish()
            }
            source.resume()
            return source
        }
    }

    /// Returns at the first signal, or when the task is cancelled.
    func wait() async { for await _ in received {} }
}
