/// What a fetch needs of the header section of an answer (RFC 9110 §6.3).
struct AnswerHeaders: Sendable, Equatable {
    /// Octets of all header sections of one answer, interim ones included: twice what servers accept of us;
    /// answers of CRL servers have below one kilobyte.
    static let maximumOctets = 16_384

    private static let wanted: Set = [
        "age", "cache-control", "content-encoding", "content-type", "date", "etag", "expires",
        "last-modified", "location", "vary",
    ]

    private(set) var status = 0
    private var fields: [String: String] = [:]

    init(status: Int = 0, _ fields: [String: String] = [:]) { (self.status, self.fields) = (status, fields) }

    /// Lower-case name; several fields of one name are joined by commas (RFC 9110 §5.3).
    subscript(name: String) -> String? { fields[name] }

    /// Takes one line. A status line begins anew: what came before was interim.
    mutating func take(_ line: some StringProtocol) {
        if line.hasPrefix("HTTP/") {
            let words = line.split(separator: " ", maxSplits: 2)
            self = AnswerHeaders(status: words.count > 1 ? Int(words[1]) ?? 0 : 0)
            return
        }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return }
        let name = parts[0].lowercased()
        guard Self.wanted.contains(name) else { return }
        let value = String(Substring(parts[1]).drop { $0 == " " || $0 == "\t" }.trimmingEnd())
        fields[name] = fields[name].map { $0 + ", " + value } ?? value
    }
}

extension Substring {
    fileprivate func trimmingEnd() -> Substring {
        guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return self[...last]
    }
}
