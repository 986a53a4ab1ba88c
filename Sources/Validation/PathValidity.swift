import Certificates
import Reports

/// When one store's client takes a path, as far as time alone decides, and who sets both ends.
struct PathValidity: Sendable {
    struct Edge: Sendable {
        let cause: FirstBreak.Cause
        let certificate: SHA256Digest
    }

    let interval: ClosedRange<Instant>
    /// Who begins last.
    let begins: Edge
    /// Who ends first; of two that end together the one nearest the end entity.
    let ends: Edge
}

/// At which places a client looks at which date.
struct DatesLookedAt: Sendable {
    private let store: StoreJudge

    init(_ store: StoreJudge) { self.store = store }

    private struct Places {
        var leaf = true
        var intermediate = true
        var anchor = true

        subscript(place: Place) -> Bool {
            switch place {
            case .leaf: leaf
            case .intermediate: intermediate
            case .anchor: anchor
            }
        }
    }

    private func looks(_ reason: Reason, _ path: JudgedPath) -> Places {
        guard store.speaksOfDates || store.flags(of: path) != nil else { return Places() }
        return Places(
            leaf: store.minds(reason, at: .leaf, on: path),
            intermediate: store.minds(reason, at: .intermediate, on: path),
            anchor: store.minds(reason, at: .anchor, on: path))
    }

    /// The common validity of what stands above the end entity, where the client looks; empty ranges become
    /// their end.
    func issuers(_ path: JudgedPath) -> ClosedRange<Instant> {
        let (notBefore, notAfter) = (looks(.validityNotStarted, path), looks(.validityEnded, path))
        var (from, until) = (Instant.earliest, Instant.latest)
        for (depth, certificate) in path.certificates.enumerated() where depth > 0 {
            let place: Place = depth == path.certificates.count - 1 ? .anchor : .intermediate
            if notBefore[place] { from = max(from, certificate.notBefore ?? from) }
            if notAfter[place] { until = min(until, certificate.notAfter ?? until) }
        }
        return min(from, until)...until
    }

    /// Nil when the dates that count have no common second, or one of them cannot be read.
    func validity(_ path: JudgedPath) -> PathValidity? {
        let (notBefore, notAfter) = (looks(.validityNotStarted, path), looks(.validityEnded, path))
        var (from, until) = (Instant.earliest, Instant.latest)
        var begins = PathValidity.Edge(cause: .notYetValid, certificate: path.certificates[0].sha256)
        var ends = PathValidity.Edge(cause: .leafExpires, certificate: path.certificates[0].sha256)
        for (depth, certificate) in path.certificates.enumerated() {
            guard let start = certificate.notBefore, let end = certificate.notAfter else { return nil }
            let isLast = depth == path.certificates.count - 1 && path.path.end == .anchor
            let place: Place = depth == 0 ? .leaf : isLast ? .anchor : .intermediate
            if notBefore[place], start > from {
                from = start
                begins = PathValidity.Edge(cause: .notYetValid, certificate: certificate.sha256)
            }
            if notAfter[place], end < until {
                until = end
                let cause: FirstBreak.Cause =
                    switch place {
                    case .leaf: .leafExpires
                    case .intermediate: .issuerExpires
                    case .anchor: .anchorExpires
                    }
                ends = PathValidity.Edge(cause: cause, certificate: certificate.sha256)
            }
        }
        if let anchor = path.path.anchor,
            let last = store.conditions(on: path)?.anyUseUntil, last < until
        {
            until = last
            ends = PathValidity.Edge(cause: .anchorDistrusted, certificate: anchor.sha256)
        }
        return from <= until ? PathValidity(interval: from...until, begins: begins, ends: ends) : nil
    }
}
