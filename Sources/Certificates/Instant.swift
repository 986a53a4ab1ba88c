/// A whole second of UTC, the only form of time in this project. Nothing here reads a clock.
///
/// Years 0000 to 9999 are representable; RFC 5280 §4.1.2.5 knows none beyond.
package struct Instant: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted; negative before.
    package let seconds: Int64

    /// 0000-01-01T00:00:00Z
    package static let earliest = Instant(unchecked: -62_167_219_200)
    /// 9999-12-31T23:59:59Z; as notAfter it means "no well-defined expiration" (RFC 5280 §4.1.2.5).
    package static let latest = Instant(unchecked: 253_402_300_799)

    private init(unchecked seconds: Int64) { self.seconds = seconds }

    /// Clamps to the years 0000 to 9999.
    package init(seconds: Int64) {
        self.seconds = min(max(seconds, Self.earliest.seconds), Self.latest.seconds)
    }

    package static func < (a: Instant, b: Instant) -> Bool { a.seconds < b.seconds }
    package static func + (a: Instant, seconds: Int64) -> Instant {
        let (sum, overflow) = a.seconds.addingReportingOverflow(seconds)
        return overflow ? (seconds < 0 ? earliest : latest) : Instant(seconds: sum)
    }
    package static func - (a: Instant, b: Instant) -> Int64 { a.seconds - b.seconds }

    /// The proleptic Gregorian calendar in UTC.
    package init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysInMonth(year: year, month: month),
            (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        // Days since 1970-01-01, counting years from March so that the leap day comes last.
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        self.init(unchecked: Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second))
    }

    package struct Components: Sendable, Equatable {
        package let year, month, day, hour, minute, second: Int
    }

    package var components: Components {
        var days = Int(seconds / 86_400)
        var rest = Int(seconds % 86_400)
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return Components(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shifted + 2) / 5 + 1,
            hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60)
    }

    /// RFC 3339 in UTC with `Z` and without fraction: `2026-11-24T13:59:00Z`.
    package var description: String { String(decoding: rfc3339, as: UTF8.self) }

    /// The bytes of `description`, always twenty.
    package var rfc3339: [UInt8] {
        let c = components
        var out = [UInt8]()
        out.reserveCapacity(20)
        func put(_ value: Int, _ digits: Int, _ after: UInt8) {
            var divisor = digits == 4 ? 1000 : 10
            while divisor > 0 {
                out.append(UInt8(48 + value / divisor % 10))
                divisor /= 10
            }
            out.append(after)
        }
        put(c.year, 4, 0x2D)
        put(c.month, 2, 0x2D)
        put(c.day, 2, 0x54)
        put(c.hour, 2, 0x3A)
        put(c.minute, 2, 0x3A)
        put(c.second, 2, 0x5A)
        return out
    }

    /// The date alone: `2026-11-24`.
    package var date: String { String(description.prefix(10)) }

    /// RFC 3339 §5.6 date-time with any offset; a fraction is truncated to the second and a leap second
    /// (`:60`) is read as the second before. Nil when it is not one or lies outside the years 0000 to 9999.
    package init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20 else { return nil }
        func number(_ from: Int, _ count: Int) -> Int? {
            var value = 0
            for byte in bytes[from..<from + count] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] | 0x20 == 0x74, bytes[13] == 0x3A,
            bytes[16] == 0x3A,
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), second <= 60,
            let base = Instant(
                year: year, month: month, day: day, hour: hour, minute: minute, second: min(second, 59))
        else { return nil }
        var at = 19
        if bytes[at] == 0x2E {
            let start = at + 1
            at = start
            while at < bytes.count, (0x30...0x39).contains(bytes[at]) { at += 1 }
            guard at > start else { return nil }
        }
        guard at < bytes.count else { return nil }
        if bytes[at] | 0x20 == 0x7A {
            guard at + 1 == bytes.count else { return nil }
            self = base
            return
        }
        guard at + 6 == bytes.count, bytes[at] == 0x2B || bytes[at] == 0x2D, bytes[at + 3] == 0x3A,
            let hours = number(at + 1, 2), let minutes = number(at + 4, 2), hours <= 23, minutes <= 59
        else { return nil }
        let offset = Int64(hours * 3600 + minutes * 60) * (bytes[at] == 0x2B ? -1 : 1)
        let shifted = base.seconds + offset
        guard shifted >= Self.earliest.seconds, shifted <= Self.latest.seconds else { return nil }
        self.init(unchecked: shifted)
    }

    static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}
