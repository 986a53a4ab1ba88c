import Egress
import Logging
import NIOCore
import Reports
import TLS

/// Connects to one address of a host, makes a TLS handshake, and brings home what it saw. It judges nothing,
/// sends no byte of a protocol above TLS, and follows no redirect.
///
/// One deadline, set when the request began, covers resolving, connecting and the handshake.
package struct Prober: Sendable {
    private let resolver: Resolver
    private let policy: EgressPolicy
    package let access: CurrentAccess
    private let context: TLSContext
    /// For a second attempt.
    private let lowest: TLSContext
    private let dialler: Dialler
    private let logger: Logger

    package init(
        resolver: Resolver, policy: EgressPolicy, limits: DestinationLimits = DestinationLimits(),
        access: CurrentAccess = CurrentAccess(Access()),
        context: TLSContext, lowest: TLSContext, group: any EventLoopGroup, logger: Logger
    ) {
        (self.resolver, self.policy, self.logger) = (resolver, policy, logger)
        self.access = access
        (self.context, self.lowest) = (context, lowest)
        dialler = Dialler(group: group, gate: DestinationGate(limits), resolver: resolver)
    }

    /// Never fails and never waits longer than `timeout`, which counts from this call.
    package func probe(_ endpoint: Endpoint, timeout: Duration = .seconds(8)) async -> Evidence {
        await probe(endpoint, deadline: ContinuousClock.now + timeout)
    }

    /// As above, for callers whose request began earlier.
    package func probe(_ endpoint: Endpoint, deadline: ContinuousClock.Instant) async -> Evidence {
        let probe = Probe(of: endpoint, deadline: .now() + TimeAmount(deadline - .now))
        await run(endpoint, probe)
        log(endpoint, probe)
        return probe.evidence
    }

    @inline(never)
    private func log(_ endpoint: Endpoint, _ probe: Probe) {
        logger.debug(
            "probed",
            metadata: [
                "host": "\(endpoint.host.text)", "port": "\(endpoint.port)",
                "reason": "\(probe.evidence.failure?.reason.rawValue ?? "none")",
            ])
    }

    /// Asks every address of the host, at most `Dialler.maximumAddresses`, each `samples` times, all at once
    /// and within the one deadline. One piece of evidence for each handshake, in the order of the addresses.
    package func probeEach(_ endpoint: Endpoint, timeout: Duration) async -> [Evidence] {
        await probeEach(endpoint, deadline: ContinuousClock.now + timeout)
    }

    /// As above, for callers whose request began earlier.
    package func probeEach(_ endpoint: Endpoint, deadline: ContinuousClock.Instant) async -> [Evidence] {
        let first = Probe(of: endpoint, deadline: .now() + TimeAmount(deadline - .now))
        guard let found = await resolve(endpoint, first) else { return [first.evidence] }
        let asked = endpoint.isFleet ? Array(found.prefix(Dialler.maximumAddresses)) : Array(found.prefix(1))
        first.left(found.count - asked.count)
        let (samples, begun, deadline) = (endpoint.samples, first.evidence, first.deadline)
        return await withTaskGroup(of: (Int, Evidence).self) { group in
            for (index, address) in asked.enumerated() {
                for sample in 0..<(allows(address, endpoint) ? samples : 1) {
                    group.addTask {
                        let probe = Probe(again: begun, deadline: deadline)
                        await reach([address], of: endpoint, probe)
                        return (index * samples + sample, probe.evidence)
                    }
                }
            }
            var members: [(Int, Evidence)] = []
            for await member in group { members.append(member) }
            return members.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func run(_ endpoint: Endpoint, _ probe: Probe) async {
        guard let found = await resolve(endpoint, probe) else { return }
        probe.left(max(0, found.count - 1))
        await reach(found, of: endpoint, probe)
    }

    private func reach(_ found: [IPAddress], of endpoint: Endpoint, _ probe: Probe) async {
        // A name may lead to allowed and refused addresses at once: only the allowed ones are dialled.
        let allowed = found.filter { allows($0, endpoint) }
        if allowed.isEmpty { return probe.refused() }
        guard let outcome = await attempt(allowed, of: endpoint, probe), outcome.failedOnStrength,
            probe.evidence.failure != nil, let dialled = probe.dialled
        else { return }
        // The same server again, with everything that libssl can do.
        let second = Probe(again: probe.evidence, deadline: probe.deadline)
        _ = await attempt([dialled], of: endpoint, lowered: true, second)
        probe.tryAgain(second)
    }

    /// One connection with one handshake; nil when it did not come to the handshake.
    ///
    /// - Parameters:
    ///   - lowered: at security level 0.
    ///   - change: to what is usually asked of a handshake.
    func attempt(
        _ addresses: [IPAddress], of endpoint: Endpoint, lowered: Bool = false, _ probe: Probe,
        _ change: (inout TLSClientOptions) -> Void = { _ in }
    ) async -> TLSOutcome? {
        let loop = dialler.group.next()
        return await withTaskExecutorPreference(LoopExecutor(loop)) {
            await attempt(addresses, of: endpoint, lowered: lowered, probe, on: loop, change)
        }
    }

    private func attempt(
        _ addresses: [IPAddress], of endpoint: Endpoint, lowered: Bool, _ probe: Probe,
        on loop: any EventLoop, _ change: (inout TLSClientOptions) -> Void
    ) async -> TLSOutcome? {
        let access = access.now
        guard
            let connection = await connect(
                addresses, port: endpoint.port, through: endpoint.proxy, access, probe, on: loop)
        else { return nil }
        if let startTLS = endpoint.startTLS {
            let dialogue = startTLS.dialogue(to: probe.serverName ?? endpoint.host.text)
            guard await hasTalked(dialogue, on: connection, probe) else { return nil }
        }
        var options = TLSClientOptions(serverName: probe.serverName)
        options.identity = access.clientCertificates.identity(endpoint.clientCertificate)
        change(&options)
        return await shake(lowered ? lowest : context, options, on: connection, probe)
    }

    private func connect(
        _ addresses: [IPAddress], port: UInt16, through name: String?, _ access: Access, _ probe: Probe,
        on loop: any EventLoop
    ) async -> Dialler.Connection? {
        var dialler = dialler
        dialler.proxy = name.map { access.proxies[$0] } ?? access.proxy
        guard name == nil || dialler.proxy != nil else {
            // Taken out of the configuration since the request came: never without it.
            probe.failed(.connect, ProbeFailure(check: .netProxy, reason: .proxyUnreachable))
            return nil
        }
        let dialled = await probe.timed(.connect) { deadline in
            await dialler.dial(addresses, port: port, deadline: deadline, on: loop)
        }
        probe.tried(dialled, through: dialler.proxy)
        guard case .success(let connection) = dialled.result else { return nil }
        return connection
    }

    private func shake(
        _ context: TLSContext, _ options: TLSClientOptions, on connection: Dialler.Connection, _ probe: Probe
    ) async -> TLSOutcome? {
        // The refusal of a client certificate takes a round trip and some work of the server's.
        let patience = min(.milliseconds(50) + probe.connectTime * 2, Self.maximumPatience)
        let began = NIODeadline.now()
        var outcome = await handshake(
            on: connection.channel, context, options, deadline: probe.deadline, patience: patience)
        if outcome.failure == .closed, connection.reset.isSeen { outcome.failure = .reset }
        probe.shook(outcome, began: began)
        return outcome
    }

    /// Whether the server is ready for the handshake.
    private func hasTalked(
        _ dialogue: any StartTLSDialogue, on connection: Dialler.Connection, _ probe: Probe
    ) async -> Bool {
        var failure = await probe.timed(.starttls) { deadline in
            await talk(dialogue, on: connection.channel, deadline: deadline)
        }
        if failure == .closed, connection.reset.isSeen { failure = .reset }
        guard let failure else { return true }
        probe.failed(.starttls, ProbeFailure(failure, address: probe.evidence.handshake?.address))
        return false
    }

    /// Longest wait for the refusal of a client certificate after a TLS 1.3 handshake; a server that is
    /// slower counts as one that only asks.
    static let maximumPatience = TimeAmount.milliseconds(500)

    private func allows(_ address: IPAddress, _ endpoint: Endpoint) -> Bool {
        policy.allows(
            address, port: endpoint.port, name: endpoint.name, isResolved: endpoint.address == nil)
    }

    private func resolve(_ endpoint: Endpoint, _ probe: Probe) async -> [IPAddress]? {
        if let name = endpoint.name, policy.denies(name: name, port: endpoint.port) {
            probe.refused()
            return nil
        }
        let literal: String
        switch (endpoint.address, endpoint.host) {
        case (let address?, _): literal = address
        case (nil, .ip(_, let text)): literal = text
        case (nil, .dns(let name, _)):
            let result = await probe.timed(.resolve) { deadline in
                await Result { () async throws(ResolutionFailure) in
                    try await resolver.addresses(of: name, timeout: Duration(deadline - .now()))
                }
            }
            switch result {
            case .success(let addresses): return choose(of: addresses, endpoint, probe)
            case .failure(let failure):
                probe.failed(.resolve, ProbeFailure(check: .netResolve, failure))
                return nil
            }
        }
        guard let address = IPAddress(text: literal) else {
            probe.failed(.resolve, ProbeFailure(check: .netResolve, reason: .noAddress, presented: literal))
            return nil
        }
        return choose(of: [address], endpoint, probe)
    }

    /// Nil when the host has no address that may be dialled.
    private func choose(
        of found: [IPAddress], _ endpoint: Endpoint, _ probe: Probe
    ) -> [IPAddress]? {
        guard let family = endpoint.family else { return found }
        let wanted: IPAddress.Family = family.preferred == .ip4 ? .v4 : .v6
        let others = family.hasFallback ? found.filter { $0.family != wanted } : []
        let chosen = found.filter { $0.family == wanted } + others
        guard let first = chosen.first else {
            let presented = "none of \(family.preferred.rawValue)"
            probe.failed(
                .resolve, ProbeFailure(check: .netResolve, reason: .noAddress, presented: presented))
            return nil
        }
        return family.isSingle ? [first] : chosen
    }

    private func talk(
        _ dialogue: any StartTLSDialogue, on channel: any Channel, deadline: NIODeadline
    ) async -> StartTLSFailure? {
        let promise = channel.eventLoop.makePromise(of: StartTLSFailure?.self)
        channel.eventLoop.execute {
            let handler = StartTLSHandler(dialogue, deadline: deadline, promise: promise)
            do {
                try channel.pipeline.syncOperations.addHandler(handler)
                try channel.syncOptions?.setOption(.autoRead, value: true)
            } catch {
                channel.close(promise: nil)
                promise.succeed(.closed)
            }
        }
        do { return try await channel.awaiting(promise.futureResult) } catch { return .closed }
    }

    private func handshake(
        on channel: any Channel, _ context: TLSContext, _ options: TLSClientOptions, deadline: NIODeadline,
        patience: TimeAmount
    ) async -> TLSOutcome {
        let promise = channel.eventLoop.makePromise(of: TLSOutcome.self)
        channel.eventLoop.execute {
            let handler = TLSClientHandler(
                context: context, options: options, deadline: deadline, patience: patience, promise: promise)
            do {
                guard let handler else { throw TLSFailure.protocolError("no memory for a connection") }
                try channel.pipeline.syncOperations.addHandler(handler)
                try channel.syncOptions?.setOption(.autoRead, value: true)
            } catch {
                channel.close(promise: nil)
                promise.fail(error)
            }
        }
        do {
            return try await channel.awaiting(promise.futureResult)
        } catch {
            var outcome = TLSOutcome()
            outcome.failure = error as? TLSFailure ?? .closed
            return outcome
        }
    }

    /// RFC 6066 §3 allows DNS names only: an IP address is never sent, and an empty name sends none.
    static func serverName(_ endpoint: Endpoint) -> String? {
        let wanted: String
        switch (endpoint.sni, endpoint.host) {
        case (let sni?, _): wanted = sni
        case (nil, .dns(let name, _)): wanted = name
        case (nil, .ip): return nil
        }
        let name = wanted.hasSuffix(".") ? String(wanted.dropLast()) : wanted
        return name.isEmpty || IPAddress(text: name) != nil ? nil : name
    }
}

extension Endpoint {
    /// Nil for a literal.
    fileprivate var name: String? {
        guard case .dns(let name, _) = host else { return nil }
        return name
    }
}

extension Result {
    /// As `Result(catching:)`, for what must be awaited.
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
