import Certificates
import Synchronization

/// Ids that sort by the second they were made in, and within one process by order: 8 digits of seconds, 4 of
/// a counter, 12 random, in the alphabet of Crockford's base 32.
package enum SortableID {
    private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let counter = Atomic<UInt64>(0)

    package static func make(at now: Instant) -> String {
        let seconds = UInt64(bitPattern: now.seconds)
        let count = counter.wrappingAdd(1, ordering: .relaxed).oldValue
        let random = UInt64.random(in: .min ... .max)
        return String(unsafeUninitializedCapacity: 24) { out in
            var at = 0
            func put(_ value: UInt64, _ width: Int) {
                for place in (0..<width).reversed() {
                    out[at] = digits[Int(value >> UInt64(place * 5) & 31)]
                    at += 1
                }
            }
            put(seconds, 8)
            put(count, 4)
            put(random, 12)
            return at
        }
    }

    /// A client's own X-Request-Id is kept when it is 1 to 64 of letters, digits, `-`, `_`, `.`, `:`: it goes
    /// into the log and the answer.
    static func accepted(_ given: String?) -> String? {
        guard let given, (1...64).contains(given.utf8.count) else { return nil }
        let fine = given.utf8.allSatisfy { c in
            switch c {
            case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        return fine ? given : nil
    }
}
