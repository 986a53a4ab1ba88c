import Certificates
import Reports

/// Which of a store's spans its client's builder finds. It is asked again wherever its choice may turn: a
/// rival that becomes valid may lead it astray, one that ends may free it.
struct BuiltSpans {
    private(set) var found: [Timeline.Span] = []
    private(set) var missed: [Timeline.Span] = []
    /// The last second for which the builder was asked.
    private(set) var horizon = Instant.latest

    /// How often the builder is asked, nearest to the instant judged. Once takes up to a millisecond, when a
    /// thousand certificates were sent; real chains have fewer than ten turns while the end entity lives.
    static let limit = 200

    /// A time in which the builder takes one path.
    private struct Stretch {
        let turn: ClientBuilder.Turn?
        let interval: ClosedRange<Instant>
        var built: [Certificate]
    }

    init(_ spans: [Timeline.Span], _ paths: [JudgedPath], _ builder: ClientBuilder, near at: Instant) {
        let stretches = stretches(over: spans, builder, near: at)
        for span in spans {
            var last: (span: Timeline.Span, isFound: Bool)?
            for (index, stretch) in stretches.enumerated() {
                let next = index + 1 < stretches.count ? stretches[index + 1] : nil
                guard
                    let part = Self.part(
                        of: span, stretch, next, before: index > 0 ? stretches[index - 1] : nil)
                else { continue }
                let isFound = span.path.map { stretch.built == paths[$0].certificates } ?? false
                if let known = last, known.isFound == isFound {
                    last = (Self.joined(known.span, part), isFound)
                } else {
                    add(last)
                    last = (part, isFound)
                }
            }
            add(last)
        }
    }

    private mutating func add(_ part: (span: Timeline.Span, isFound: Bool)?) {
        guard let part else { return }
        if part.isFound { found.append(part.span) } else { missed.append(part.span) }
    }

    private mutating func stretches(
        over spans: [Timeline.Span], _ builder: ClientBuilder, near at: Instant
    ) -> [Stretch] {
        guard let first = spans.map(\.interval.lowerBound).min(),
            let last = spans.map(\.interval.upperBound).max()
        else { return [] }
        var turns: [ClientBuilder.Turn?] = [nil]
        turns += builder.turns(in: first...last)
        var end = last
        if turns.count > Self.limit {
            let next = turns.firstIndex { ($0?.at ?? first) > at } ?? turns.count
            let from = max(0, min(next - Self.limit / 2, turns.count - Self.limit))
            if from + Self.limit < turns.count {
                end = (turns[from + Self.limit]?.at ?? last) + -1
                horizon = end
            }
            turns = Array(turns[from..<from + Self.limit])
        }
        return turns.enumerated().map { index, turn in
            let next = index + 1 < turns.count ? turns[index + 1] : nil
            let start = turn?.at ?? first
            let interval = start...(next.map { $0.at + -1 } ?? end)
            let isWanted = spans.contains { $0.interval.overlaps(interval) }
            return Stretch(turn: turn, interval: interval, built: isWanted ? builder.path(at: start) : [])
        }
    }

    private static func part(
        of span: Timeline.Span, _ stretch: Stretch, _ next: Stretch?, before: Stretch?
    ) -> Timeline.Span? {
        let interval = span.interval
        guard interval.overlaps(stretch.interval) else { return nil }
        let validity = PathValidity(
            interval: interval.clamped(to: stretch.interval),
            begins: stretch.interval.lowerBound <= interval.lowerBound
                ? span.validity.begins : edge(before, stretch) ?? span.validity.begins,
            ends: stretch.interval.upperBound >= interval.upperBound
                ? span.validity.ends : edge(stretch, next) ?? span.validity.ends)
        return Timeline.Span(validity: validity, path: span.path)
    }

    /// What turns the builder: of several dates that of a certificate which it took or takes.
    private static func edge(_ before: Stretch?, _ after: Stretch?) -> PathValidity.Edge? {
        let built = Set(((before?.built ?? []) + (after?.built ?? [])).map(\.sha256))
        let changes = after?.turn?.changes ?? []
        return changes.first { built.contains($0.certificate) } ?? changes.first
    }

    private static func joined(_ a: Timeline.Span, _ b: Timeline.Span) -> Timeline.Span {
        Timeline.Span(
            validity: PathValidity(
                interval: a.interval.lowerBound...b.interval.upperBound, begins: a.validity.begins,
                ends: b.validity.ends),
            path: a.path)
    }
}
