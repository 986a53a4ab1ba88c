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

    struct Failure: Error, Equatable {
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
    func dial(_ addresses: [IPAddress], port: UInt16, deadline: NIODeadline) async -> Dialled {
        let addresses = addresses.prefix(Self.maximumAddresses)
        var dialled = Dialled(result: .failure(Failure(reason: .noAddress)))
        var again: IPAddress?
        for (index, address) in addresses.enumerated() {
            let now = NIODeadline.now()
            guard now < deadline else { break }
            let share = (deadline - now).nanoseconds / Int64(addresses.count - index)
            dialled.tried.append(address)
            dialled.last = address
            dialled.result = await connect(address, port: port, timeout: .nanoseconds(share))
            switch dialled.result {
            case .success: return dialled
            case .failure(let failure)
            where ![.networkUnreachable, .timeout, .destinationBusy].contains(failure.reason):
                again = again ?? address
            case .failure: break
            }
        }
        if case .failure(let failure) = dialled.result, failure.reason == .destinationBusy { return dialled }
        guard let address = again ?? addresses.first, deadline - .now() > TimeAmount(pause) else {
            return dialled
        }
        // A cancelled task does not try again.
        do { try await Task.sleep(for: pause) } catch { return dialled }
        let left = deadline - .now()
        guard left > .zero else { return dialled }
        dialled.last = address
        dialled.result = await connect(address, port: port, timeout: left)
        return dialled
    }

    /// Waits for its turn at the address, within the time-out, and keeps the place until the channel closes.
    private func connect(
        _ address: IPAddress, port: UInt16, timeout: TimeAmount
    ) async -> Result<Connection, Failure> {
        let deadline = NIODeadline.now() + timeout
        guard await gate.enter(address, by: .now + Duration(timeout)) else {
            return .failure(Failure(reason: .destinationBusy))
        }
        let result = await open(address, port: port, timeout: deadline - .now())
        switch result {
        case .success(let connection):
            connection.channel.closeFuture.whenComplete { [gate] _ in gate.leave(address) }
        case .failure: gate.leave(address)
        }
        return result
    }

    private func open(
        _ address: IPAddress, port: UInt16, timeout: TimeAmount
    ) async -> Result<Connection, Failure> {
        do {
            let target = try SocketAddress(
                packedIPAddress: ByteBuffer(bytes: address.octets), port: Int(port))
            // Whoever comes next switches reading on, so that no byte arrives before its reader.
            let (reset, hold) = (EarlyReset(), ChannelHold())
            let connecting = ClientBootstrap(group: group)
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
