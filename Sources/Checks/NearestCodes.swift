import Reports

extension Catalogue {
    /// Longer than any `check/reason`; what is longer is cut, so that the comparison stays cheap.
    private static let longestCode = 80

    /// The codes most like one that is none, the likest first: those that contain it, then by the letters
    /// that have to be changed.
    package static func nearest(to code: String, limit: Int = 3) -> [String] {
        let sought = String(code.lowercased().prefix(longestCode))
        let candidates =
            sought.contains("/")
            ? entries.flatMap { entry in entry.reasons.map { "\(entry.id.rawValue)/\($0.reason.rawValue)" } }
            : CheckID.allCases.map(\.rawValue) + Reason.allCases.map(\.rawValue)
        // At equal distance the catalogue's order decides: `sorted` alone is not promised to be stable.
        let ranked = candidates.enumerated().map { index, candidate in
            let contains = sought.count >= 3 && candidate.contains(sought)
            return (contains ? 0 : distance(sought, candidate), index, candidate)
        }
        return ranked.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.prefix(limit).map(\.2)
    }

    /// Levenshtein's, over octets.
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}
