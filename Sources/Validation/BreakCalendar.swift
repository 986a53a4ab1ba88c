import Certificates
import Reports

/// Every instant after `at` at which the answer of a store asked for changes, to the worse or to the better.
///
/// A store's answer can change only where a span of one of its paths begins or has ended, so nothing is
/// judged anew: the calendar is read off the timelines.
struct BreakCalendar: Sendable {
    let timelines: [Timeline]

    /// In order of time, at one instant in the order of the stores asked for.
    func breaks(after at: Instant) -> [Break] {
        var boundaries: Set<Instant> = []
        for span in timelines.flatMap({ $0.spans + $0.doubtful }) {
            if span.interval.lowerBound > at { boundaries.insert(span.interval.lowerBound) }
            // 99991231235959Z never breaks.
            let until = span.interval.upperBound
            if until >= at, until < .latest { boundaries.insert(until + 1) }
        }
        return boundaries.sorted().flatMap(flips)
    }

    private func flips(at instant: Instant) -> [Break] {
        let verdict = Verdict(over: timelines.map { $0.answer(at: instant) })
        return timelines.compactMap { timeline in
            guard instant <= timeline.horizon else { return nil }
            let (before, after) = (timeline.answer(at: instant + -1), timeline.answer(at: instant))
            guard before != after else { return nil }
            let spans = timeline.spans + timeline.doubtful
            let isGain = after == true || after == nil && before == false
            let turning = spans.filter {
                isGain ? $0.interval.lowerBound == instant : $0.interval.upperBound == instant + -1
            }
            // The better path explains: trusted before doubtful, then in the report's order.
            let span = turning.first
            let edge = isGain ? span?.validity.begins : span?.validity.ends
            return edge.map {
                Break(
                    at: instant, store: timeline.store.store.name, path: span?.path,
                    cause: $0.cause,
                    certificate: $0.certificate, trustedAfter: after, verdictAfter: verdict)
            }
        }
    }
}

extension Verdict {
    /// Over the stores that answered true or false.
    init(over answers: [Bool?]) {
        let said = answers.compactMap { $0 }
        if said.isEmpty {
            self = .indeterminate
        } else if said.allSatisfy({ $0 }) {
            self = .trusted
        } else {
            self = said.contains(true) ? .partlyTrusted : .untrusted
        }
    }
}
