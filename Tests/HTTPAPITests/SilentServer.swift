import NIOCore
import NIOPosix

/// Takes connections and never says a word.
final class SilentServer: Sendable {
    let port: Int
    private let channel: any Channel

    private init(_ channel: any Channel, port: Int) { (self.channel, self.port) = (channel, port) }

    static func start() async throws -> SilentServer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        return SilentServer(channel, port: channel.localAddress?.port ?? 0)
    }

    func stop() { channel.close(promise: nil) }
}
