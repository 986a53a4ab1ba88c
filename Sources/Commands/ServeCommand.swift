import ArgumentParser
import Assessment
import Foundation
import HTTPAPI
import Logging
import ServiceLifecycle

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Answers the HTTP API.",
        discussion: """
            SIGTERM and SIGINT stop it once what is under way is answered; SIGHUP reads the trust stores, \
            client certificates and proxies again. Every setting is also an environment variable \
            (CATENARY_LISTEN for --listen) and a key of the --config file (listen); a flag wins over the \
            environment, which wins over the file.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "HOST:PORT, [V6]:PORT or unix:PATH. Default 127.0.0.1:8420.")
    var listen: [String] = []

    func run() async throws {
        let engine = try Usage.check { () throws(SettingsError) in
            try common.engine(quiet: false, more: ["listen": listen])
        }
        let logger = engine.logger
        // Beyond loopback strangers would choose what this host connects to.
        let assessor = try Usage.check { () throws(SettingsError) in
            try engine.assessor(allowsPrivate: engine.settings.listen.isLoopback)
        }
        let server = APIServer(
            listen: engine.settings.listen, assessor: assessor,
            openapi: DataFolder.openapi(besides: engine.folder), modules: engine.settings.modules,
            slots: ScanSlots(min(ScanSlots.standard, OpenFiles.raise())), logger: logger, clock: Engine.clock,
            onRunning: { address in
                logger.notice("listening", metadata: ["address": "\(address)"])
            })
        let group = ServiceGroup(
            configuration: .init(
                services: [server, Reloading(engine: engine, assessor: assessor)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        do {
            try await group.run()
        } catch {
            logger.critical("cannot serve", metadata: ["reason": "\(error)"])
            throw Ending(code: Program.failure)
        }
        logger.notice("stopped")
    }
}

/// SIGHUP reads the trust stores again, and the client certificates and proxies; of each of the two, when it
/// is wrong, the old ones stay.
private struct Reloading: Service {
    private let engine: Engine
    private let assessor: Assessor
    /// Sources of Dispatch may be used from any thread; this one only has to live.
    nonisolated(unsafe) private let source: any DispatchSourceSignal
    private let signals: AsyncStream<Void>

    /// Listens from now on: an early signal must not end the process, as SIGHUP does by default.
    init(engine: Engine, assessor: Assessor) {
        (self.engine, self.assessor) = (engine, assessor)
        signal(SIGHUP, SIG_IGN)
        let (signals, received) = AsyncStream.makeStream(of: Void.self)
        source = DispatchSource.makeSignalSource(signal: SIGHUP)
        source.setEventHandler { received.yield() }
        source.resume()
        self.signals = signals
    }

    func run() async throws {
        defer { source.cancel() }
        for await _ in signals.cancelOnGracefulShutdown() {
            do {
                try engine.stores.reload()
                engine.logger.notice("trust stores reloaded")
            } catch {
                engine.logger.error("trust stores kept as they were", metadata: ["reason": "\(error)"])
            }
            do {
                assessor.reload(try engine.readSettings().network)
                engine.logger.notice("client certificates and proxies reloaded")
            } catch {
                let why = Logger.MetadataValue("\(error)")
                engine.logger.error(
                    "client certificates and proxies kept as they were", metadata: ["reason": why])
            }
        }
    }
}
