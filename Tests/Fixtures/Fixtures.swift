import Certificates

/// The clock of all tests: 2026-07-01T00:00:00Z. Every default certificate is valid then.
package let now: Instant = "2026-07-01"

extension Instant: ExpressibleByStringLiteral {
    /// In tests `"2026-07-01"` (midnight UTC) or RFC 3339 is an instant.
    package init(stringLiteral text: String) {
        guard let instant = Instant(rfc3339: text.utf8.count == 10 ? text + "T00:00:00Z" : text) else {
            preconditionFailure("not an instant: \(text)")
        }
        self = instant
    }
}

/// Seeded randomness (SplitMix64, Steele, Lea, Flood 2014), so that a failing case can be made again.
package struct RandomSource: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// True `percent` times of a hundred.
    package mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}
