import Certificates
import Counters
import Egress
import Logging
import Reports

/// Fetches what certificates name: issuers, OCSP responses and CRLs, by http and https, under the egress
/// policy.
///
/// By https libcurl verifies the server against the system's anchors and fetches nothing for it: what is
/// fetched is signed anyway, and a fetch that needed another fetch to be believed could go on without end. A
/// server that does not stand is `tls`.
///
/// It reads no calendar: `now` comes with each call and decides what is fresh.
package final class Retriever: Sendable {
    private let exchange: Exchange
    private let queue = TransferQueue()
    private let flights = Flights()
    private let cache: FetchCache
    private let counters: Registry
    private let logger: Logger

    /// - Parameters:
    ///   - policy: asked for every address, also after redirects.
    ///   - limits: for each address, whoever asks.
    ///   - folder: where what was fetched is kept for the next process, too. Nil: in memory alone, large
    ///     bodies in files without a name.
    ///   - proxy: every connection goes through it by CONNECT, those for http, too. Never from the
    ///     environment.
    package init(
        policy: EgressPolicy, resolver: Resolver = Resolver(),
        limits: DestinationLimits = DestinationLimits(),
        folder: CacheFolder? = nil, proxy: Proxy? = nil, counters: Registry = .shared, logger: Logger
    ) {
        (self.counters, self.logger) = (counters, logger)
        cache = FetchCache(folder)
        exchange = Exchange(
            resolver: resolver, policy: policy, gate: DestinationGate(limits), proxy: proxy, queue: queue,
            folder: folder?.path)
        TransferThread.start(queue: queue)
    }

    deinit { queue.close() }

    /// Ends what is in flight, whose callers learn `budget`, and returns when the thread is gone. Who fetches
    /// later learns the same.
    package func close() async {
        flights.close()
        queue.close()
        await queue.ended()
    }

    /// Callers that wait.
    var waiting: Int { flights.waiting }

    /// Never fails and never waits beyond the deadline. Several callers who want the same are one fetch.
    package func fetch(
        _ wanted: Wanted, now: Instant, deadline: ContinuousClock.Instant
    ) async -> Fetched {
        let key = FetchKey(wanted)
        let landed = await flights.landed(key, now: now, by: deadline, mayGoOn: wanted.kind == .crl) {
            [self] in await land(key, now: now)
        }
        count(wanted.kind, landed.result)
        return Fetched(wanted: wanted, result: landed.result, at: landed.at)
    }

    private func land(_ key: FetchKey, now: Instant) async -> Landed {
        let known = cache.entry(for: key)
        if let known, known.isFresh(at: now) {
            count(key.kind, cached: "fresh")
            return Landed(result: .success(known.octets), at: known.at)
        }
        if let failure = cache.failure(for: key, at: now) {
            count(key.kind, cached: "failure")
            return Landed(result: .failure(failure.failure), at: failure.at)
        }
        do throws(FetchFailure) {
            let octets = try await load(key, known, now: now)
            return Landed(result: .success(octets), at: now)
        } catch {
            logger.debug("not fetched", metadata: ["url": "\(key.url)", "code": "\(error.code.rawValue)"])
            // What we ourselves gave up says nothing of the server; that it cannot be reached is known of all
            // its URLs already.
            if ![.budget, .connect, .resolve].contains(error.code) { cache.keep(error, for: key, at: now) }
            return Landed(result: .failure(error), at: now)
        }
    }

    private func load(
        _ key: FetchKey, _ known: CacheEntry?, now: Instant
    ) async throws(FetchFailure) -> Octets {
        let limits = TransferLimits(key.kind)
        let answer = try await ask(key, known, limits, now: now, deadline: .now + limits.time)
        if answer.headers.status == 304, var known {
            count(key.kind, cached: "confirmed")
            known.at = now
            known.lifetime = Freshness.lifetime(answer.headers, key.kind, now: now) ?? 0
            cache.confirm(known, for: key)
            return known.octets
        }
        guard answer.headers.status == 200 else {
            throw FetchFailure(.status, "HTTP status \(answer.headers.status)")
        }
        // None was asked for, so what came is not what it says it is; and nothing here unpacks.
        if let coding = answer.headers["content-encoding"], coding.lowercased() != "identity" {
            throw FetchFailure(.transfer, "the server sent a coded body, which was not asked for")
        }
        let (octets, spill) = try octets(answer.body)
        counters.increment("catenary_fetched_octets_total", labels(key.kind), by: Int64(octets.count))
        if let lifetime = Freshness.lifetime(answer.headers, key.kind, now: now) {
            let entry = CacheEntry(
                url: answer.url.text, etag: CacheRecord.field(answer.headers["etag"]),
                lastModified: CacheRecord.field(answer.headers["last-modified"]), octets: octets, at: now,
                lifetime: lifetime)
            cache.keep(entry, for: key, spill)
        } else {
            cache.drop(key)
        }
        return octets
    }

    private func ask(
        _ key: FetchKey, _ known: CacheEntry?, _ limits: TransferLimits, now: Instant,
        deadline: ContinuousClock.Instant
    ) async throws(FetchFailure) -> Exchange.Answer {
        var question = Exchange.Question(url: try FetchURL(key.url), limits: limits, now: now)
        if let known, !known.conditions.isEmpty { question.conditions = (known.url, known.conditions) }
        guard key.kind == .ocsp, let request = key.request else {
            return try await exchange.ask(question, deadline: deadline)
        }
        question.headers = ["Accept: application/ocsp-response"]
        let responder = question.url
        if let short = OCSPQuestion.url(responder, request) {
            question.url = short
            let answer = try await exchange.ask(question, deadline: deadline)
            if OCSPQuestion.isAnswered(answer) { return answer }
        }
        question.url = responder
        question.post = request
        question.conditions = nil
        question.headers.append("Content-Type: application/ocsp-request")
        return try await exchange.ask(question, deadline: deadline)
    }

    private func octets(_ body: TransferAnswer.Body) throws(FetchFailure) -> (Octets, Spill?) {
        switch body {
        case .bytes(let bytes): return (Octets(bytes), nil)
        case .spilled(let spill):
            guard let octets = spill.octets() else {
                throw FetchFailure(.transfer, "what was written cannot be read")
            }
            return (octets, spill)
        }
    }

    private func labels(_ kind: Wanted.Kind) -> [Registry.Label] { [Registry.Label("kind", kind.rawValue)] }

    private func count(_ kind: Wanted.Kind, cached: String) {
        counters.increment(
            "catenary_fetch_cache_hits_total", labels(kind) + [Registry.Label("state", cached)])
    }

    private func count(_ kind: Wanted.Kind, _ result: Result<Octets, FetchFailure>) {
        let outcome: String
        switch result {
        case .success: outcome = "ok"
        case .failure(let failure): outcome = failure.code.rawValue
        }
        counters.increment("catenary_fetches_total", labels(kind) + [Registry.Label("result", outcome)])
    }
}
