import Foundation
import Synchronization

/// Standard output and the progress bar on one terminal: the bar stands below the last line and is taken away
/// before another is written.
final class ScanScreen: Sendable {
    private struct State {
        var progress: ScanProgress
        var drawn = false
        var last: ContinuousClock.Instant?
    }

    private let began = ContinuousClock.now
    private let hasBar: Bool
    private let state: Mutex<State>
    /// Between two drawings of the bar; faster only flickers.
    private static let pace = Duration.milliseconds(100)

    /// - Parameter hasBar: whether standard error is a terminal.
    init(_ progress: ScanProgress, hasBar: Bool) {
        self.hasBar = hasBar
        state = Mutex(State(progress: progress))
    }

    static var isTerminal: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// One more row is done. False when nobody reads any more.
    func show(_ bytes: [UInt8], failing: Bool) -> Bool {
        state.withLock { state in
            state.progress.add(failing: failing)
            clear(&state)
            let isRead = Output.standardOutput(bytes)
            draw(&state)
            return isRead
        }
    }

    /// Draws again, so that the time goes on while nothing ends.
    func tick() {
        state.withLock { state in draw(&state) }
    }

    func end() {
        state.withLock { state in clear(&state) }
    }

    private func clear(_ state: inout State) {
        // A line that does not go to the terminal leaves the bar where it is.
        guard state.drawn else { return }
        Output.standardError("\r\u{1B}[K")
        state.drawn = false
    }

    private func draw(_ state: inout State) {
        guard hasBar else { return }
        let now = ContinuousClock.now
        if let last = state.last, now - last < Self.pace, isatty(STDOUT_FILENO) != 1 { return }
        state.last = now
        let (seconds, rest) = (now - began).components
        let elapsed = Double(seconds) + Double(rest) / 1e18
        let line = state.progress.line(elapsed: elapsed, columns: Self.columns)
        Output.standardError("\r" + line + "\u{1B}[K")
        state.drawn = true
    }

    private static var columns: Int {
        var size = winsize()
        let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return known ? Int(size.ws_col) : 80
    }
}
