import Egress
import Fixtures
import NIOCore
import Reports
import Testing

@testable import Probing

/// Through an HTTP proxy: a real one, and some that misbehave.
@Suite(.timeLimit(.minutes(2))) struct ProxyTests {
    /// tinyproxy on a port of its own; it wants a password when `user` is there.
    private static func tinyproxy(_ port: UInt16, user: String? = nil) async throws -> ServerProcess {
        let folder = try TemporaryFolder()
        let configuration = """
            Port \(port)
            Listen 127.0.0.1
            Timeout 20
            MaxClients 20
            \(user.map { "BasicAuth \($0) secret" } ?? "")

            """
        let path = try folder.write("tinyproxy.conf", configuration)
        let (server, _) = try await ServerProcess.start("tinyproxy", ["-d", "-c", path]) {
            $0.contains("Accepting connections") ? true : nil
        }
        return server
    }

    private static func proxy(_ port: UInt16, _ credentials: String? = nil) -> Proxy {
        Proxy(host: "127.0.0.1", port: port, credentials: credentials)
    }

    @Test func tunnelled() async throws {
        let chain = TestChain()
        let server = try await OpenSSLServer(chain.presented)
        let port = try PortHolder.freePort()
        let process = try await Self.tinyproxy(port)
        defer {
            process.stop()
            server.stop()
        }
        let stage = try ProbeStage(
            hosts: "127.0.0.1 server.test\n127.0.0.1 proxy.test",
            proxy: Proxy(host: "proxy.test", port: port))
        let evidence = await stage.probe("server.test", address: nil, port: server.port)
        #expect(evidence.failure == nil && evidence.presented == chain.presented.map(\.der))
        #expect(evidence.handshake?.proxy == "proxy.test:\(port)")
        #expect(evidence.handshake?.address == "127.0.0.1" && evidence.handshake?.sni == "server.test")
        // The proxy saw the literal, not the name.
        #expect(process.text.contains("CONNECT 127.0.0.1:\(server.port)"))
        #expect(!process.text.contains("server.test"))
    }

    /// What the server says first is not lost between the proxy's answer and the dialogue.
    @Test func serverSpeaksFirst() async throws {
        let port = try PortHolder.freePort()
        let process = try await Self.tinyproxy(port)
        defer { process.stop() }
        let peer = try await HostilePeer(
            .init(greeting: Array("220 a\r\n".utf8), reply: Array("500 b\r\n".utf8)))
        var endpoint = Endpoint(
            host: .dns(aLabels: "server.test", given: "server.test"), port: peer.port, address: "127.0.0.1")
        endpoint.startTLS = .smtp
        let evidence = try await ProbeStage(proxy: Self.proxy(port)).prober.probe(
            endpoint, timeout: .seconds(20))
        #expect(evidence.failure?.check == .netStartTLS)
        #expect(evidence.failure?.presented?.contains("500 b") == true)
    }

    /// A request picks one by its name; without a name it goes the way of every probe.
    @Test func named() async throws {
        let port = try PortHolder.freePort()
        let process = try await Self.tinyproxy(port)
        defer { process.stop() }
        let server = try await OpenSSLServer(TestChain().presented)
        defer { server.stop() }
        let stage = try ProbeStage(proxies: ["dmz": Self.proxy(port)])
        var endpoint = Endpoint(
            host: .dns(aLabels: "server.test", given: "server.test"), port: server.port, address: "127.0.0.1")
        let direct = await stage.prober.probe(endpoint, timeout: .seconds(20))
        #expect(direct.failure == nil && direct.handshake?.proxy == nil)
        endpoint.proxy = "dmz"
        let through = await stage.prober.probe(endpoint, timeout: .seconds(20))
        #expect(through.failure == nil && through.handshake?.proxy == "127.0.0.1:\(port)")
        #expect(through.presented == direct.presented)
        // One that has gone since the request was read is never left out.
        stage.prober.access.replace(with: Access())
        let gone = await stage.prober.probe(endpoint, timeout: .seconds(20))
        #expect(gone.failure?.check == .netProxy && gone.failure?.reason == .proxyUnreachable)
        #expect(gone.presented == [] && gone.handshake?.failedAt == .connect)
    }

    @Test func credentials() async throws {
        let server = try await OpenSSLServer(TestChain().presented)
        let port = try PortHolder.freePort()
        let process = try await Self.tinyproxy(port, user: "probe")
        defer {
            process.stop()
            server.stop()
        }
        // base64 of `probe:secret`
        let allowed = try ProbeStage(proxy: Self.proxy(port, "cHJvYmU6c2VjcmV0"))
        #expect(await allowed.probe(port: server.port).failure == nil)
        for wrong in [nil, "cHJvYmU6d3Jvbmc="] {
            let evidence = try await ProbeStage(proxy: Self.proxy(port, wrong)).probe(port: server.port)
            #expect(evidence.failure?.check == .netProxy)
            #expect(evidence.failure?.reason == .proxyAuthentication)
            #expect(evidence.handshake?.failedAt == .connect)
        }
    }

    /// Of what our own policy refuses the proxy hears nothing.
    @Test func thePolicyCountsAllTheSame() async throws {
        let peer = try await HostilePeer(.init())
        let stage = try ProbeStage(allowsPrivate: false, proxy: Self.proxy(peer.port))
        let evidence = await stage.probe(address: "10.0.0.1", port: 443)
        #expect(evidence.failure == ProbeFailure(check: .netEgress, reason: .addressRefused))
        let metadata = try ProbeStage(proxy: Self.proxy(peer.port))
        #expect(await metadata.probe(address: "169.254.169.254", port: 80).failure?.check == .netEgress)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { "\(reason) \(presented ?? "")" }
        var reply: String
        var after = HostilePeer.After.nothing
        var reason: Reason
        var presented: String?
    }

    static let cases = [
        Case(
            reply: "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", reason: .proxyRefused,
            presented: "HTTP/1.1 503 Service Unavailable"),
        Case(
            reply: "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\n\r\n", reason: .proxyAuthentication,
            presented: "HTTP/1.1 407 Who"),
        Case(reply: "220 mail ESMTP\r\n", reason: .proxyReplyMalformed, presented: "2"),
        Case(
            reply: "HTTP/1.1 abc\r\n\r\n", reason: .proxyReplyMalformed, presented: "HTTP/1.1 abc\\r\\n\\r\\n"
        ),
        Case(reply: "HTTP/1.1 2", after: .closeOutput, reason: .proxyReplyMalformed, presented: "HTTP/1.1 2"),
        Case(reply: "", after: .closeOutput, reason: .proxyReplyMalformed, presented: "nothing"),
        Case(reply: "HTTP/1.1 200 ", reason: .timeout, presented: nil),
        Case(
            reply: "HTTP/1.1 200 OK\r\n", after: .flood([UInt8](repeating: 0x61, count: 65_536)),
            reason: .proxyReplyMalformed),
    ]

    @Test(arguments: cases) func misbehaving(_ c: Case) async throws {
        let peer = try await HostilePeer(.init(reply: Array(c.reply.utf8), after: c.after))
        let timeout = c.reason == .timeout ? Duration.milliseconds(500) : .seconds(20)
        let evidence = try await ProbeStage(proxy: Self.proxy(peer.port)).probe(port: 443, timeout: timeout)
        #expect(evidence.failure?.check == .netProxy && evidence.failure?.reason == c.reason)
        if let presented = c.presented { #expect(evidence.failure?.presented == presented) }
        let heard = String(decoding: try await peer.heard.get(), as: UTF8.self)
        #expect(heard == "CONNECT 127.0.0.1:443 HTTP/1.1\r\nHost: 127.0.0.1:443\r\n\r\n")
    }

    @Test func unreachable() async throws {
        let holder = try PortHolder()
        let stage = try ProbeStage(proxy: Self.proxy(holder.port))
        let evidence = await stage.probe(port: 443)
        #expect(evidence.failure?.check == .netProxy && evidence.failure?.reason == .proxyUnreachable)
        #expect(evidence.failure?.presented == "Connection refused")
        let nameless = try ProbeStage(proxy: Proxy(host: "absent.localdomain", port: 1))
        let lost = await nameless.probe(port: 443, timeout: .seconds(5))
        #expect(lost.failure?.check == .netProxy && lost.failure?.reason == .proxyUnreachable)
        withExtendedLifetime(holder) {}
    }
}
