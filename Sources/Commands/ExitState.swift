import Reports

/// Below which state an answer is no failure.
enum FailOn: String, Sendable, CaseIterable { case warning, critical }

/// The exit code of many answers: the worst counts, in the order ok, unknown, warning, critical.
struct ExitState {
    private var worst = State.ok
    let failOn: FailOn

    init(failOn: FailOn) { self.failOn = failOn }

    mutating func add(_ state: State) { worst = max(worst, state) }

    /// An input without an answer counts as unknown.
    mutating func addUnanswered() { add(.unknown) }

    var code: Int32 {
        switch worst {
        case .ok: 0
        case .warning: failOn == .warning ? 1 : 0
        case .critical: 2
        case .unknown: 3
        }
    }
}
