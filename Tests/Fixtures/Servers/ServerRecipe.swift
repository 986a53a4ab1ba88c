import Glibc

/// How a server from a Debian package is set up: in a folder, on a loopback address of its own, with a chain.
package struct ServerRecipe: Sendable, CustomStringConvertible {
    /// One port of the server.
    package struct Listener: Sendable, Hashable {
        package let port: UInt16
        /// The protocol whose dialogue comes before TLS, by its name in the option `starttls`; nil: TLS at
        /// once.
        package let startTLS: String?

        package init(_ port: UInt16, _ startTLS: String? = nil) {
            (self.port, self.startTLS) = (port, startTLS)
        }
    }

    package let description: String
    package var listeners: [Listener]
    /// Whether the server's parts change to users of their own, which only root may.
    package var needsRoot = false
    /// Folders and files inside the server's own.
    var folders: [String] = []
    var files: @Sendable (ServerPlace) -> [String: String] = { _ in [:] }
    var octets: [String: [UInt8]] = [:]
    /// Whom all of it belongs to.
    var owner: String?
    /// Commands that run to their end before the server starts.
    var preparation: @Sendable (ServerPlace) -> [[String]] = { _ in [] }
    /// Program and arguments; the program stays in the foreground.
    let command: @Sendable (ServerPlace) -> [String]
    var environment: @Sendable (ServerPlace) -> [String: String] = { _ in [:] }
}

/// Where one server lives.
package struct ServerPlace: Sendable {
    package let folder: String
    /// An address of 127.0.0.0/8 that no other server uses, so that ports need not be sought.
    package let address: String
    /// PEM files: what is sent, in this order; its key; both together, the key first.
    package let chain: String
    package let key: String
    package let keyAndChain: String

    /// The command as another user, who has an account of his own; unchanged for those who cannot change.
    func command(as user: String, _ command: [String]) -> [String] {
        guard geteuid() == 0 else { return command }
        return ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"] + command
    }
}
