import NIOCore
import NIOPosix
import Synchronization

/// Notices a reset that comes before the handshake's handler does: NIO closes the channel and tells those who
/// are in its pipeline by then.
final class EarlyReset: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSeen: Bool { flag.load(ordering: .acquiring) }

    func watch(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Watch(self)) }
    }

    private final class Watch: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let reset: EarlyReset

        init(_ reset: EarlyReset) { self.reset = reset }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            // EPIPE: a reset after the end of the peer's own stream.
            if let code = (error as? IOError)?.errnoCode, code == ECONNRESET || code == EPIPE {
                reset.flag.store(true, ordering: .releasing)
            }
            context.fireErrorCaught(error)
        }
    }
}
