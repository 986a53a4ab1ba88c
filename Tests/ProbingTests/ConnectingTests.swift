import Egress
import Fixtures
import Glibc
import NIOCore
import NIOPosix
import Reports
import Testing

@testable import Probing

/// What fails before TLS, and what is said in the ClientHello.
@Suite(.timeLimit(.minutes(2))) struct ConnectingTests {
    /// A port on 127.0.0.1 that is taken, by a socket that does not listen.
    private static func closedPort() throws -> (port: UInt16, holder: PortHolder) {
        let holder = try PortHolder()
        return (holder.port, holder)
    }

    @Test func refused() async throws {
        let (port, holder) = try Self.closedPort()
        let evidence = try await ProbeStage().probe(port: port)
        #expect(evidence.failure?.check == .netConnect && evidence.failure?.reason == .connectionRefused)
        #expect(evidence.failure?.presented == "Connection refused")
        #expect(evidence.failure?.address == "127.0.0.1")
        #expect(evidence.handshake?.failedAt == .connect)
        #expect(evidence.handshake?.addressesTried == ["127.0.0.1"])
        // One retry, after a pause.
        #expect((evidence.handshake?.timings.last?.milliseconds ?? 0) >= 100)
        withExtendedLifetime(holder) {}
    }

    @Test("the retry finds a server that has come up meanwhile") func retried() async throws {
        let holder = try PortHolder()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let dialler = Dialler(group: loop, pause: .milliseconds(500))
        let address = try #require(IPAddress(text: "127.0.0.1"))
        async let dialled = dialler.dial(
            [address], port: holder.port, deadline: .now() + .seconds(20), on: loop)
        // If the server is up before the first attempt, that connects instead.
        try holder.listen()
        let result = await dialled
        #expect(result.tried == [address] && result.last == address)
        try await result.result.get().channel.close()
    }

    @Test("of a name's addresses only the allowed ones are dialled") func mixed() async throws {
        let peer = try await HostilePeer(.init(after: .closeOutput))
        let stage = try ProbeStage(hosts: "169.254.169.254 server.test\n127.0.0.1 server.test")
        let evidence = await stage.probe(address: nil, port: peer.port)
        #expect(evidence.handshake?.addressesTried == ["127.0.0.1"])
        #expect(evidence.failure?.reason == .connectionClosed)
    }

    @Test(
        "names",
        arguments: [
            ("absent.test", Reason.nameNotFound), ("mail.test", .noAddress), ("broken.test", .resolverFailed),
            ("silent.test", .timeout),
        ])
    func resolving(_ name: String, _ reason: Reason) async throws {
        let names = try NameServer([
            "mail.test": .addresses(), "broken.test": .serverFailure, "silent.test": .silence,
        ])
        defer { names.stop() }
        let stage = try ProbeStage(servers: names.address)
        let timeout = reason == .timeout ? Duration.milliseconds(300) : .seconds(20)
        let evidence = await stage.probe(name, address: nil, port: 443, timeout: timeout)
        #expect(evidence.failure?.check == .netResolve && evidence.failure?.reason == reason)
        #expect(evidence.handshake?.failedAt == .resolve)
        #expect(evidence.handshake?.timings.map(\.phase) == [.resolve])
        #expect(evidence.handshake?.addressesTried == [])
    }

    @Test("a deadline that is over at the start") func overdue() async throws {
        let peer = try await HostilePeer(.init())
        let evidence = try await ProbeStage().probe(port: peer.port, timeout: .milliseconds(-1))
        #expect(evidence.failure?.check == .netConnect && evidence.failure?.reason == .timeout)
    }

    struct NameCase: Sendable {
        var host: ReferenceIdentifier
        var sni: String?
        var sent: String?
    }

    static let dns = ReferenceIdentifier.dns(aLabels: "server.test", given: "server.test")
    static let ip = ReferenceIdentifier.ip(octets: [127, 0, 0, 1], text: "127.0.0.1")

    @Test(
        "server_name",
        arguments: [
            NameCase(host: dns, sni: nil, sent: "server.test"), NameCase(host: dns, sni: "", sent: nil),
            NameCase(host: dns, sni: "other.test", sent: "other.test"),
            NameCase(host: ip, sni: nil, sent: nil),
            NameCase(host: ip, sni: "name.test.", sent: "name.test"),
            NameCase(host: dns, sni: "192.0.2.1", sent: nil),
            NameCase(host: dns, sni: "2001:db8::1", sent: nil),
        ])
    func serverName(_ c: NameCase) async throws {
        let peer = try await HostilePeer(.init(after: .closeOutput))
        let endpoint = Endpoint(host: c.host, port: peer.port, address: "127.0.0.1", sni: c.sni)
        let evidence = try await ProbeStage().prober.probe(endpoint, timeout: .seconds(20))
        let hello = ClientHello(try await peer.heard.get())
        #expect(hello.serverName == c.sent)
        #expect(evidence.handshake?.sni == c.sent)
        // status_request (RFC 6066) and signed_certificate_timestamp (RFC 6962) are asked for, ALPN is not.
        #expect(hello.extensions[5] != nil && hello.extensions[18] == [] && hello.extensions[16] == nil)
    }
}

/// Enough of RFC 8446 §4.1.2 to see the extensions.
struct ClientHello {
    private(set) var extensions: [Int: [UInt8]] = [:]

    var serverName: String? { extensions[0].map { String(decoding: $0.dropFirst(5), as: UTF8.self) } }

    /// A handshake record with one message.
    init(_ record: [UInt8]) {
        var rest = record.dropFirst(5 + 4 + 2 + 32)
        func take(_ octets: Int) -> [UInt8] {
            defer { rest = rest.dropFirst(octets) }
            return Array(rest.prefix(octets))
        }
        func number(_ octets: Int) -> Int { take(octets).reduce(0) { $0 << 8 | Int($1) } }
        _ = take(number(1))
        _ = take(number(2))
        _ = take(number(1))
        _ = number(2)
        while rest.count >= 4 {
            let type = number(2)
            extensions[type] = take(number(2))
        }
    }
}

/// A TCP port on 127.0.0.1 that refuses until it is told to listen.
final class PortHolder: Sendable {
    let port: UInt16
    private let socket: Int32

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = socket
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        try #require(bound)
    }

    deinit { close(socket) }

    func listen() throws { try #require(Glibc.listen(socket, 16) == 0) }

    /// For servers that do not let the kernel choose. Below the ports of outgoing connections, which could
    /// take it meanwhile.
    static func freePort() throws -> UInt16 {
        for _ in 0..<100 {
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(socket) }
            let port = UInt16.random(in: 10_000..<32_768)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            let bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if bound { return port }
        }
        throw Errno.inUse
    }

    enum Errno: Error { case inUse }
}
