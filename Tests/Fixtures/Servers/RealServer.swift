import Foundation

/// A server of a recipe that runs until it is stopped or let go.
package final class RealServer: Sendable {
    package enum Failure: Error {
        case preparation(String)
    }

    package let recipe: ServerRecipe
    package var address: String { place.address }
    private let place: ServerPlace
    private let folder: TemporaryFolder
    private let process: ServerProcess

    /// Returns once every port of the recipe accepts connections.
    ///
    /// - Parameter presented: what is sent, in this order; the first with its private key.
    package init(_ recipe: ServerRecipe, _ presented: [FixtureCertificate]) async throws {
        self.recipe = recipe
        folder = try TemporaryFolder()
        let key = presented.first?.keyPEM ?? ""
        let place = ServerPlace(
            folder: folder.path, address: Self.unusedAddress(),
            chain: try folder.write("chain.pem", presented.pem), key: try folder.write("server.key", key),
            keyAndChain: try folder.write("both.pem", key + presented.pem))
        self.place = place
        for name in recipe.folders {
            try FileManager.default.createDirectory(
                atPath: folder.path + "/" + name, withIntermediateDirectories: true)
        }
        for (name, text) in recipe.files(place) { try folder.write(name, text) }
        for (name, octets) in recipe.octets { try folder.write(name, octets) }
        // Some servers refuse a key that others can read.
        chmod(place.key, 0o600)
        if let owner = recipe.owner, geteuid() == 0 {
            try await Self.run(["chown", "-R", owner, folder.path], place, [:])
        }
        let environment = recipe.environment(place)
        for command in recipe.preparation(place) { try await Self.run(command, place, environment) }
        let command = recipe.command(place)
        let ports = recipe.listeners.map(\.port)
        // Long, for many servers start at once on two cores: the slowest takes three seconds of its own.
        process = try await ServerProcess.start(
            command[0], Array(command.dropFirst()), environment: environment, folder: folder.path,
            within: .seconds(60)
        ) { _ in ports.allSatisfy { Self.accepts(place.address, $0) } ? true : nil }.process
    }

    package func stop() { process.stop() }

    /// A file of the server's folder.
    package func file(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name)))
    }

    /// Sixteen million to choose from; the first blocks are left to tests that name their addresses.
    private static func unusedAddress() -> String {
        "127.\(Int.random(in: 64...254)).\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
    }

    /// Runs a command to its end.
    private static func run(
        _ command: [String], _ place: ServerPlace, _ environment: [String: String]
    ) async throws {
        let end = "ended with "
        let line = command.map { "'" + $0 + "'" }.joined(separator: " ")
        let (process, status) = try await ServerProcess.start(
            "/bin/sh", ["-c", line + " </dev/null; echo; echo '\(end)'$?"], environment: environment,
            folder: place.folder, within: .seconds(60)
        ) { text in text.split(separator: "\n").last { $0.hasPrefix(end) }?.dropFirst(end.count) }
        guard status == "0" else { throw Failure.preparation("\(line): \(process.text)") }
    }

    private static func accepts(_ address: String, _ port: UInt16) -> Bool {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var peer = sockaddr_in()
        peer.sin_family = sa_family_t(AF_INET)
        peer.sin_port = port.bigEndian
        peer.sin_addr.s_addr = inet_addr(address)
        return withUnsafePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
