import Reports

/// Which form of a report the Accept field asks for (RFC 9110 §12.5.1).
enum Negotiation {
    /// JSON unless plain text is preferred; nil when neither is accepted.
    static func format(accept: String?) -> Format? {
        guard let accept, !accept.isEmpty else { return .json }
        let json = quality(of: ["application/json", "application/*", "*/*"], in: accept)
        let problem = quality(of: ["application/problem+json"], in: accept)
        let text = quality(of: ["text/plain", "text/*", "*/*"], in: accept)
        let asJSON = max(json ?? 0, problem ?? 0)
        guard asJSON > 0 || (text ?? 0) > 0 else { return nil }
        return (text ?? 0) > asJSON ? .text : .json
    }

    /// JSON as lines when they are asked for by name, else as one array; text when it is preferred; nil when
    /// none of them is accepted.
    static func scanForm(accept: String?) -> ScanForm? {
        guard let accept, !accept.isEmpty else { return .array }
        let lines = quality(of: ["application/x-ndjson"], in: accept) ?? 0
        let json = quality(of: ["application/json", "application/*", "*/*"], in: accept) ?? 0
        let text = quality(of: ["text/plain", "text/*", "*/*"], in: accept) ?? 0
        guard max(lines, json, text) > 0 else { return nil }
        guard text <= max(lines, json) else { return .other(.text) }
        return lines >= json ? .lines : .array
    }

    /// The weight of the most specific range that matches, from 0 to 1.
    private static func quality(of ranges: [String], in accept: String) -> Double? {
        let offered = accept.split(separator: ",").map { part -> (range: String, weight: Double) in
            let pieces = part.split(separator: ";").map { $0.trimmed.lowercased() }
            let weight =
                pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return (pieces.first ?? "", weight)
        }
        for range in ranges {
            if let match = offered.first(where: { $0.range == range }) { return match.weight }
        }
        return nil
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    var trimmed: SubSequence {
        guard let first = firstIndex(where: { $0 != " " && $0 != "\t" }) else { return self[endIndex...] }
        var end = endIndex
        while end > first, self[index(before: end)] == " " || self[index(before: end)] == "\t" {
            end = index(before: end)
        }
        return self[first..<end]
    }
}
