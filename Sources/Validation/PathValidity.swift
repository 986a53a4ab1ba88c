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

/// At which places a client looks at which date. Asked of the client's data by way of the finding that a date
/// would make, so that nothing else has to know how tolerance is written down.
struct DatesLookedAt: Sendable {
    private let store: StoreJudge

    init(_ store: StoreJudge) { self.store = store }

    private static let checks: [(Place, CheckID)] = [
        (.leaf, .timeLeaf), (.intermediate, .timeIssuer), (.anchor, .anchorValidity),
    ]

    private static let everywhere: [Place: Bool] = [.leaf: true, .intermediate: true, .anchor: true]

    private func looks(_ reason: Reason, _ path: JudgedPath) -> [Place: Bool] {
        if !store.speaksOfDates, path.path.anchor.flatMap({ store.flagged[$0.sha256] }) == nil {
            return Self.everywhere
        }
        return looked(reason, path)
    }

    private func looked(_ reason: Reason, _ path: JudgedPath) -> [Place: Bool] {
        Dictionary(
            uniqueKeysWithValues: Self.checks.map { place, check in
                let finding = Finding(
                    check: check, kind: .path, reason: reason, severity: .error, message: "", place: place,
                    reference: "")
                return (place, store.weight(of: finding, on: path) != .ignored)
            })
    }

    /// The common validity of what stands above the end entity, where the client looks; empty ranges become
    /// their end.
    func issuers(_ path: JudgedPath) -> ClosedRange<Instant> {
        let (notBefore, notAfter) = (looks(.validityNotStarted, path), looks(.validityEnded, path))
        var (from, until) = (Instant.earliest, Instant.latest)
        for (depth, certificate) in path.certificates.enumerated() where depth > 0 {
            let place: Place = depth == path.certificates.count - 1 ? .anchor : .intermediate
            if notBefore[place] == true { from = max(from, certificate.notBefore ?? from) }
            if notAfter[place] == true { until = min(until, certificate.notAfter ?? until) }
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
            let isLast = depth == path.certificates.count - 1
            let place: Place = depth == 0 ? .leaf : isLast ? .anchor : .intermediate
            if notBefore[place] == true, start > from {
                from = start
                begins = PathValidity.Edge(cause: .notYetValid, certificate: certificate.sha256)
            }
            if notAfter[place] == true, end < until {
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
            let last = StoreConditions(store.store, anchor: anchor, purpose: path.purpose).anyUseUntil,
            last < until
        {
            until = last
            ends = PathValidity.Edge(cause: .anchorDistrusted, certificate: anchor.sha256)
        }
        return from <= until ? PathValidity(interval: from...until, begins: begins, ends: ends) : nil
    }
}
