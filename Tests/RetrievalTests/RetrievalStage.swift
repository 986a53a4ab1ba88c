import Certificates
import Counters
import Egress
import Fixtures
import Logging
import Reports
import Testing

@testable import Retrieval

/// A retriever and the short ways to use it.
struct RetrievalStage {
    let retriever: Retriever
    let counters = Registry()

    /// The clock of all tests.
    static let now = Instant(seconds: 1_790_000_000)

    init(
        policy: EgressPolicy = EgressPolicy(.all), hosts: String = "", servers: String = "127.0.0.1:1",
        limits: DestinationLimits = DestinationLimits(), folder: String? = nil, proxy: Proxy? = nil
    ) throws {
        retriever = Retriever(
            policy: policy, resolver: Resolver(hosts: HostsFile(contents: hosts), servers: servers),
            limits: limits, folder: try folder.map { try CacheFolder($0) }, proxy: proxy, counters: counters,
            logger: Logger(label: "test"))
    }

    /// A time-out that no test waits for unless it is about time.
    func fetch(
        _ url: String, _ kind: Wanted.Kind = .crl, request: [UInt8]? = nil, at now: Instant = now,
        timeout: Duration = .seconds(60)
    ) async -> Fetched {
        let wanted = Wanted(
            kind: kind, url: url, certificate: SHA256Digest(of: Array(url.utf8)), request: request)
        return await retriever.fetch(wanted, now: now, deadline: .now + timeout)
    }

    /// The octets, which must have come.
    func octets(
        _ url: String, _ kind: Wanted.Kind = .crl, request: [UInt8]? = nil, at now: Instant = now
    ) async throws -> [UInt8] {
        try await fetch(url, kind, request: request, at: now).result.get().array
    }

    func failure(
        _ url: String, _ kind: Wanted.Kind = .crl, at now: Instant = now, timeout: Duration = .seconds(60)
    ) async -> FetchFailure.Code? {
        await fetch(url, kind, at: now, timeout: timeout).failure
    }

    /// Of a counter, over all labels that are not named.
    func count(_ name: String, _ labels: Registry.Label...) -> Int64 {
        counters.snapshot().filter { $0.name == name && labels.allSatisfy($0.labels.contains) }
            .reduce(0) { sum, series in
                if case .counter(let value) = series.value { sum + value } else { sum }
            }
    }
}

extension Fetched {
    var failure: FetchFailure.Code? {
        if case .failure(let failure) = result { failure.code } else { nil }
    }
}
