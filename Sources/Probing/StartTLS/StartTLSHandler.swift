import NIOCore

/// Holds one dialogue on a connected channel. When the server has consented, reading is off and the channel
/// stays open for the handshake; else it is closed. The promise is fulfilled by the deadline at the latest.
final class StartTLSHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State { case talking, consented, finished }

    private var dialogue: any StartTLSDialogue
    private let deadline: NIODeadline
    private let promise: EventLoopPromise<StartTLSFailure?>
    private var received = ReceivedBytes()
    private var state = State.talking
    private var timer: Scheduled<Void>?

    init(_ dialogue: any StartTLSDialogue, deadline: NIODeadline, promise: EventLoopPromise<StartTLSFailure?>)
    {
        (self.dialogue, self.deadline, self.promise) = (dialogue, deadline, promise)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            self?.finish(.timeout, context)
        }
        advance(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state != .finished else { return context.fireChannelRead(data) }
        do {
            try received.append(unwrapInboundIn(data).readableBytesView)
        } catch {
            return finish(error, context)
        }
        if state == .talking { advance(context) }
    }

    /// Everything that came together has been seen: what is left over came before our ClientHello.
    func channelReadComplete(context: ChannelHandlerContext) {
        if state == .consented {
            let rest = received.bytes
            finish(rest.isEmpty ? nil : .injected(ProbeText.shown(rest)), context)
        }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.closed, context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish(.closed, context) }

    private func advance(_ context: ChannelHandlerContext) {
        do throws(StartTLSFailure) {
            while true {
                switch try dialogue.step(&received) {
                case .wait: return
                case .say(let bytes):
                    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
                case .ready:
                    state = .consented
                    try? context.channel.syncOptions?.setOption(.autoRead, value: false)
                    return
                }
            }
        } catch {
            finish(error, context)
        }
    }

    private func finish(_ failure: StartTLSFailure?, _ context: ChannelHandlerContext) {
        guard state != .finished else { return }
        state = .finished
        timer?.cancel()
        timer = nil
        if failure != nil { context.close(promise: nil) }
        promise.succeed(failure)
    }
}
