import Certificates

/// Instants as people read them, and how far away they are.
enum ShownTime {
    private static let day: Int64 = 86_400
    /// Within it the hour matters, and seconds are shown.
    private static let near: Int64 = 3 * day

    /// `2027-02-11 (in 79 d)`, within three days `2026-11-26 14:10:09Z (in 2 d 3 h)`.
    static func event(_ instant: Instant, from now: Instant) -> String {
        let away = instant - now
        let shown = abs(away) < near ? second(instant) : instant.date
        return "\(shown) (\(distance(away)))"
    }

    /// `2026-11-26 14:10:09Z`
    static func second(_ instant: Instant) -> String {
        let text = instant.description
        return text.prefix(10) + " " + text.dropFirst(11)
    }

    /// `in 79 d`, `in 2 d 3 h`, `5 min ago`, `now`.
    static func distance(_ seconds: Int64) -> String {
        if seconds == 0 { return "now" }
        return seconds > 0 ? "in \(span(seconds))" : "\(span(-seconds)) ago"
    }

    private static func span(_ seconds: Int64) -> String {
        func two(_ unit: Int64, _ name: String, _ smaller: Int64, _ smallerName: String) -> String {
            let rest = seconds % unit / smaller
            return "\(seconds / unit) \(name)" + (rest == 0 ? "" : " \(rest) \(smallerName)")
        }
        return switch seconds {
        case near...: "\(seconds / day) d"
        case day...: two(day, "d", 3600, "h")
        case 3600...: two(3600, "h", 60, "min")
        case 60...: two(60, "min", 1, "s")
        default: "\(seconds) s"
        }
    }

    /// `Jan  2 23:15:17 2027 GMT`, as OpenSSL and after it the monitoring plugins print it.
    static func openSSL(_ instant: Instant) -> String { dayOfMonth(instant, padding: " ") }

    /// `Jan 02 23:15:17 2027 GMT`, as Zabbix prints it.
    static func zeroPadded(_ instant: Instant) -> String { dayOfMonth(instant, padding: "0") }

    private static func dayOfMonth(_ instant: Instant, padding: String) -> String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let c = instant.components
        let day = c.day < 10 ? "\(padding)\(c.day)" : "\(c.day)"
        let time = instant.description.dropFirst(11).dropLast()
        return "\(months[c.month - 1]) \(day) \(time) \(c.year) GMT"
    }
}
