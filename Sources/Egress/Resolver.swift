import Glibc
import Synchronization

/// Names to addresses: the hosts file, then A and AAAA together by c-ares on one thread of its own.
///
/// Nothing blocks a caller's thread, nobody waits beyond the deadline given, and one name asked by many
/// callers at once is one lookup. A cancelled task waits no longer.
package final class Resolver: Sendable {
    private let hosts: HostsFile
    private let inbox: Inbox

    /// Callers that may wait at once; above it `resolverFailed`. Ten times the names that half a second
    /// resolves.
    package static let maximumWaiting = 50_000

    /// - Parameters:
    ///   - hosts: the local table, which is asked first.
    ///   - servers: name servers as `address` or `address:port`, separated by commas
    ///     (ares_set_servers_ports_csv); nil takes those of resolv.conf.
    package init(hosts: HostsFile = HostsFile(), servers: String? = nil) {
        self.hosts = hosts
        inbox = Inbox()
        ResolverThread.start(inbox: inbox, servers: servers)
    }

    deinit { inbox.close() }

    /// The addresses of `name`, which is in A-labels, in the order in which to try them (RFC 6724 §6), never
    /// empty.
    package func addresses(
        of name: String, timeout: Duration
    ) async throws(ResolutionFailure) -> [IPAddress] {
        if let known = hosts[name] { return known }
        // RFC 1035 §2.3.4: 255 octets on the wire are 253 characters of text.
        guard (1...254).contains(name.utf8.count), !name.utf8.contains(0) else { throw .nameNotFound }
        let deadline = ContinuousClock.now + timeout
        let promise = Inbox.Answer()
        return try await withTaskCancellationHandler {
            await promise.answer {
                inbox.put(Inbox.Request(name: name.lowercased(), deadline: deadline, answer: promise))
            }
        } onCancel: {
            promise.resume(returning: .failure(.timeout))
        }.get()
    }
}

/// What callers hand to the resolver's thread. A byte through a socket pair wakes it.
final class Inbox: Sendable {
    typealias Answer = Promise<Result<[IPAddress], ResolutionFailure>>

    struct Request: Sendable {
        let name: String
        let deadline: ContinuousClock.Instant
        let answer: Answer
    }

    private struct State {
        var waiting: [Request] = []
        var pending = 0
        var closed = false
    }

    private let state = Mutex(State())
    /// Nil when the process has no descriptors left; then every request fails at once.
    private let pair: (read: Int32, write: Int32)?

    init() {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        pair = socketpair(AF_UNIX, kind, 0, &ends) == 0 ? (ends[0], ends[1]) : nil
    }

    deinit {
        if let pair {
            Glibc.close(pair.read)
            Glibc.close(pair.write)
        }
    }

    var descriptor: Int32? { pair?.read }

    func put(_ request: Request) {
        let refused: String? = state.withLock { state in
            if state.closed || pair == nil { return "the resolver is closed" }
            if state.pending >= Resolver.maximumWaiting { return "too many lookups are waiting" }
            state.pending += 1
            state.waiting.append(request)
            return nil
        }
        if let refused { return request.answer.resume(returning: .failure(.resolverFailed(refused))) }
        wake()
    }

    /// Requests since the last call, and whether the resolver is gone.
    func take() -> (requests: [Request], closed: Bool) {
        if let pair {
            var bytes = [UInt8](repeating: 0, count: 256)
            while read(pair.read, &bytes, bytes.count) == bytes.count {}
        }
        return state.withLock { state in
            defer { state.waiting = [] }
            return (state.waiting, state.closed)
        }
    }

    func answered(_ count: Int) { state.withLock { $0.pending -= count } }

    func close() {
        state.withLock { $0.closed = true }
        wake()
    }

    private func wake() {
        guard let pair else { return }
        var byte: UInt8 = 1
        // A full socket means that the thread has not woken yet: it will see everything.
        _ = write(pair.write, &byte, 1)
    }
}
