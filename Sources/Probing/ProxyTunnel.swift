import NIOCore
import Reports

/// Asks a proxy for a tunnel on a connected channel and reads its answer up to the empty line, one byte at a
/// time: what follows is the server's and stays in the socket. Then reading is off, as after connecting.
final class ProxyTunnel: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Of the answer's header; proxies send a few hundred.
    static let maximumHeader = 16 << 10

    private let request: [UInt8]
    private let deadline: NIODeadline
    private let promise: EventLoopPromise<Dialler.Failure?>
    private var header: [UInt8] = []
    private var isFinished = false
    private var timer: Scheduled<Void>?

    init(request: [UInt8], deadline: NIODeadline, promise: EventLoopPromise<Dialler.Failure?>) {
        (self.request, self.deadline, self.promise) = (request, deadline, promise)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            self?.finish(Dialler.Failure(check: .netProxy, reason: .timeout), context)
        }
        let options = context.channel.syncOptions
        try? options?.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1))
        try? options?.setOption(.maxMessagesPerRead, value: 1)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: request)), promise: nil)
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isFinished else { return context.fireChannelRead(data) }
        header += unwrapInboundIn(data).readableBytesView
        // Whoever does not begin as HTTP will not end as HTTP.
        let isHTTP = header.starts(with: Self.start.prefix(header.count))
        guard isHTTP, header.count <= Self.maximumHeader else { return finish(malformed, context) }
        if header.suffix(4) == [13, 10, 13, 10] { answered(context) } else { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(malformed, context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(malformed, context)
        context.fireErrorCaught(error)
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish(malformed, context) }

    private static let start = Array("HTTP/1.".utf8)

    private var malformed: Dialler.Failure {
        let said = ProbeText.shown(header.prefix(ReceivedBytes.shown))
        return Dialler.Failure(
            check: .netProxy, reason: .proxyReplyMalformed, text: said.isEmpty ? "nothing" : said)
    }

    /// RFC 9112 §4: `HTTP/1.1 200 Connection established`.
    private func answered(_ context: ChannelHandlerContext) {
        let line = header.prefix { $0 != 13 }
        let words = line.split(separator: 0x20, maxSplits: 2)
        guard words.count >= 2, words[1].count == 3,
            let status = Int(String(decoding: words[1], as: UTF8.self)), (100...599).contains(status)
        else { return finish(malformed, context) }
        let said = ProbeText.shown(line.prefix(ReceivedBytes.shown))
        switch status {
        case 100...199:
            header = []
            context.read()
        case 200...299: finish(nil, context)
        // Some answer 401 to credentials that are wrong.
        case 401, 407:
            finish(Dialler.Failure(check: .netProxy, reason: .proxyAuthentication, text: said), context)
        default: finish(Dialler.Failure(check: .netProxy, reason: .proxyRefused, text: said), context)
        }
    }

    private func finish(_ failure: Dialler.Failure?, _ context: ChannelHandlerContext) {
        guard !isFinished else { return }
        isFinished = true
        timer?.cancel()
        timer = nil
        if failure != nil {
            context.close(promise: nil)
        } else {
            let options = context.channel.syncOptions
            try? options?.setOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator())
            try? options?.setOption(.maxMessagesPerRead, value: 4)
        }
        promise.succeed(failure)
    }
}
