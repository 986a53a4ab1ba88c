import Assessment
import Certificates
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The HTTP API. It is the only place of the service that reads a clock, and it is given that too.
package struct APIServer: Service {
    private let listen: ListenAddress
    private let handler: RequestHandler
    private let limits: APILimits
    private let logger: Logger
    private let clock: @Sendable () -> Instant
    private let onRunning: @Sendable (ListenAddress) async -> Void

    /// - Parameters:
    ///   - openapi: the bytes of openapi.yaml; nil when it was not installed.
    ///   - modules: of `/probe`.
    ///   - slots: of all scans together.
    ///   - clock: now, in whole seconds.
    ///   - onRunning: called once requests are accepted, with the address bound (port 0 resolved).
    package init(
        listen: ListenAddress, assessor: Assessor, openapi: [UInt8]?, modules: ProbeModules = .standard,
        limits: APILimits = APILimits(), slots: ScanSlots = ScanSlots(), logger: Logger,
        clock: @escaping @Sendable () -> Instant,
        onRunning: @escaping @Sendable (ListenAddress) async -> Void = { _ in }
    ) {
        (self.listen, self.limits, self.logger) = (listen, limits, logger)
        (self.clock, self.onRunning) = (clock, onRunning)
        handler = RequestHandler(
            assessor: assessor,
            scan: Scan(assessor: assessor, slots: slots, clock: clock, newID: { SortableID.make(at: $0) }),
            openapi: openapi, modules: modules, limits: limits, logger: logger, clock: clock)
    }

    /// Serves until the task's graceful shutdown: then nothing more is accepted, and what is under way is
    /// answered.
    package func run() async throws {
        let (limits, logger, clock, listen, onRunning) = (limits, logger, clock, listen, onRunning)
        // What Hummingbird has to say below a warning we say ourselves.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let application = Application(
            responder: handler,
            server: HTTPServerBuilder { responder in
                GuardedHTTP1(limits: limits, logger: logger, clock: clock, responder: responder)
            },
            configuration: ApplicationConfiguration(address: listen.bindAddress),
            onServerRunning: { channel in await onRunning(listen.bound(to: channel.localAddress)) },
            logger: quiet)
        try await application.run()
    }
}

extension ListenAddress {
    fileprivate func bound(to address: SocketAddress?) -> ListenAddress {
        guard case .tcp(let host, _) = self, let port = address?.port else { return self }
        return .tcp(host: host, port: port)
    }
}
