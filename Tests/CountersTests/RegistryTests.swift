import Counters
import Testing

@Suite struct RegistryTests {
    @Test func countersGrow() {
        let counters = Registry()
        counters.increment("requests", [.init("route", "validate"), .init("code", "200")])
        counters.increment("requests", [.init("code", "200"), .init("route", "validate")], by: 2)
        counters.increment("requests", [.init("code", "400"), .init("route", "validate")])
        counters.increment("requests", by: -5)
        let expected: [Registry.Series] = [
            .init(name: "requests", labels: [], value: .counter(0)),
            .init(
                name: "requests", labels: [.init("code", "200"), .init("route", "validate")],
                value: .counter(3)),
            .init(
                name: "requests", labels: [.init("code", "400"), .init("route", "validate")],
                value: .counter(1)),
        ]
        #expect(counters.snapshot() == expected)
    }

    @Test func aFullCounterStaysFull() {
        let counters = Registry()
        counters.increment("n", by: .max)
        counters.increment("n")
        #expect(counters.snapshot().first?.value == .counter(.max))
    }

    @Test func gaugesMove() {
        let counters = Registry()
        counters.add("in_flight", by: 1)
        counters.add("in_flight", by: 1)
        counters.add("in_flight", by: -1)
        counters.set("loaded", [.init("store", "mozilla")], to: 142)
        #expect(counters.snapshot().map(\.value) == [.gauge(1), .gauge(142)])
    }

    @Test func histogramsCountWithinInclusiveBounds() throws {
        let counters = Registry()
        for value in [0.5, 1, 1.5, 2, 99] { counters.observe("seconds", value: value, bounds: [1, 2]) }
        counters.observe("seconds", value: .nan)
        guard case .histogram(let histogram) = try #require(counters.snapshot().first).value else {
            Issue.record("not a histogram")
            return
        }
        #expect(histogram.bounds == [1, 2] && histogram.buckets == [2, 2, 1])
        #expect(histogram.count == 5 && histogram.sum == 104)
        #expect(counters.dropped == 1)
    }

    @Test func anotherKindIsDropped() {
        let counters = Registry()
        counters.increment("n")
        counters.set("n", to: 7)
        counters.observe("n", value: 7)
        #expect(counters.snapshot().map(\.value) == [.counter(1)])
        #expect(counters.dropped == 2)
    }

    @Test func seriesAreBounded() {
        let counters = Registry()
        for index in 0...Registry.maxSeries { counters.increment("n", [.init("i", "\(index)")]) }
        #expect(counters.snapshot().count == Registry.maxSeries)
        #expect(counters.dropped == 1)
    }

    @Test func updatesFromManyTasksAllCount() async {
        let counters = Registry()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1_000 { counters.increment("n") } }
            }
        }
        #expect(counters.snapshot().first?.value == .counter(8_000))
    }

    @Test func help() {
        let counters = Registry()
        counters.describe("n", "Things.")
        #expect(counters.help("n") == "Things." && counters.help("m") == nil)
    }
}
