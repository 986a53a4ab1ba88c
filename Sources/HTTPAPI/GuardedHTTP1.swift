import Certificates
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1.1 connection with our guard right behind NIO's decoder.
struct GuardedHTTP1: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let inner: HTTP1Channel
    private let limits: APILimits
    private let logger: Logger
    private let clock: @Sendable () -> Instant

    init(
        limits: APILimits, logger: Logger, clock: @escaping @Sendable () -> Instant,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        (self.limits, self.logger, self.clock) = (limits, logger, clock)
        inner = HTTP1Channel(
            responder: responder,
            configuration: .init(
                idleTimeout: TimeAmount(limits.idle),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.header, maxHeaderListSize: limits.header,
                    maxHeaderFieldCount: limits.headerFields)))
    }

    func setup(channel: any Channel, logger quiet: Logger) -> EventLoopFuture<Value> {
        let (limits, logger, clock) = (limits, logger, clock)
        return inner.setup(channel: channel, logger: quiet).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let gate = ByteGate()
            let guardian = ConnectionGuard(limits: limits, logger: logger, clock: clock, gate: gate)
            try pipeline.addHandler(guardian, position: .after(decoder))
            try pipeline.addHandler(gate, position: .first)
            let context = try pipeline.context(handler: guardian)
            gate.onArrival { [unowned guardian] in guardian.octetsArrived(context: context) }
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(ConnectionExecutor(value.channel.eventLoop)) {
            await inner.handle(value: value, logger: logger)
        }
    }
}
