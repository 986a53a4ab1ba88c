import NIOCore
import NIOPosix
import Synchronization

/// A TCP server on loopback that does one wrong thing to each client.
final class HostilePeer: Sendable {
    enum After: Sendable {
        case nothing
        /// FIN, and whatever comes is still read.
        case closeOutput
        /// RST.
        case reset
        /// The same again, as fast as the client reads.
        case flood([UInt8])
        /// One byte of this after the other.
        case drip([UInt8], every: TimeAmount)
    }

    struct Behaviour: Sendable {
        /// Sent when the client has connected.
        var greeting: [UInt8] = []
        /// Sent after the client's first bytes; nil does not wait for them.
        var reply: [UInt8]? = []
        /// Sent after what the client says next, one for each time.
        var later: [[UInt8]] = []
        var after = After.nothing
        /// As many clients are treated so; those after them hear nothing.
        var clients = Int.max
    }

    let port: UInt16
    /// The first bytes of the first client.
    let heard: EventLoopFuture<[UInt8]>
    private let channel: any Channel

    init(_ behaviour: Behaviour, address: String = "127.0.0.1") async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.next().makePromise(of: [UInt8].self)
        let clients = Clients()
        heard = promise.futureResult
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let treated = clients.next() <= behaviour.clients ? behaviour : Behaviour()
                    try channel.pipeline.syncOperations.addHandler(Misbehaving(treated, promise))
                }
            }
            .bind(host: address, port: 0).get()
        port = UInt16(channel.localAddress?.port ?? 0)
        channel.closeFuture.whenComplete { _ in promise.succeed([]) }
    }

    deinit { channel.close(promise: nil) }

    private final class Clients: Sendable {
        private let count = Mutex(0)
        func next() -> Int {
            count.withLock {
                $0 += 1
                return $0
            }
        }
    }

    private final class Misbehaving: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let behaviour: Behaviour
        private let heard: EventLoopPromise<[UInt8]>
        private var acted = false
        private var later: ArraySlice<[UInt8]>

        init(_ behaviour: Behaviour, _ heard: EventLoopPromise<[UInt8]>) {
            (self.behaviour, self.heard) = (behaviour, heard)
            later = behaviour.later[...]
        }

        func channelActive(context: ChannelHandlerContext) {
            send(behaviour.greeting, context)
            if behaviour.reply == nil { act(context) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            heard.succeed(Array(buffer: unwrapInboundIn(data)))
            if acted, let next = later.popFirst() { send(next, context) }
            if behaviour.reply != nil { act(context) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
            if !bytes.isEmpty {
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            }
        }

        private func act(_ context: ChannelHandlerContext) {
            guard !acted else { return }
            acted = true
            send(behaviour.reply ?? [], context)
            switch behaviour.after {
            case .nothing: break
            case .closeOutput: context.close(mode: .output, promise: nil)
            case .reset:
                let provider = context.channel as? any SocketOptionProvider
                _ = provider?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                context.close(promise: nil)
            case .flood(let bytes):
                let times = max(1, 8000 / max(1, bytes.count))
                flood(ByteBuffer(bytes: Array(repeatElement(bytes, count: times).joined())), context)
            case .drip(let bytes, let interval): drip(bytes[...], interval, context)
            }
        }

        private func flood(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(bytes)).assumeIsolated().whenSuccess {
                // A write that succeeds at once must not call itself.
                context.eventLoop.assumeIsolated().execute { self.flood(bytes, context) }
            }
        }

        private func drip(
            _ bytes: ArraySlice<UInt8>, _ interval: TimeAmount, _ context: ChannelHandlerContext
        ) {
            guard let byte = bytes.first, context.channel.isActive else { return }
            send([byte], context)
            context.eventLoop.assumeIsolated().scheduleTask(in: interval) {
                self.drip(bytes.dropFirst(), interval, context)
            }
        }
    }
}
