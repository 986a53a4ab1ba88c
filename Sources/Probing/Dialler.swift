import Egress
import NIOCore
import NIOPosix
import Reports

/// Opens one TCP connection to the first of several vetted addresses that answers.
struct Dialler: Sendable {
    /// Addresses of one name that are tried; the same bound as for a fleet.
    static let maximumAddresses = Endpoint.maximumAddresses

    /// The event loops of the process, as many as it has cores.
    static let sharedGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

    let group: any EventLoopGroup
    var gate = DestinationGate()
    /// Before the one retry: long enough for a service that is being restarted, short beside any time-out.
    var pause = Duration.milliseconds(100)

    /// Where every connection goes through, and who finds it.
    var proxy: Proxy?
    var resolver: Egress.Resolver?

    struct Failure: Error, Equatable {
        var check = CheckID.netConnect
        var reason: Reason
        var text: String?
    }

    struct Dialled {
        /// Each address once, in the order tried.
        var tried: [IPAddress] = []
        /// The address of the last attempt.
        var last: IPAddress?
        var result: Result<Connection, Failure>
    }

    struct Connection {
        let channel: any Channel
        let reset: EarlyReset
    }

    /// Tries the addresses in order, each with its share of the time left. When none answers and time is
    /// left, the first that is not plainly out of reach gets one more attempt. The channel does not read yet.
    func dial(
        _ addresses: [IPAddress], port: UInt16, deadline: NIODeadline, on loop: any EventLoop
    ) async -> Dialled {
        let addresses = addresses.prefix(Self.maximumAddresses)
        var dialled = Dialled(result: .failure(Failure(reason: .noAddress)))
        var again: IPAddress?
        for (index, address) in addresses.enumerated() {
            let now = NIODeadline.now()
            guard now < deadline else { break }
            let share = (deadline - now).nanoseconds / Int64(addresses.count - index)
            dialled.tried.append(address)
            dialled.last = address
            dialled.result = await connect(address, port: port, timeout: .nanoseconds(share), on: loop)
            switch dialled.result {
            case .success: return dialled
            case .failure(let failure)
            where ![.networkUnreachable, .timeout, .destinationBusy].contains(failure.reason):
                again = again ?? address
            case .failure: break
            }
        }
        // Neither our own limit nor the proxy's answer is another one a moment later.
        if case .failure(let failure) = dialled.result, failure.check != .netConnect { return dialled }
        guard let address = again ?? addresses.first, deadline - .now() > TimeAmount(pause) else {
            return dialled
        }
        // A cancelled task does not try again.
        do { try await Task.sleep(for: pause) } catch { return dialled }
        let left = deadline - .now()
        guard left > .zero else { return dialled }
        dialled.last = address
        dialled.result = await connect(address, port: port, timeout: left, on: loop)
        return dialled
    }

    /// Waits for its turn at the address, within the time-out, and keeps the place until the channel closes.
    private func connect(
        _ address: IPAddress, port: UInt16, timeout: TimeAmount, on loop: any EventLoop
    ) async -> Result<Connection, Failure> {
        let deadline = NIODeadline.now() + timeout
        guard await gate.enter(address, by: .now + Duration(timeout)) else {
            return .failure(Failure(check: .netEgress, reason: .destinationBusy))
        }
        let result =
            if let proxy {
                await tunnel(through: proxy, to: address, port: port, deadline: deadline, on: loop)
            } else {
                await open(address, port: port, timeout: deadline - .now(), on: loop)
            }
        switch result {
        case .success(let connection):
            connection.channel.closeFuture.whenComplete { [gate] _ in gate.leave(address) }
        case .failure: gate.leave(address)
        }
        return result
    }

    private func tunnel(
        through proxy: Proxy, to address: IPAddress, port: UInt16, deadline: NIODeadline,
        on loop: any EventLoop
    ) async -> Result<Connection, Failure> {
        var addresses = proxy.literal.map { [$0] } ?? []
        if addresses.isEmpty {
            do throws(ResolutionFailure) {
                let left = Duration(deadline - .now())
                addresses = try await resolver?.addresses(of: proxy.host, timeout: left) ?? []
            } catch {
                let found = ProbeFailure(check: .netProxy, error)
                return .failure(
                    Failure(check: .netProxy, reason: .proxyUnreachable, text: "\(found.reason.rawValue)"))
            }
        }
        var last = Failure(check: .netProxy, reason: .proxyUnreachable, text: "no address")
        for (index, own) in addresses.prefix(Self.maximumAddresses).enumerated() where deadline > .now() {
            let share = (deadline - .now()).nanoseconds / Int64(addresses.count - index)
            switch await open(own, port: proxy.port, timeout: .nanoseconds(share), on: loop) {
            case .success(let connection):
                let request = proxy.request(for: address, port: port)
                let failure = await ask(connection.channel, request, deadline: deadline)
                return failure.map(Result.failure) ?? .success(connection)
            case .failure(let failure):
                let why = failure.text ?? failure.reason.rawValue
                last = Failure(check: .netProxy, reason: .proxyUnreachable, text: why)
            }
        }
        return .failure(last)
    }

    private func ask(
        _ channel: any Channel, _ request: [UInt8], deadline: NIODeadline
    ) async -> Failure? {
        let promise = channel.eventLoop.makePromise(of: Failure?.self)
        channel.eventLoop.execute {
            let tunnel = ProxyTunnel(request: request, deadline: deadline, promise: promise)
            do { try channel.pipeline.syncOperations.addHandler(tunnel) } catch { promise.fail(error) }
        }
        do {
            return try await promise.futureResult.get()
        } catch {
            return Failure(check: .netProxy, reason: .proxyReplyMalformed, text: "nothing")
        }
    }

    private func open(
        _ address: IPAddress, port: UInt16, timeout: TimeAmount, on loop: any EventLoop
    ) async -> Result<Connection, Failure> {
        do {
            let target = try SocketAddress(
                packedIPAddress: ByteBuffer(bytes: address.octets), port: Int(port))
            // Whoever comes next switches reading on, so that no byte arrives before its reader.
            let (reset, hold) = (EarlyReset(), ChannelHold())
            let connecting = ClientBootstrap(group: loop)
                .channelInitializer { channel in
                    hold.hold(channel)
                    return reset.watch(channel)
                }
                .connectTimeout(timeout)
                .channelOption(.autoRead, value: false)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(to: target)
            let channel = try await withTaskCancellationHandler {
                try await connecting.get()
            } onCancel: {
                hold.cancel()
            }
            return .success(Connection(channel: channel, reset: reset))
        } catch {
            return .failure(Self.failure(error, address))
        }
    }

    private static func failure(_ error: any Error, _ address: IPAddress) -> Failure {
        if case ChannelError.connectTimeout = error { return Failure(reason: .timeout) }
        guard let error = error as? IOError else { return Failure(reason: .connectFailed, text: "\(error)") }
        let reason: Reason
        switch error.errnoCode {
        case ECONNREFUSED: reason = .connectionRefused
        case ETIMEDOUT: reason = .timeout
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, EAFNOSUPPORT: reason = .networkUnreachable
        // Without an IPv6 address of its own a host answers this for every IPv6 peer.
        case EADDRNOTAVAIL where address.family == .v6: reason = .networkUnreachable
        case ECONNRESET: reason = .connectionReset
        default: reason = .connectFailed
        }
        return Failure(reason: reason, text: String(cString: strerror(error.errnoCode)))
    }
}
