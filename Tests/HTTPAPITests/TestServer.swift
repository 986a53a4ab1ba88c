import Assessment
import Certificates
import HTTPAPI
import Logging
import ServiceLifecycle

/// Runs the real server on a free port for as long as `body` runs, then drains it.
func withServer(
    limits: APILimits = APILimits(), assessor: Assessor = Assessor(), openapi: [UInt8]? = nil,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    _ body: @Sendable @escaping (Int) async throws -> Void
) async throws {
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    let server = APIServer(
        listen: .tcp(host: "127.0.0.1", port: 0), assessor: assessor, openapi: openapi, limits: limits,
        logger: logger,
        clock: { pinned },
        onRunning: { address in
            if case .tcp(_, let port) = address { found.yield(port) }
            found.finish()
        })
    let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            try await group.run()
            found.finish()
        }
        tasks.addTask {
            for await port in ports { try await body(port) }
            await group.triggerGracefulShutdown()
        }
        try await tasks.waitForAll()
    }
}

/// 2026-11-24T13:59:00Z
let pinned = Instant(seconds: 1_795_528_740)
