import Assessment
import Certificates
import Egress
import Fixtures
import HTTPAPI
import Logging
import ServiceLifecycle
import TrustStores

/// 2026-07-01T00:00:00Z, the instant that the fixtures' defects are made for.
let pinned = Instant(seconds: 1_782_864_000)

/// A store `mozilla` that holds nothing but the test root, and one of an operator, `corp`, that holds nothing
/// of it.
func testStores() throws -> CurrentStores {
    let client = Client(name: .libcrypto, completes: .nothing)
    func store(_ name: String, _ authority: Authority) throws -> TrustStore {
        let certificate = try Certificate.parse(der: authority.certificate.der)
        return TrustStore(
            name: name, version: "1", origin: .shipped, client: client,
            anchors: [Anchor(certificate: certificate)])
    }
    let set = StoreSet(
        [
            try store("mozilla", StandardChains.root), try store("corp", Authority.root("Corporate Root")),
        ], clients: [client])
    let rules = try StoreRules([StoreRule(match: "*.corp.example", stores: ["corp"])])
    return try CurrentStores(rules: rules) { _ throws(TrustStoreError) in set }
}

/// Runs the real server on a free port for as long as `body` runs, then drains it.
func withServer(
    stores: CurrentStores? = nil, limits: APILimits = APILimits(), openapi: [UInt8]? = nil,
    modules: ProbeModules = .standard,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    _ body: @Sendable @escaping (Int) async throws -> Void
) async throws {
    let (ports, found) = AsyncStream.makeStream(of: Int.self)
    let assessor = try Assessor(
        stores: stores ?? testStores(), policy: EgressPolicy(allowsPrivate: true), logger: logger)
    let server = APIServer(
        listen: .tcp(host: "127.0.0.1", port: 0), assessor: assessor, openapi: openapi, modules: modules,
        limits: limits,
        logger: logger, clock: { pinned },
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
