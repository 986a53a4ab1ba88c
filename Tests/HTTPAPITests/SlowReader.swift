import Foundation
import Synchronization

/// A blocking client that reads when it is told to, on threads of its own.
final class SlowReader: Sendable {
    private let socket: Int32
    private let isClosed = Atomic<Bool>(false)

    struct Failed: Error {}

    init(_ accept: String, _ body: String, port: Int) async throws {
        let descriptor = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        socket = descriptor
        var small: Int32 = 65_536
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &small, socklen_t(MemoryLayout<Int32>.size))
        var peer = sockaddr_in()
        peer.sin_family = sa_family_t(AF_INET)
        peer.sin_addr.s_addr = inet_addr("127.0.0.1")
        peer.sin_port = UInt16(port).bigEndian
        let head =
            "POST /v1/scan HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\n\(accept)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let request = Array((head + body).utf8)
        let address = peer
        let sent = await Self.blocking { () -> Bool in
            var address = address
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            return connected && write(descriptor, request, request.count) == request.count
        }
        guard sent else { throw Failed() }
    }

    deinit { if !isClosed.load(ordering: .relaxed) { close(socket) } }

    private static func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }

    func firstBytes() async throws {
        let socket = socket
        let count = await Self.blocking {
            var byte: UInt8 = 0
            return read(socket, &byte, 1)
        }
        if count != 1 { throw Failed() }
    }

    /// Everything up to the end, slowly at first.
    func rest() async -> [UInt8] {
        let socket = socket
        return await Self.blocking {
            var (all, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
            while true {
                let count = read(socket, &chunk, chunk.count)
                if count <= 0 { return all }
                all += chunk[..<count]
                if all.count < 1 << 20 { usleep(1_000) }
            }
        }
    }

    /// With a reset, as when a program is killed that has not read everything.
    func leave() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        if !isClosed.exchange(true, ordering: .relaxed) { close(socket) }
    }
}
