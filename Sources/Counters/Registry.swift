import Synchronization

/// What this process counts: counters, gauges and histograms by name and labels. It knows no names itself;
/// callers give them, and a renderer reads `snapshot()`.
///
/// One lock guards all: an update is a dictionary look-up under a microsecond, a few times a request.
package final class Registry: Sendable {
    /// Of the process; tests make their own.
    package static let shared = Registry()

    /// Series of one registry. Labels come from code, never from input; a mistake must not eat the memory.
    package static let maxSeries = 10_000

    /// Seconds; 8 s is the default time-out of a check.
    package static let latencyBounds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8, 10,
    ]

    private let state = Mutex(Contents())

    private struct Contents {
        var series: [Key: Value] = [:]
        var help: [String: String] = [:]
        /// Updates of series beyond the limit or of another kind than before.
        var dropped: Int64 = 0
    }

    private struct Key: Hashable {
        var name: String
        var labels: [Label]
    }

    package struct Label: Sendable, Hashable, Comparable {
        package var name, value: String
        package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
        package static func < (a: Self, b: Self) -> Bool { (a.name, a.value) < (b.name, b.value) }
    }

    package enum Value: Sendable, Equatable {
        /// Only ever grows.
        case counter(Int64)
        case gauge(Double)
        case histogram(Histogram)
    }

    package struct Histogram: Sendable, Equatable {
        /// Upper bounds, inclusive, ascending; one bucket more catches the rest.
        package var bounds: [Double]
        /// Observations per bucket, not cumulated; one more than `bounds`.
        package var buckets: [Int64]
        package var sum: Double

        package var count: Int64 { buckets.reduce(0, +) }

        init(bounds: [Double]) {
            self.bounds = bounds
            buckets = [Int64](repeating: 0, count: bounds.count + 1)
            sum = 0
        }

        mutating func observe(_ value: Double) {
            buckets[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
            sum += value
        }
    }

    /// One series as it stood.
    package struct Series: Sendable, Equatable {
        package var name: String
        package var labels: [Label]
        package var value: Value

        package init(name: String, labels: [Label], value: Value) {
            (self.name, self.labels, self.value) = (name, labels, value)
        }
    }

    package init() {}

    /// A sentence for the renderer; the last one counts.
    package func describe(_ name: String, _ help: String) {
        state.withLock { $0.help[name] = help }
    }

    package func help(_ name: String) -> String? { state.withLock { $0.help[name] } }

    /// Adds to a counter; a negative `by` counts as nothing.
    package func increment(_ name: String, _ labels: [Label] = [], by amount: Int64 = 1) {
        update(name, labels, initial: .counter(0)) { value in
            guard case .counter(let old) = value else { return false }
            let (sum, overflow) = old.addingReportingOverflow(max(0, amount))
            value = .counter(overflow ? .max : sum)
            return true
        }
    }

    package func set(_ name: String, _ labels: [Label] = [], to new: Double) {
        update(name, labels, initial: .gauge(0)) { value in
            guard case .gauge = value else { return false }
            value = .gauge(new)
            return true
        }
    }

    /// Moves a gauge: requests in flight.
    package func add(_ name: String, _ labels: [Label] = [], by amount: Double) {
        update(name, labels, initial: .gauge(0)) { value in
            guard case .gauge(let old) = value else { return false }
            value = .gauge(old + amount)
            return true
        }
    }

    /// Puts a value into a histogram, whose bounds are those of its first observation. NaN is dropped.
    package func observe(
        _ name: String, _ labels: [Label] = [], value observed: Double, bounds: [Double] = latencyBounds
    ) {
        update(name, labels, initial: .histogram(Histogram(bounds: bounds))) { value in
            guard case .histogram(var histogram) = value, !observed.isNaN else { return false }
            histogram.observe(observed)
            value = .histogram(histogram)
            return true
        }
    }

    /// All series in the order of name and labels, as of one moment.
    package func snapshot() -> [Series] {
        state.withLock { contents in
            contents.series.map { Series(name: $0.key.name, labels: $0.key.labels, value: $0.value) }
        }
        .sorted { ($0.name, $0.labels) < ($1.name, $1.labels) }
    }

    /// Updates that found no room or another kind of series; more than zero is a mistake in the code.
    package var dropped: Int64 { state.withLock { $0.dropped } }

    private func update(
        _ name: String, _ labels: [Label], initial: @autoclosure () -> Value, _ body: (inout Value) -> Bool
    ) {
        let key = Key(name: name, labels: labels.sorted())
        state.withLock { contents in
            var value: Value
            if let old = contents.series[key] {
                value = old
            } else {
                guard contents.series.count < Self.maxSeries else {
                    contents.dropped += 1
                    return
                }
                value = initial()
            }
            if body(&value) {
                contents.series[key] = value
            } else {
                contents.dropped += 1
            }
        }
    }
}

private func < (a: (String, [Registry.Label]), b: (String, [Registry.Label])) -> Bool {
    a.0 != b.0 ? a.0 < b.0 : a.1.lexicographicallyPrecedes(b.1)
}
