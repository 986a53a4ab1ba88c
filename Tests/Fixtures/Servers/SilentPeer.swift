import Foundation

/// A listener on loopback that accepts nobody: the kernel completes connections, and no octet ever comes.
package final class SilentPeer: Sendable {
    package let port: UInt16
    private let socket: Int32

    /// - Parameter backlog: connections that may hang at once.
    package init(backlog: Int32 = 1024) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var own = sockaddr_in()
        own.sin_family = sa_family_t(AF_INET)
        own.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (descriptor, length) = (socket, size)
        let bound = withUnsafeMutablePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, backlog) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: own.sin_port)
    }

    deinit { close(socket) }
}
