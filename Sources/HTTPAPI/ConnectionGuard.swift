import Certificates
import Logging
import NIOCore
import NIOHTTP1

/// Why the body of a request that is already being answered will not come; thrown to whoever reads it.
struct BodyAborted: Error {
    var problem: Problem
}

/// What Hummingbird leaves open at the level of one connection: header rules that its types hide, deadlines,
/// the answer to what the parser refuses, no `100 Continue` before a refusal, no reading on after one. It
/// stands between NIO's HTTP decoder and everything else and lives on the connection's event loop.
///
/// A refusal is written in the order of the requests: after the answers to those before it.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What of the next request is awaited.
    private enum Reading {
        case head
        case body(received: Int)
        case nothing
    }

    /// A request that was passed on and has no whole answer yet.
    private struct InFlight {
        var arrived = false
        var last: Bool
    }

    private struct Refusal {
        var problem: Problem
        var requestID: String
        var headOnly: Bool
    }

    private let limits: APILimits
    private let logger: Logger
    private let clock: @Sendable () -> Instant
    private let gate: ByteGate
    private var reading = Reading.head
    private var inFlight: [InFlight] = []
    private var requests = 0
    private var refusal: Refusal?
    /// The answer under way says `Connection: close`.
    private var closing = false
    private var draining = false
    private var lingering = false
    private var readTimer: Scheduled<Void>?
    private var stallTimer: Scheduled<Void>?
    private var lingerTimer: Scheduled<Void>?

    init(limits: APILimits, logger: Logger, clock: @escaping @Sendable () -> Instant, gate: ByteGate) {
        (self.limits, self.logger, self.clock, self.gate) = (limits, logger, clock, gate)
    }

    // MARK: What the client sends

    /// The gate saw octets: the first ones of a header start its clock.
    func octetsArrived(context: ChannelHandlerContext) {
        guard case .head = reading, readTimer == nil else { return }
        readTimer = schedule(limits.headerTime, context) { $0.headerLate(context: $1) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .nothing = reading { return }
        switch unwrapInboundIn(data) {
        case .head(let head): headArrived(head, context: context)
        case .body(let bytes):
            guard case .body(let before) = reading else { return }
            let received = before + bytes.readableBytes
            guard received <= limits.body else {
                return abort(.bodyTooLarge(limit: limits.body), context: context)
            }
            reading = .body(received: received)
            context.fireChannelRead(data)
        case .end:
            stopReadTimer()
            if !inFlight.isEmpty { inFlight[inFlight.count - 1].arrived = true }
            reading = .head
            context.fireChannelRead(data)
        }
    }

    private func headArrived(_ head: HTTPRequestHead, context: ChannelHandlerContext) {
        stopReadTimer()
        if let problem = HeadRules.problem(with: head, limits: limits) {
            return refuse(
                Refusal(
                    problem: problem,
                    requestID: requestID(SortableID.accepted(head.headers.first(name: "X-Request-Id"))),
                    headOnly: head.method == .HEAD), context: context)
        }
        requests += 1
        let last = !HeadRules.keepsAlive(head) || requests >= limits.requestsPerConnection
        inFlight.append(InFlight(last: last))
        reading = .body(received: 0)
        readTimer = schedule(limits.bodyTime, context) {
            $0.abort(.bodyLate($0.limits.bodyTime), context: $1)
        }
        // Only the first in line: an interim answer must not overtake the answers to earlier requests.
        if HeadRules.expectsContinue(head), inFlight.count == 1 {
            context.writeAndFlush(
                wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))), promise: nil)
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private func headerLate(context: ChannelHandlerContext) {
        readTimer = nil
        guard case .head = reading else { return }
        // Answers are still being made, so reading may be held back by us.
        guard inFlight.isEmpty else { return octetsArrived(context: context) }
        let problem = Problem(
            .headerTimeout, "The header was not complete after \(limits.headerTime.seconds) s.")
        refuse(Refusal(problem: problem, requestID: requestID(nil), headOnly: false), context: context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        switch reading {
        case .nothing: return
        case .body:
            abort(
                Problem(.bodyMalformed, "The body is not framed as its header says: \(error)."),
                context: context)
        case .head:
            let problem = HeadRules.problem(parsing: error, limits: limits)
            refuse(Refusal(problem: problem, requestID: requestID(nil), headOnly: false), context: context)
        }
    }

    /// The request is being answered already: its reader gets the error and answers with the problem.
    private func abort(_ problem: Problem, context: ChannelHandlerContext) {
        guard case .body = reading else { return }
        stopReadTimer()
        reading = .nothing
        gate.discards = true
        context.fireErrorCaught(BodyAborted(problem: problem))
    }

    private func refuse(_ refusal: Refusal, context: ChannelHandlerContext) {
        stopReadTimer()
        reading = .nothing
        gate.discards = true
        self.refusal = refusal
        if inFlight.isEmpty { writeRefusal(context: context) }
    }

    private func requestID(_ given: String?) -> String { given ?? SortableID.make(at: clock()) }

    // MARK: What we answer

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !lingering else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if let first = inFlight.first, first.last || !first.arrived || draining {
                closing = true
                head.headers.replaceOrAdd(name: "Connection", value: "close")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            if !inFlight.isEmpty { inFlight.removeFirst() }
            if closing {
                finish(data, promise: promise, context: context)
            } else {
                context.write(data, promise: promise)
                if refusal != nil, inFlight.isEmpty { writeRefusal(context: context) }
            }
        }
    }

    private func writeRefusal(context: ChannelHandlerContext) {
        guard let refusal, !lingering else { return }
        self.refusal = nil
        let problem = refusal.problem
        logger.debug(
            "refused",
            metadata: [
                "code": "\(problem.code)", "status": "\(problem.status)",
                "request_id": "\(refusal.requestID)",
            ])
        let document = problem.json(requestID: refusal.requestID)
        var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: problem.status))
        head.headers.add(name: "Content-Type", value: "application/problem+json")
        head.headers.add(name: "Content-Length", value: String(document.count))
        head.headers.add(name: "Cache-Control", value: "no-store")
        head.headers.add(name: "X-Request-Id", value: refusal.requestID)
        for (name, value) in problem.headers { head.headers.add(name: name, value: value) }
        head.headers.add(name: "Connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !refusal.headOnly {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: document)))), promise: nil)
        }
        finish(wrapOutboundOut(.end(nil)), promise: nil, context: context)
    }

    /// Writes the last part, then closes the output, then swallows input for a while: a socket closed with
    /// unread input is reset, and the reset overtakes the answer.
    private func finish(_ end: NIOAny, promise: EventLoopPromise<Void>?, context: ChannelHandlerContext) {
        lingering = true
        reading = .nothing
        gate.discards = true
        stopReadTimer()
        let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(end, promise: promise)
        promise.futureResult.assumeIsolated().whenComplete { _ in
            context.close(mode: .output, promise: nil)
        }
        if gate.inputClosed {
            promise.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        } else {
            lingerTimer = schedule(limits.linger, context) { $1.close(promise: nil) }
        }
        gate.read()
    }

    // MARK: The connection

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { draining = true }
        if case .some(.inputClosed) = event as? ChannelEvent, lingering { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stallTimer?.cancel()
        stallTimer =
            context.channel.isWritable
            ? nil : schedule(limits.stalledReader, context) { $1.close(promise: nil) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimers()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stopTimers() }

    private func stopTimers() {
        stopReadTimer()
        stallTimer?.cancel()
        lingerTimer?.cancel()
        (stallTimer, lingerTimer) = (nil, nil)
    }

    private func stopReadTimer() {
        readTimer?.cancel()
        readTimer = nil
    }

    private func schedule(
        _ time: Duration, _ context: ChannelHandlerContext,
        _ then: @escaping (ConnectionGuard, ChannelHandlerContext) -> Void
    ) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { then(self, context) }
    }
}

extension Problem {
    static func bodyTooLarge(limit: Int) -> Problem {
        Problem(.bodyTooLarge, "A body may have \(limit) octets. Send fewer certificates at a time.")
    }

    static func bodyLate(_ limit: Duration) -> Problem {
        Problem(.bodyTimeout, "The body was not complete \(limit.seconds) s after its header.")
    }
}

extension Duration {
    /// Whole seconds.
    var seconds: Int64 { components.seconds }
}
