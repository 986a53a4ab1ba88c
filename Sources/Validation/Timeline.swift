import Certificates
import Reports

/// When one store trusts the chain: the union of its paths' intervals. The store's answer can change only at
/// their ends, so every question about time is answered from here.
struct Timeline: Sendable {
    struct Span: Sendable {
        let validity: PathValidity
        /// Index into the report's paths; nil for one that ends where an issuer is missing.
        let path: Int?

        var interval: ClosedRange<Instant> { validity.interval }
    }

    let store: StoreJudge
    /// The store's paths that it trusts but for time.
    let spans: [Span]
    /// Those of which nobody knows whether it does.
    let doubtful: [Span]
    /// A budget ended the search: what was not looked at may hold a good path, so no answer is false.
    let isExhausted: Bool
    /// Nothing is known of what comes later: a builder was not asked on and on.
    let horizon: Instant

    /// - Parameters:
    ///   - open: for a store that holds none of `paths`: those whose issuer is missing.
    ///   - builder: that of the store's client, when it has one that may miss a path.
    ///   - at: the instant judged for, around which it is asked.
    init(
        store: StoreJudge, paths: [JudgedPath], open: [OpenPath], builder: ClientBuilder?, at: Instant,
        isExhausted: Bool
    ) {
        self.store = store
        self.isExhausted = isExhausted
        var (spans, doubtful, stale): ([Span], [Span], [Span]) = ([], [], [])
        for (index, path) in paths.enumerated() where store.holds(path) || store.mayHold(path) {
            guard let validity = DatesLookedAt(store).validity(path) else {
                continue
            }
            for (answer, part) in store.answers(path, within: validity) where answer != false {
                let span = Span(validity: part, path: index)
                if !store.holds(path) {
                    stale.append(span)
                } else if answer == true {
                    spans.append(span)
                } else {
                    doubtful.append(span)
                }
            }
        }
        var horizon = Instant.latest
        if let builder {
            let (good, open) = (
                BuiltSpans(spans, paths, builder, near: at), BuiltSpans(doubtful, paths, builder, near: at)
            )
            (spans, doubtful) = (good.found, open.found)
            if builder.isModel { doubtful += good.missed + open.missed }
            horizon = min(good.horizon, open.horizon)
        }
        for end in open where store.isOpen(end, butForTime: true) != nil {
            guard let validity = DatesLookedAt(store).validity(end.path) else { continue }
            stale.append(Span(validity: validity, path: nil))
        }
        self.spans = spans.sorted { $0.interval.lowerBound < $1.interval.lowerBound }
        self.doubtful = doubtful + stale
        self.horizon = horizon
    }

    /// What the store says at an instant.
    func answer(at: Instant) -> Bool? {
        if at > horizon { return nil }
        if spans.contains(where: { $0.interval.contains(at) }) { return true }
        return isExhausted || doubtful.contains { $0.interval.contains(at) } ? nil : false
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
        guard until < horizon else { return nil }
        return FirstBreak(
            at: until + 1, store: store.store.name, cause: span.validity.ends.cause,
            certificate: span.validity.ends.certificate)
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
