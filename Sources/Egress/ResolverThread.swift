import CAres
import Glibc

/// The thread that owns the c-ares channel; only `Inbox` is shared. Event threads of c-ares begin with 1.26,
/// so it polls the sockets that `sock_state_cb` names.
final class ResolverThread {
    /// Names in flight; more than 64 at once lost datagrams in the socket's buffer.
    static let maximumInFlight = 64
    /// The first try waits half a second, the next ones double: a dead server costs 3.5 s at most.
    static let tryMilliseconds: Int32 = 500
    static let tries: Int32 = 3

    private let inbox: Inbox
    private var channel: ares_channel?
    private var sockets: [Int32: Int16] = [:]
    private var lookups: [String: [Inbox.Request]] = [:]
    /// Names not yet asked, oldest first; may hold names that nobody waits for any more.
    private var queue: [String] = []
    private var queueHead = 0
    /// The nearest deadline of all that wait.
    private var nextExpiry: ContinuousClock.Instant?
    private var inFlight: Set<String> = []
    private var answers = AnswerCache()

    private init(inbox: Inbox) { self.inbox = inbox }

    static func start(inbox: Inbox, servers: String?) {
        // Without a descriptor the inbox refuses everybody, and there is nothing to wait for.
        guard inbox.descriptor != nil else { return }
        let boxed = Unmanaged.passRetained(Start(inbox: inbox, servers: servers))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, resolverMain, boxed.toOpaque())
        if status == 0 {
            pthread_detach(thread)
        } else {
            boxed.release()
            inbox.close()
        }
    }

    final class Start {
        let inbox: Inbox
        let servers: String?
        init(inbox: Inbox, servers: String?) { (self.inbox, self.servers) = (inbox, servers) }
    }

    static func run(_ start: Start) {
        ResolverThread(inbox: start.inbox).run(servers: start.servers)
    }

    /// libcares wants one call before any other, made once.
    private static let libraryStatus = ares_library_init(ARES_LIB_INIT_ALL)

    private func open(servers: String?) -> Int32 {
        guard Self.libraryStatus == ARES_SUCCESS else { return Self.libraryStatus }
        var options = ares_options()
        options.timeout = Self.tryMilliseconds
        options.tries = Self.tries
        options.sock_state_cb = socketState
        options.sock_state_cb_data = Unmanaged.passUnretained(self).toOpaque()
        let mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB | ARES_OPT_LOOKUPS
        // b: name servers only. The hosts file is ours: c-ares reads it anew for every name.
        let status = "b".withCString { lookups in
            options.lookups = UnsafeMutablePointer(mutating: lookups)
            return ares_init_options(&channel, &options, mask)
        }
        guard status == ARES_SUCCESS, let servers else { return status }
        return ares_set_servers_ports_csv(channel, servers)
    }

    private func run(servers: String?) {
        let status = open(servers: servers)
        while true {
            let (requests, closed) = inbox.take()
            if closed || status != ARES_SUCCESS {
                let text = closed ? "the resolver is closed" : String(cString: ares_strerror(status))
                if !closed { inbox.close() }
                finish(requests + lookups.values.flatMap { $0 }, .failure(.resolverFailed(text)))
                lookups = [:]
                if closed { break }
                continue
            }
            accept(requests)
            expire()
            launch()
            poll()
        }
        if let channel { ares_destroy(channel) }
    }

    private func accept(_ requests: [Inbox.Request]) {
        let now = ContinuousClock.now
        for request in requests {
            if let known = answers.addresses(of: request.name, at: now) {
                finish([request], .success(known))
                continue
            }
            if lookups[request.name] == nil { queue.append(request.name) }
            lookups[request.name, default: []].append(request)
            nextExpiry = min(nextExpiry ?? request.deadline, request.deadline)
        }
    }

    /// Ends the waiting of those whose time is over; the lookup itself goes on for the others.
    private func expire() {
        let now = ContinuousClock.now
        guard let nextExpiry, nextExpiry <= now else { return }
        var nearest: ContinuousClock.Instant?
        for (name, waiting) in lookups {
            let left = waiting.filter { $0.deadline > now }
            if left.count < waiting.count {
                finish(waiting.filter { $0.deadline <= now }, .failure(.timeout))
                lookups[name] = left.isEmpty && !inFlight.contains(name) ? nil : left
            }
            for request in left { nearest = min(nearest ?? request.deadline, request.deadline) }
        }
        self.nextExpiry = nearest
    }

    private func launch() {
        while inFlight.count < Self.maximumInFlight, queueHead < queue.count {
            let name = queue[queueHead]
            queueHead += 1
            guard lookups[name] != nil, !inFlight.contains(name) else { continue }
            inFlight.insert(name)
            var hints = ares_addrinfo_hints()
            hints.ai_family = AF_UNSPEC
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            let argument = Unmanaged.passRetained(Lookup(thread: self, name: name))
            ares_getaddrinfo(channel, name, nil, &hints, addressesFound, argument.toOpaque())
        }
        if queueHead == queue.count || queueHead > 1024 {
            queue.removeFirst(queueHead)
            queueHead = 0
        }
    }

    final class Lookup {
        let thread: ResolverThread
        let name: String
        init(thread: ResolverThread, name: String) { (self.thread, self.name) = (thread, name) }
    }

    fileprivate func answered(_ name: String, status: Int32, found: UnsafeMutablePointer<ares_addrinfo>?) {
        defer { if let found { ares_freeaddrinfo(found) } }
        inFlight.remove(name)
        let waiting = lookups.removeValue(forKey: name) ?? []
        let result = Self.result(status, found)
        if case .success(let addresses) = result {
            answers.keep(addresses, of: name, seconds: Self.lifetime(of: found), at: .now)
        }
        finish(waiting, result)
    }

    private func finish(_ requests: [Inbox.Request], _ result: Result<[IPAddress], ResolutionFailure>) {
        inbox.answered(requests.count)
        for request in requests { request.answer.resume(returning: result) }
    }

    private static func result(
        _ status: Int32, _ found: UnsafeMutablePointer<ares_addrinfo>?
    ) -> Result<[IPAddress], ResolutionFailure> {
        switch status {
        case ARES_SUCCESS:
            let addresses = addresses(in: found)
            return addresses.isEmpty ? .failure(.noAddress) : .success(addresses)
        case ARES_ENOTFOUND, ARES_EBADNAME: return .failure(.nameNotFound)
        case ARES_ENODATA: return .failure(.noAddress)
        case ARES_ETIMEOUT: return .failure(.timeout)
        default: return .failure(.resolverFailed(String(cString: ares_strerror(status))))
        }
    }

    /// The shortest TTL of the answer, in seconds.
    private static func lifetime(of found: UnsafeMutablePointer<ares_addrinfo>?) -> Int {
        var shortest = Int.max
        var node = found?.pointee.nodes
        while let current = node {
            shortest = min(shortest, Int(current.pointee.ai_ttl))
            node = current.pointee.ai_next
        }
        return shortest
    }

    private static func addresses(in found: UnsafeMutablePointer<ares_addrinfo>?) -> [IPAddress] {
        var addresses: [IPAddress] = []
        var node = found?.pointee.nodes
        while let current = node {
            defer { node = current.pointee.ai_next }
            guard let raw = UnsafeRawPointer(current.pointee.ai_addr) else { continue }
            let octets: [UInt8]
            switch current.pointee.ai_family {
            case AF_INET:
                octets = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
            case AF_INET6:
                octets = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
            default: continue
            }
            if let address = IPAddress(octets: octets), !addresses.contains(address) {
                addresses.append(address)
            }
        }
        return addresses
    }

    fileprivate func watch(_ socket: Int32, events: Int16) {
        sockets[socket] = events == 0 ? nil : events
    }

    /// Waits for the inbox, a socket of c-ares, its next retry, or the nearest deadline.
    private func poll() {
        var descriptors = sockets.map { pollfd(fd: $0.key, events: $0.value, revents: 0) }
        if let wake = inbox.descriptor {
            descriptors.append(pollfd(fd: wake, events: Int16(POLLIN), revents: 0))
        }
        let ready = Glibc.poll(&descriptors, nfds_t(descriptors.count), waitMilliseconds())
        var served = false
        for descriptor in descriptors where ready > 0 && descriptor.revents != 0 {
            guard descriptor.fd != inbox.descriptor else { continue }
            let reads = descriptor.revents & Int16(POLLIN | POLLERR | POLLHUP) != 0
            let writes = descriptor.revents & Int16(POLLOUT) != 0
            ares_process_fd(channel, reads ? descriptor.fd : -1, writes ? descriptor.fd : -1)
            served = true
        }
        if !served { ares_process_fd(channel, -1, -1) }
    }

    /// Nil deadlines wait for ever: only the inbox can bring work then.
    private func waitMilliseconds() -> Int32 {
        var wait: Int32 = -1
        var time = timeval()
        if let next = ares_timeout(channel, nil, &time) {
            wait = Int32(clamping: next.pointee.tv_sec * 1000 + next.pointee.tv_usec / 1000 + 1)
        }
        if let nextExpiry {
            let (seconds, attoseconds) = (nextExpiry - ContinuousClock.now).components
            let milliseconds = Int32(
                clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
            wait = wait < 0 ? milliseconds : min(wait, milliseconds)
        }
        return wait
    }
}

// C functions: a closure made in isolated code and called from this thread would trap.

private func resolverMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    ResolverThread.run(Unmanaged<ResolverThread.Start>.fromOpaque(argument).takeRetainedValue())
    return nil
}

private func socketState(
    _ argument: UnsafeMutableRawPointer?, _ socket: ares_socket_t, _ readable: Int32, _ writable: Int32
) {
    guard let argument else { return }
    let events = (readable != 0 ? POLLIN : 0) | (writable != 0 ? POLLOUT : 0)
    Unmanaged<ResolverThread>.fromOpaque(argument).takeUnretainedValue().watch(socket, events: Int16(events))
}

private func addressesFound(
    _ argument: UnsafeMutableRawPointer?, _ status: Int32, _ timeouts: Int32,
    _ found: UnsafeMutablePointer<ares_addrinfo>?
) {
    guard let argument else { return }
    let lookup = Unmanaged<ResolverThread.Lookup>.fromOpaque(argument).takeRetainedValue()
    lookup.thread.answered(lookup.name, status: status, found: found)
}
