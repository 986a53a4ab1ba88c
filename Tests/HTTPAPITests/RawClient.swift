import JSON
import NIOCore
import NIOPosix

/// A client that sends exactly the octets it is given, so that requests no library would make can be made.
enum RawClient {
    /// Sends `octets`, reads until the server closes its side, and returns what came.
    ///
    /// - Parameter halfClose: close our side after sending, as `nc -N` does.
    static func exchange(_ octets: [UInt8], port: Int, halfClose: Bool = false) async throws -> String {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: [UInt8].self)
        let connecting = ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(promise))
                }
            }
            .connect(host: "127.0.0.1", port: port)
        connecting.cascadeFailure(to: promise)
        let channel = try await connecting.get()
        let late = loop.scheduleTask(in: .seconds(20)) {
            promise.fail(ChannelError.connectTimeout(.seconds(20)))
        }
        // The server may refuse before it has read all: writing may fail, the answer counts.
        try? await channel.writeAndFlush(ByteBuffer(bytes: octets)).get()
        if halfClose { try? await channel.close(mode: .output).get() }
        let answer = try await promise.futureResult.get()
        late.cancel()
        try? await channel.close().get()
        return String(decoding: answer, as: UTF8.self)
    }

    static func exchange(_ text: String, port: Int, halfClose: Bool = false) async throws -> String {
        try await exchange(Array(text.utf8), port: port, halfClose: halfClose)
    }

    /// One well-formed request on a connection of its own.
    static func send(
        _ method: String = "GET", _ target: String, port: Int, headers: [String] = [], body: [UInt8] = []
    ) async throws -> RawResponse {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: 127.0.0.1", "Connection: close"] + headers
        if !body.isEmpty || method == "POST" { lines.append("Content-Length: \(body.count)") }
        let head = lines.joined(separator: "\r\n") + "\r\n\r\n"
        return try RawResponse(await exchange(Array(head.utf8) + body, port: port))
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private var received: [UInt8] = []
        private let promise: EventLoopPromise<[UInt8]>

        init(_ promise: EventLoopPromise<[UInt8]>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        }
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .some(.inputClosed) = event as? ChannelEvent { promise.succeed(received) }
        }
        func channelInactive(context: ChannelHandlerContext) { promise.succeed(received) }
        /// A reset after the answer takes nothing from it.
        func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.succeed(received) }
    }
}

/// One response, taken apart; whatever follows it is `rest`.
struct RawResponse {
    struct NotHTTP: Error { var text: String }

    var status: Int
    var headers: [String: String] = [:]
    var body: String
    var rest: String

    init(_ text: String, headOnly: Bool = false) throws {
        guard let end = text.firstRange(of: "\r\n\r\n") else { throw NotHTTP(text: text) }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 "),
            let code = Int(first.dropFirst(9).prefix(3))
        else {
            throw NotHTTP(text: text)
        }
        status = code
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw NotHTTP(text: text) }
            headers[line[..<colon].lowercased()] = String(
                line[line.index(after: colon)...].drop { $0 == " " })
        }
        let after = Array(text[end.upperBound...].utf8)
        let length = headOnly || code < 200 ? 0 : Int(headers["content-length"] ?? "") ?? after.count
        body = String(decoding: after.prefix(length), as: UTF8.self)
        rest = String(decoding: after.dropFirst(length), as: UTF8.self)
    }
}
