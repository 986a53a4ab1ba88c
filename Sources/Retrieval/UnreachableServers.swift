import Certificates
import Reports
import Synchronization

/// Servers that could not be reached a moment ago: one that swallows packets must not cost every certificate
/// of a scan its time-out, nor hold all transfers.
final class UnreachableServers: Sendable {
    /// More are forgotten: what is asked again fails again.
    static let maximum = 4096

    private let known = Mutex<[String: (failure: FetchFailure, at: Instant)]>([:])

    func failure(of url: FetchURL, at now: Instant) -> FetchFailure? {
        known.withLock { known in
            guard let found = known[Self.key(url)] else { return nil }
            if (0..<Freshness.failure).contains(now - found.at) { return found.failure }
            known[Self.key(url)] = nil
            return nil
        }
    }

    /// Only what is true of every URL of the server.
    func remember(_ failure: FetchFailure, of url: FetchURL, at now: Instant) {
        guard failure.code == .connect || failure.code == .resolve else { return }
        known.withLock { known in
            if known.count >= Self.maximum { known = [:] }
            known[Self.key(url)] = (failure, now)
        }
    }

    private static func key(_ url: FetchURL) -> String { "\(url.host.lowercased()):\(url.port)" }
}
