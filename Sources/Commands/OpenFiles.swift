import Foundation

/// The sockets that this process may have.
enum OpenFiles {
    /// For what is no probe: standard streams, event loops, files, connections of clients.
    private static let reserve = 256

    /// Raises the soft limit as far as the hard one allows (getrlimit(2)) and returns how many are left for
    /// probes, at least one.
    static func raise() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        // Sixteen thousand serve any scan; some systems say infinity and mean a table of that size.
        let wanted = min(limit.rlim_max, 16_384)
        if wanted > limit.rlim_cur {
            limit.rlim_cur = wanted
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            _ = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return max(1, Int(clamping: limit.rlim_cur) - reserve)
    }
}
