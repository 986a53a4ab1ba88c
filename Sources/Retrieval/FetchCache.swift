import Certificates
import Reports
import Synchronization

/// An answer that may be used again.
struct CacheEntry: Sendable {
    /// Where it came from after redirects.
    var url: String
    var etag: String?
    var lastModified: String?
    var octets: Octets
    /// When it was asked for, or last confirmed.
    var at: Instant
    /// Seconds from then.
    var lifetime: Int64

    func isFresh(at now: Instant) -> Bool { (0..<lifetime).contains(now - at) }

    /// RFC 9110 §13.1: fields that ask for it only if it changed.
    var conditions: [String] {
        (etag.map { ["If-None-Match: " + $0] } ?? [])
            + (lastModified.map { ["If-Modified-Since: " + $0] } ?? [])
    }
}

/// What was fetched, in memory and, with a folder, on disk. Failures are remembered in memory alone.
final class FetchCache: Sendable {
    /// Entries held in memory: a scan of a thousand hosts, four each.
    static let maximumEntries = 4096
    /// Octets held in memory. Large bodies are files and do not count.
    static let maximumOctets = 32 << 20

    fileprivate struct State {
        var entries: [FetchKey: (entry: CacheEntry, used: Int)] = [:]
        var octets = 0
        var failures: [FetchKey: (failure: FetchFailure, at: Instant)] = [:]
        var clock = 0
    }

    private let state = Mutex(State())

    private let folder: CacheFolder?

    init(_ folder: CacheFolder? = nil) { self.folder = folder }

    func entry(for key: FetchKey) -> CacheEntry? {
        let held = state.withLock { state in
            state.clock += 1
            state.entries[key]?.used = state.clock
            return state.entries[key]?.entry
        }
        guard let folder else { return held }
        let found = held ?? folder.entry(key.name)
        guard let found else { return nil }
        folder.touch(found, key.name)
        if held == nil { state.withLock { $0.hold(found, for: key) } }
        return found
    }

    /// - Parameter spill: the file that the octets came in, if they did.
    func keep(_ entry: CacheEntry, for key: FetchKey, _ spill: Spill? = nil) {
        state.withLock { $0.hold(entry, for: key) }
        folder?.keep(entry, key.name, spill)
    }

    /// The server said that nothing has changed.
    func confirm(_ entry: CacheEntry, for key: FetchKey) {
        state.withLock { $0.hold(entry, for: key) }
        folder?.confirm(entry, key.name)
    }

    func drop(_ key: FetchKey) {
        state.withLock { $0.drop(key) }
        folder?.drop(key.name)
    }

    /// What was not there a moment ago is not asked for again.
    func failure(for key: FetchKey, at now: Instant) -> (failure: FetchFailure, at: Instant)? {
        state.withLock { state in
            guard let known = state.failures[key] else { return nil }
            if (0..<Freshness.failure).contains(now - known.at) { return known }
            state.failures[key] = nil
            return nil
        }
    }

    func keep(_ failure: FetchFailure, for key: FetchKey, at now: Instant) {
        state.withLock { state in
            if state.failures.count >= Self.maximumEntries {
                state.failures = state.failures.filter { (0..<Freshness.failure).contains(now - $0.value.at) }
                // All of them are young: what is asked again fails again.
                if state.failures.count >= Self.maximumEntries { state.failures = [:] }
            }
            state.failures[key] = (failure, now)
        }
    }
}

extension FetchCache.State {
    fileprivate mutating func hold(_ entry: CacheEntry, for key: FetchKey) {
        drop(key)
        clock += 1
        entries[key] = (entry, clock)
        octets += entry.cost
        while octets > FetchCache.maximumOctets || entries.count > FetchCache.maximumEntries,
            let oldest = entries.min(by: { $0.value.used < $1.value.used })
        {
            drop(oldest.key)
        }
    }

    fileprivate mutating func drop(_ key: FetchKey) {
        if let old = entries.removeValue(forKey: key) { octets -= old.entry.cost }
    }
}

extension CacheEntry {
    /// A mapped body costs no memory of ours.
    fileprivate var cost: Int { octets.count > TransferLimits.held ? 0 : octets.count }
}
