/// Answers of name servers for as long as their TTL allows (RFC 1035 §3.2.1). Failures are not kept: a name
/// that was mended is seen at once.
struct AnswerCache {
    /// Twice a scan of 5,000 names; about 2 MB.
    static let maximumNames = 10_000
    /// A service that moved is found again within five minutes, whatever the TTL says.
    static let maximumSeconds = 300

    private var entries: [String: (addresses: [IPAddress], until: ContinuousClock.Instant)] = [:]

    var count: Int { entries.count }

    func addresses(of name: String, at now: ContinuousClock.Instant) -> [IPAddress]? {
        guard let entry = entries[name], entry.until > now else { return nil }
        return entry.addresses
    }

    /// A TTL of zero is for the one lookup alone.
    mutating func keep(
        _ addresses: [IPAddress], of name: String, seconds: Int, at now: ContinuousClock.Instant
    ) {
        guard seconds > 0 else { return }
        if entries.count >= Self.maximumNames, entries[name] == nil {
            entries = entries.filter { $0.value.until > now }
            // All of them are young: what is asked again is learnt again.
            if entries.count >= Self.maximumNames { entries = [:] }
        }
        entries[name] = (addresses, now + .seconds(min(seconds, Self.maximumSeconds)))
    }
}
