import Certificates
import Reports

/// `check --serves`: asks, with `--wait` again and again, until every address serves the certificate, or the
/// time is over.
struct ServedWait {
    /// A server reloads in seconds, and each attempt is a handshake with each address.
    static let pause = Duration.seconds(1)

    let serves: SHA256Digest
    let limit: Duration

    /// The last report, and who did not serve the certificate then; the time counts from the first attempt.
    func run(
        _ ask: () async throws(OptionErrors) -> Report
    ) async throws(OptionErrors) -> (report: Report, missing: [String]) {
        let deadline = ContinuousClock.now + limit
        while true {
            let report = try await ask()
            let missing = report.notServing(serves)
            guard !missing.isEmpty, ContinuousClock.now + Self.pause < deadline else {
                return (report, missing)
            }
            do {
                try await Task.sleep(for: Self.pause)
            } catch {
                return (report, missing)
            }
        }
    }
}

extension Report {
    /// Addresses that serve another end entity, or none, each with what it does.
    func notServing(_ digest: SHA256Digest) -> [String] {
        guard let fleet else {
            guard leaf != digest else { return [] }
            return [Self.told(target?.address ?? target?.host ?? "the server", leaf)]
        }
        let others = fleet.groups.filter { $0.leaf != digest }.flatMap { group in
            group.addresses.map { Self.told($0, group.leaf) }
        }
        // Without IPv6 of its own this host can say nothing of a server's.
        let failed = fleet.failed.filter { $0.reason != .noRoute }
        return others + failed.map { "\($0.address): no certificate (\($0.reason.rawValue))" }
    }

    private static func told(_ address: String, _ leaf: SHA256Digest?) -> String {
        "\(address): " + (leaf.map { "another certificate (\($0.hex.prefix(16))…)" } ?? "no certificate")
    }
}
