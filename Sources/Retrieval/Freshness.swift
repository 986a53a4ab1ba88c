import CCurl
import Certificates
import Reports

/// For how long an answer may be used without asking again (RFC 9111 §4.2).
enum Freshness {
    /// Seconds; nil when it must not be stored at all. Zero: it is asked for again each time, with a
    /// condition.
    ///
    /// What the server says counts up to the most of its kind. Without its word it is a tenth of the time
    /// since the last change (§4.2.2), and without that the kind's usual one.
    static func lifetime(_ headers: AnswerHeaders, _ kind: Wanted.Kind, now: Instant) -> Int64? {
        let directives = directives(headers["cache-control"] ?? "")
        if directives["no-store"] != nil { return nil }
        if directives["no-cache"] != nil || headers["vary"]?.contains("*") == true { return 0 }
        let date = headers["date"].flatMap(date) ?? now
        let said: Int64
        if let age = directives["max-age"] {
            // Whoever cannot be understood is stale (§4.2.1).
            said = Int64(age) ?? 0
        } else if let expires = headers["expires"] {
            said = Self.date(expires).map { $0 - date } ?? 0
        } else if let changed = headers["last-modified"].flatMap(Self.date) {
            said = (date - changed) / 10
        } else {
            said = usual(kind)
        }
        let age = headers["age"].flatMap { Int64($0) } ?? 0
        return min(max(0, said - max(0, age)), most(kind))
    }

    /// An issuer's certificate does not change, and a mended URL is seen the next day. A responder signs anew
    /// every few hours, and a revocation is to be seen within one. Of a CRL the first to know is who asks,
    /// and asking with a condition costs little.
    static func most(_ kind: Wanted.Kind) -> Int64 {
        switch kind {
        case .issuer: 86_400
        case .ocsp: 3600
        case .crl: 4 * 3600
        }
    }

    static func usual(_ kind: Wanted.Kind) -> Int64 {
        switch kind {
        case .issuer: 3600
        case .ocsp: 300
        case .crl: 900
        }
    }

    /// A dead server is asked twice a minute by all checks together, and a mended one is seen at once by
    /// whoever mended it.
    static let failure: Int64 = 30

    /// RFC 9111 §5.2: names in lower case; of a name that is repeated the first counts.
    private static func directives(_ text: String) -> [String: String] {
        var found: [String: String] = [:]
        for part in text.split(separator: ",") {
            let words = part.split(separator: "=", maxSplits: 1)
            guard let name = words.first?.filter({ !$0.isWhitespace }).lowercased(), found[name] == nil else {
                continue
            }
            found[name] = words.count > 1 ? words[1].filter { $0 != "\"" && !$0.isWhitespace } : ""
        }
        return found
    }

    /// Any form of RFC 9110 §5.6.7.
    static func date(_ text: String) -> Instant? {
        let seconds = curl_getdate(text, nil)
        return seconds == -1 ? nil : Instant(seconds: Int64(seconds))
    }
}
