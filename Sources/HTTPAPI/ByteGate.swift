import NIOCore

/// The first handler of a connection: tells the guard that octets arrive, and swallows them once nothing more
/// of this connection will be answered.
final class ByteGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    var discards = false
    private(set) var inputClosed = false
    private var context: ChannelHandlerContext?
    private var arrived: (() -> Void)?

    /// `arrived` is called on the connection's event loop; it is dropped with the connection.
    func onArrival(_ arrived: @escaping () -> Void) { self.arrived = arrived }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { (self.context, arrived) = (nil, nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !discards else { return }
        arrived?()
        context.fireChannelRead(data)
    }

    /// Nobody behind the gate asks for more once it discards.
    func channelReadComplete(context: ChannelHandlerContext) {
        if discards { context.read() }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { inputClosed = true }
        context.fireUserInboundEventTriggered(event)
    }

    func read() { context?.read() }
}
