import COpenSSL
import NIOCore

/// Makes one handshake on a connected channel, reports it, says goodbye and closes. Added to an active
/// channel (after a STARTTLS dialogue, say) it begins at once, else when the channel becomes active.
///
/// The promise is always fulfilled, at the latest at the deadline.
package final class TLSClientHandler: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// Bytes taken from the peer in all: the largest Certificate message and as much again for everything
    /// else and for the overhead of small records.
    package static let maximumHandshakeBytes = 2 * TLSContext.maximumCertificateBytes
    /// First bytes kept of an answer that is not TLS: a line of text says what it is.
    package static let shownBytes = 64

    private enum State { case idle, handshaking, awaitingRefusal, finished }

    private let connection: TLSConnection
    private let deadline: NIODeadline
    private let patience: TimeAmount
    private let promise: EventLoopPromise<TLSOutcome>
    private var state = State.idle
    private var wasReset = false
    private var received = 0
    private var first: [UInt8] = []
    private var established: NIODeadline?
    private var timers: [Scheduled<Void>] = []

    /// - Parameters:
    ///   - deadline: when the handshake fails with `timeout`.
    ///   - patience: how long to wait, after a TLS 1.3 handshake in which a client certificate was requested,
    ///     for the refusal that can come only then; a session ticket or data ends the wait.
    /// Nil for want of memory; the promise is then left to the caller.
    package init?(
        context: TLSContext, options: TLSClientOptions, deadline: NIODeadline, patience: TimeAmount,
        promise: EventLoopPromise<TLSOutcome>
    ) {
        guard let connection = TLSConnection(context: context, options: options) else { return nil }
        self.connection = connection
        (self.deadline, self.patience, self.promise) = (deadline, patience, promise)
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        schedule(at: deadline, context) { handler, context in handler.finish(.timeout, context) }
        if context.channel.isActive { start(context) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        guard state == .handshaking || state == .awaitingRefusal else { return }
        received += buffer.readableBytes
        if first.count < Self.shownBytes {
            first += buffer.readableBytesView.prefix(Self.shownBytes - first.count)
        }
        guard Self.beginsRecord(first) else { return finish(.notTLS(first), context) }
        guard received <= Self.maximumHandshakeBytes else {
            return finish(
                .protocolError("more than \(Self.maximumHandshakeBytes) bytes of handshake"), context)
        }
        buffer.withUnsafeReadableBytes { connection.feed($0) }
        advance(context)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        finish(wasReset ? .reset : .closed, context)
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(Self.isReset(error) ? .reset : .protocolError("\(error)"), context)
    }

    private static func isReset(_ error: any Error) -> Bool {
        (error as? IOError).map { $0.errnoCode == ECONNRESET || $0.errnoCode == EPIPE } ?? false
    }

    package func handlerRemoved(context: ChannelHandlerContext) { finish(.closed, context) }

    private func start(_ context: ChannelHandlerContext) {
        guard state == .idle else { return }
        state = .handshaking
        advance(context)
    }

    /// RFC 8446 §5.1: content type 20 to 23, then a major version of 3.
    private static func beginsRecord(_ bytes: [UInt8]) -> Bool {
        guard let type = bytes.first else { return true }
        return (20...23).contains(type) && (bytes.count < 2 || bytes[1] == 3)
    }

    private func advance(_ context: ChannelHandlerContext) {
        if state == .handshaking {
            switch connection.handshake() {
            case .needsBytes: return flush(context)
            case .failed(let failure): return finish(failure, context)
            case .done:
                established = .now()
                guard connection.messages.certificateRequested, connection.messages.isTLS13 else {
                    return finish(nil, context)
                }
                flush(context)
                state = .awaitingRefusal
                schedule(at: min(deadline, .now() + patience), context) { $0.finish(nil, $1) }
            }
        }
        if state == .awaitingRefusal {
            switch connection.read() {
            case .needsBytes where !connection.messages.sessionTicketSeen: return
            case .needsBytes, .done: finish(nil, context)
            // An orderly close is no refusal.
            case .failed(.closed): finish(nil, context)
            case .failed(let failure): finish(failure, context)
            }
        }
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard let bytes = connection.drain(context.channel.allocator) else { return }
        // A reset that arrives before our bytes left is told to the write alone.
        context.writeAndFlush(wrapOutboundOut(bytes)).assumeIsolated().whenFailure { [weak self] error in
            if Self.isReset(error) { self?.wasReset = true }
        }
    }

    private func finish(_ failure: TLSFailure?, _ context: ChannelHandlerContext) {
        guard state != .finished else { return }
        state = .finished
        for timer in timers { timer.cancel() }
        timers = []
        var outcome = connection.outcome
        outcome.established = established
        outcome.failure = established == nil ? failure : nil
        if connection.messages.requestAnswered, let failure, failure.isRefusal {
            if outcome.clientCertificate?.presented == true {
                outcome.clientCertificate?.refused = true
            } else {
                outcome.clientCertificate?.required = true
            }
        }
        // With what the handshake still has to say, in one packet.
        if established != nil { connection.closeNotify() }
        flush(context)
        context.close(promise: nil)
        promise.succeed(outcome)
    }

    private func schedule(
        at time: NIODeadline, _ context: ChannelHandlerContext,
        _ body: @escaping (TLSClientHandler, ChannelHandlerContext) -> Void
    ) {
        timers.append(
            context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { [weak self] in
                if let self { body(self, context) }
            })
    }
}

extension TLSFailure {
    /// Ways in which servers turn away a client that has no certificate: an alert, or nothing but the end.
    fileprivate var isRefusal: Bool {
        switch self {
        case .alert, .closed, .reset: true
        case .timeout, .notTLS, .protocolError, .noCertificate, .certificatesTooLarge: false
        }
    }
}
