import Assessment
import Egress
import Fixtures
import HTTPAPI
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing

/// A server told to stop answers what is under way, and accepts nothing more.
@Suite struct DrainTests {
    @Test func whatIsUnderWayIsAnswered() async throws {
        // A listener that never speaks: the check of it lasts until its time-out.
        let (connections, connected) = AsyncStream.makeStream(of: Void.self)
        let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                connected.yield()
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let silentPort = silent.localAddress?.port ?? 0
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = APIServer(
            listen: .tcp(host: "127.0.0.1", port: 0),
            assessor: try Assessor(
                stores: testStores(), policy: EgressPolicy(allowsPrivate: true), logger: logger),
            openapi: nil, logger: logger, clock: { pinned },
            onRunning: { address in
                if case .tcp(_, let port) = address { found.yield(port) }
                found.finish()
            })
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        async let running: Void = group.run()
        let port = try #require(await ports.first { _ in true })
        async let answer = RawClient.send("GET", "/v1/check/127.0.0.1:\(silentPort)?timeout=2s", port: port)
        _ = await connections.first { _ in true }
        await group.triggerGracefulShutdown()
        let response = try await answer
        #expect(response.status == 200)
        #expect(response.body.contains("\"verdict\":\"unreachable\""))
        #expect(response.headers["connection"] == "close")
        try await running
        await #expect(throws: (any Error).self) { try await RawClient.send("GET", "/", port: port) }
        try await silent.close()
    }
}
