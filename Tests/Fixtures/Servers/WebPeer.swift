import Foundation
import Synchronization

/// A web server on loopback that answers as it is told, wrongly too, and remembers what it was asked. One
/// thread for each connection, one request on each.
package final class WebPeer: Sendable {
    package struct Request: Sendable, Equatable {
        package var method: String
        /// As sent, with the query.
        package var path: String
        /// Names in lower case.
        package var fields: [String: String]
        package var body: [UInt8]
    }

    package enum Step: Sendable {
        case send([UInt8])
        /// The block so many times, or until the client has gone.
        case flood([UInt8], times: Int)
        /// One octet after the other until the client has gone.
        case drip(UInt8, every: Duration)
        /// Nothing until the client has gone.
        case hold
        /// Nothing until the test opens it.
        case wait(Barrier)
        /// RST.
        case reset
    }

    /// Where answers wait for the test.
    package final class Barrier: Sendable {
        private let isOpen = Mutex(false)
        package init() {}
        package func open() { isOpen.withLock { $0 = true } }
        fileprivate func wait() {
            while !isOpen.withLock({ $0 }) { usleep(1000) }
        }
    }

    private struct State {
        var connections = 0
        var requests: [Request] = []
        /// Clients who went before the answer was over.
        var leavers = 0
        /// Of the clients, in their order.
        var ports: [UInt16] = []
        var isStopped = false
    }

    package let address: String
    package let port: UInt16
    private let state: Mutex<State>
    private let listener: Int32

    /// `http://ADDRESS:PORT`
    package var url: String { "http://\(address.contains(":") ? "[\(address)]" : address):\(port)" }
    package var connections: Int { state.withLock { $0.connections } }
    package var requests: [Request] { state.withLock { $0.requests } }
    package var leavers: Int { state.withLock { $0.leavers } }

    /// - Parameters:
    ///   - address: of either family; `0.0.0.0` hears all of loopback.
    ///   - port: 0 takes any that is free.
    ///   - answer: what to do with a request, of which so many came before.
    package init(
        _ address: String = "127.0.0.1", port: UInt16 = 0,
        answer: @escaping @Sendable (Request, Int) -> [Step]
    ) throws {
        guard let (listener, port) = Self.listen(address, port) else { throw POSIXError(.EADDRNOTAVAIL) }
        (self.address, self.listener) = (address, listener)
        self.port = port
        state = Mutex(State())
        // So that a stop is noticed without another thread closing the socket.
        var patience = timeval(tv_sec: 0, tv_usec: 20_000)
        setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        Thread { [weak self] in
            while let self, !self.state.withLock({ $0.isStopped }) {
                guard let (client, port) = Self.accept(listener) else { continue }
                self.opened(port)
                Thread { [weak self] in
                    self?.serve(client, answer)
                    close(client)
                }.start()
            }
            close(listener)
        }.start()
    }

    private static func listen(_ address: String, _ port: UInt16) -> (socket: Int32, port: UInt16)? {
        let isV6 = address.contains(":")
        let listener = socket(
            isV6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // A port whose last connection is not quite over yet may be taken again.
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var (v4, v6) = (sockaddr_in(), sockaddr_in6())
        (v4.sin_family, v4.sin_port) = (sa_family_t(AF_INET), port.bigEndian)
        (v6.sin6_family, v6.sin6_port) = (sa_family_t(AF_INET6), port.bigEndian)
        inet_pton(AF_INET, address, &v4.sin_addr)
        inet_pton(AF_INET6, address, &v6.sin6_addr)
        func bound<Address>(_ own: inout Address) -> Bool {
            var size = socklen_t(MemoryLayout<Address>.size)
            return withUnsafeMutablePointer(to: &own) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, size) == 0 && Foundation.listen(listener, 1024) == 0
                        && getsockname(listener, $0, &size) == 0
                }
            }
        }
        guard isV6 ? bound(&v6) : bound(&v4) else {
            close(listener)
            return nil
        }
        return (listener, UInt16(bigEndian: isV6 ? v6.sin6_port : v4.sin_port))
    }

    private static func accept(_ listener: Int32) -> (client: Int32, port: UInt16)? {
        var peer = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let client = withUnsafeMutablePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.accept(listener, $0, &size)
            }
        }
        guard client >= 0 else { return nil }
        // The listener's patience is inherited.
        var forever = timeval()
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &forever, socklen_t(MemoryLayout<timeval>.size))
        // The port is at the same place in both families.
        return (client, UInt16(bigEndian: peer.sin6_port))
    }

    /// How many have connected, this call itself not counted: whoever came before it is, for they are
    /// accepted in their order.
    package func connectionsByNow() throws -> Int {
        let own = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(own) }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = port.bigEndian
        place.sin_addr.s_addr = inet_addr(address)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let done = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(own, $0, size) == 0 && getsockname(own, $0, &size) == 0
            }
        }
        guard done else { throw POSIXError(.ECONNREFUSED) }
        let port = UInt16(bigEndian: place.sin_port)
        while true {
            let (found, count) = state.withLock { ($0.ports.firstIndex(of: port), $0.connections) }
            if let found {
                state.withLock { state in
                    state.connections -= 1
                    state.ports.remove(at: found)
                }
                return count - 1
            }
            usleep(500)
        }
    }

    private func opened(_ port: UInt16) {
        state.withLock { state in
            state.connections += 1
            state.ports.append(port)
        }
    }

    package func stop() { state.withLock { $0.isStopped = true } }

    /// An answer with its length.
    package static func answer(
        _ body: [UInt8] = [], status: Int = 200, fields: [String] = []
    ) -> [Step] {
        let lines =
            ["HTTP/1.1 \(status) Told", "Content-Length: \(body.count)", "Connection: close"] + fields
        return [.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)]
    }

    private func serve(_ client: Int32, _ answer: (Request, Int) -> [Step]) {
        guard let request = Self.read(client) else { return }
        let before = state.withLock { state in
            state.requests.append(request)
            return state.requests.count - 1
        }
        for step in answer(request, before) where !perform(step, client) {
            state.withLock { $0.leavers += 1 }
            return
        }
    }

    /// False when the client has gone.
    private func perform(_ step: Step, _ client: Int32) -> Bool {
        switch step {
        case .send(let bytes): return Self.write(bytes, client)
        case .flood(let block, let times):
            return (0..<times).allSatisfy { _ in Self.write(block, client) }
        case .drip(let octet, let pause):
            while Self.write([octet], client) {
                if Self.hasGone(client, within: pause) { break }
            }
            return false
        case .hold:
            while !Self.hasGone(client, within: .seconds(1)) {}
            return false
        case .wait(let barrier):
            barrier.wait()
            return true
        case .reset:
            var abrupt = linger(l_onoff: 1, l_linger: 0)
            setsockopt(client, SOL_SOCKET, SO_LINGER, &abrupt, socklen_t(MemoryLayout<linger>.size))
            return true
        }
    }

    /// Whoever closes or resets is readable.
    private static func hasGone(_ client: Int32, within pause: Duration) -> Bool {
        var descriptor = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
        let (seconds, attoseconds) = pause.components
        return poll(&descriptor, 1, Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000)) > 0
    }

    private static func write(_ bytes: [UInt8], _ client: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func read(_ client: Int32) -> Request? {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(client, &block, block.count, 0)
            guard count > 0 else { return nil }
            bytes += block.prefix(count)
            if let request = parse(bytes) { return request }
        }
    }

    /// Nil while something is missing.
    private static func parse(_ bytes: [UInt8]) -> Request? {
        guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 {
                fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
            }
        }
        let body = bytes[end.upperBound...]
        let length = fields["content-length"].flatMap { Int($0) } ?? 0
        guard words.count == 3, body.count >= length else { return nil }
        return Request(method: words[0], path: words[1], fields: fields, body: Array(body.prefix(length)))
    }
}
