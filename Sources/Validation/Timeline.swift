import Certificates
import Reports

/// When one store trusts the chain: the union of its paths' intervals. The store's answer can change only at
/// their ends, so every question about time is answered from here.
struct Timeline: Sendable {
    struct Span: Sendable {
        let interval: ClosedRange<Instant>
        let path: JudgedPath
    }

    let store: StoreJudge
    let spans: [Span]

    init(store: StoreJudge, paths: [JudgedPath]) {
        self.store = store
        spans = paths.compactMap { path in store.interval(path).map { Span(interval: $0, path: path) } }
            .sorted { $0.interval.lowerBound < $1.interval.lowerBound }
    }

    /// The last second, from `at` on without a gap, at which some path holds; nil when none holds at `at`.
    func end(from at: Instant) -> (until: Instant, span: Span)? {
        var last: Span?
        var reach = at
        for span in spans where span.interval.lowerBound <= reach && span.interval.upperBound >= reach {
            if let known = last, known.interval.upperBound >= span.interval.upperBound { continue }
            last = span
            // The next span may begin in the second after this one.
            reach = max(reach, span.interval.upperBound + 1)
        }
        return last.map { ($0.interval.upperBound, $0) }
    }

    /// The next instant after `at` at which the store stops trusting the chain, and what ends then.
    func nextLoss(after at: Instant) -> FirstBreak? {
        if let (until, span) = end(from: at) { return loss(until, span) }
        for span in spans where span.interval.lowerBound > at {
            if let (until, last) = end(from: span.interval.lowerBound) { return loss(until, last) }
        }
        return nil
    }

    /// The latest loss up to `at`.
    func lastLoss(upTo at: Instant) -> FirstBreak? {
        guard
            let last = spans.filter({ $0.interval.upperBound < at }).max(by: {
                $0.interval.upperBound < $1.interval.upperBound
            })
        else { return nil }
        return loss(last.interval.upperBound, last)
    }

    /// notAfter is inclusive: the break is the second after it. 99991231235959Z never breaks.
    private func loss(_ until: Instant, _ span: Span) -> FirstBreak? {
        guard until < .latest else { return nil }
        let dated = store.datedCertificates(span.path)
        let index = dated.firstIndex { $0.notAfter == until } ?? 0
        let cause: FirstBreak.Cause =
            index == 0
            ? .leafExpires : index == span.path.certificates.count - 1 ? .anchorExpires : .issuerExpires
        return FirstBreak(
            at: until + 1, store: store.store.name, cause: cause, certificate: dated[index].sha256)
    }
}

extension [Timeline] {
    /// The one number to alert on, over the stores asked for.
    ///
    /// While a store trusts the chain: the next loss by any that does. When none does: the next loss ahead,
    /// if there is one (not yet valid); else, over the stores that time alone took away, the earliest of
    /// their latest losses, so that the series does not vanish at expiry.
    func firstBreak(at: Instant) -> FirstBreak? {
        let holding = filter { $0.end(from: at) != nil }
        let ahead = (holding.isEmpty ? self : holding).compactMap { $0.nextLoss(after: at) }
        if let next = ahead.min(by: { $0.at < $1.at }) { return next }
        guard holding.isEmpty else { return nil }
        return compactMap { $0.lastLoss(upTo: at) }.min { $0.at < $1.at }
    }
}
