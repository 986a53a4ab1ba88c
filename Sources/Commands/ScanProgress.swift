/// How far a scan is, as one line for a terminal.
struct ScanProgress: Sendable, Equatable {
    let total: Int
    var done = 0
    /// Critical ones.
    var failing = 0
    /// Done before, when a scan is resumed: they say nothing about its pace.
    let before: Int

    init(total: Int, before: Int = 0) {
        (self.total, self.before) = (total, before)
        done = before
    }

    mutating func add(failing isFailing: Bool) {
        done += 1
        if isFailing { failing += 1 }
    }

    /// `[#####     ] 1234/5000  312/s  17 failing  12s left`, cut to the terminal's width.
    ///
    /// - Parameter elapsed: seconds since the scan began.
    func line(elapsed: Double, columns: Int) -> String {
        let share = total == 0 ? 1 : Double(done) / Double(total)
        let rate = elapsed > 0 ? Double(done - before) / elapsed : 0
        var text = "\(done)/\(total)  \(Int(rate.rounded()))/s  \(failing) failing"
        if rate > 0, done < total { text += "  \(Self.shown(Double(total - done) / rate)) left" }
        let room = min(30, columns - text.count - 4)
        guard room >= 5 else { return String(text.prefix(max(0, columns - 1))) }
        let filled = Int(share * Double(room))
        return "[" + String(repeating: "#", count: filled) + String(repeating: " ", count: room - filled)
            + "] "
            + text
    }

    private static func shown(_ seconds: Double) -> String {
        let whole = Int(min(seconds.rounded(.up), 360_000))
        return whole < 60
            ? "\(whole)s"
            : whole < 3_600 ? "\(whole / 60)m \(whole % 60)s" : "\(whole / 3_600)h \(whole % 3_600 / 60)m"
    }
}
