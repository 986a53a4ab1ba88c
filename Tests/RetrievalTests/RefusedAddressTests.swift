import Egress
import Fixtures
import Foundation
import Reports
import Testing

@testable import Retrieval

/// Nothing that the policy refuses is ever connected, however a URL or a server leads there: a listener on
/// all of loopback counts.
@Suite(.timeLimit(.minutes(2))) struct RefusedAddressTests {
    /// Where `PORT` is the listener's; loopback in every disguise.
    static let loopback = [
        "http://127.0.0.2:PORT/", "http://localhost:PORT/", "http://a.localhost:PORT/", "http://[::1]:PORT/",
        "http://[::ffff:127.0.0.2]:PORT/", "http://[::ffff:7f00:2]:PORT/", "http://[::127.0.0.2]:PORT/",
        "http://[64:ff9b::7f00:2]:PORT/", "http://[2002:7f00:2::]:PORT/", "http://0.0.0.0:PORT/",
        "http://[::]:PORT/", "http://2130706434:PORT/", "http://0x7f000002:PORT/", "http://0177.0.0.2:PORT/",
        "http://127.2:PORT/", "http://127.0.0.2.:PORT/", "http://loop.test:PORT/", "http://LOOP.test.:PORT/",
        "http://mapped.test:PORT/", "http://%6coop.test:PORT/", "https://127.0.0.2:PORT/",
    ]
    static let metadata = [
        "http://169.254.169.254/latest/meta-data/", "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/", "http://[64:ff9b::a9fe:a9fe]/", "http://[fd00:ec2::254]/",
        "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://169.16689662/",
        "http://metadata.test/", "https://169.254.169.254/", "http://100.100.100.200/",
    ]
    static let hosts = """
        127.0.0.2 loop.test
        ::ffff:127.0.0.2 mapped.test
        169.254.169.254 metadata.test
        """

    /// Everything on loopback is refused but one server.
    private func stage(but server: WebPeer? = nil) throws -> RetrievalStage {
        let rule = server.flatMap { EgressRule("\($0.address):\($0.port)") }
        let policy = EgressPolicy(.public, allowed: rule.map { [$0] } ?? [])
        return try RetrievalStage(policy: policy, hosts: Self.hosts)
    }

    @Test(arguments: loopback + metadata) func neverConnected(_ place: String) async throws {
        let listener = try WebPeer("0.0.0.0") { _, _ in WebPeer.answer([1]) }
        defer { listener.stop() }
        let url = place.replacing("PORT", with: "\(listener.port)")
        #expect(try await stage().failure(url) == .refused)
        #expect(try listener.connectionsByNow() == 0)
    }

    @Test(arguments: loopback + metadata, [301, 302, 303, 307, 308])
    func neverConnectedByRedirect(_ place: String, _ status: Int) async throws {
        let listener = try WebPeer("0.0.0.0") { _, _ in WebPeer.answer([1]) }
        let url = place.replacing("PORT", with: "\(listener.port)")
        let server = try WebPeer { _, _ in WebPeer.answer(status: status, fields: ["Location: \(url)"]) }
        defer {
            listener.stop()
            server.stop()
        }
        #expect(try await stage(but: server).failure(server.url) == .refused)
        #expect(try server.connectionsByNow() == 1 && listener.connectionsByNow() == 0)
    }

    /// A metadata address is refused whatever is allowed.
    @Test(arguments: metadata) func metadataIsNeverAllowed(_ url: String) async throws {
        let policy = EgressPolicy(.all, allowed: ["*"].compactMap { EgressRule($0) })
        #expect(try await RetrievalStage(policy: policy, hosts: Self.hosts).failure(url) == .refused)
    }

    @Test(arguments: [
        "file:///etc/passwd", "FILE:///etc/passwd", "file://localhost/etc/passwd", "ftp://127.0.0.1:PORT/a",
        "gopher://127.0.0.1:PORT/_GET", "dict://127.0.0.1:PORT/d:a", "ldap://127.0.0.1:PORT/",
        "smb://127.0.0.1/a",
        "telnet://127.0.0.1:PORT", "tftp://127.0.0.1:PORT/a", "data:,a", "javascript:1",
    ])
    func otherSchemesByRedirect(_ place: String) async throws {
        let listener = try WebPeer("0.0.0.0") { _, _ in WebPeer.answer([1]) }
        let url = place.replacing("PORT", with: "\(listener.port)")
        let server = try WebPeer { _, _ in WebPeer.answer(status: 302, fields: ["Location: \(url)"]) }
        defer {
            listener.stop()
            server.stop()
        }
        #expect(try await RetrievalStage().failure(server.url) == .unsupported)
        #expect(try listener.connectionsByNow() == 0)
    }

    /// The answer of the name server has changed when the second request comes, and would have between the
    /// check and the connection.
    @Test func rebinding() async throws {
        let server = try WebPeer { _, _ in WebPeer.answer([7], fields: ["Cache-Control: no-store"]) }
        let elsewhere = try WebPeer("127.0.0.2", port: server.port) { _, _ in WebPeer.answer([8]) }
        let names = try NameServer(["rebind.test": .inTurn([[127, 0, 0, 1], [127, 0, 0, 2]])])
        defer {
            server.stop()
            elsewhere.stop()
            names.stop()
        }
        let policy = EgressPolicy(.public, allowed: ["127.0.0.1"].compactMap { EgressRule($0) })
        let stage = try RetrievalStage(policy: policy, servers: names.address)
        let url = "http://rebind.test:\(server.port)/"
        #expect(try await stage.octets(url) == [7])
        // A and AAAA, once each: nobody asked between the check and the connection.
        #expect(names.questions(for: "rebind.test") == 2)
        #expect(await stage.failure(url) == .refused)
        #expect(try server.connectionsByNow() == 1 && elsewhere.connectionsByNow() == 0)
        // The name goes to the server; only the address was pinned.
        #expect(server.requests.first?.fields["host"] == "rebind.test:\(server.port)")
    }

    /// What is refused is not remembered as the host's fault: another policy may not be asked, but another
    /// URL is.
    @Test func oneAllowedAddressOfSeveralIsTaken() async throws {
        let server = try WebPeer { _, _ in WebPeer.answer([7]) }
        let elsewhere = try WebPeer("127.0.0.2", port: server.port) { _, _ in WebPeer.answer([8]) }
        defer {
            server.stop()
            elsewhere.stop()
        }
        let policy = EgressPolicy(.public, allowed: ["127.0.0.1"].compactMap { EgressRule($0) })
        let stage = try RetrievalStage(policy: policy, hosts: "127.0.0.2 both.test\n127.0.0.1 both.test")
        #expect(try await stage.octets("http://both.test:\(server.port)/") == [7])
        #expect(try elsewhere.connectionsByNow() == 0)
    }

    @Test func deniedNamesAreNotLookedUp() async throws {
        let names = try NameServer(["a.denied.test": .addresses(a: [[127, 0, 0, 1]])])
        defer { names.stop() }
        let policy = EgressPolicy(.all, denied: ["denied.test"].compactMap { EgressRule($0) })
        let stage = try RetrievalStage(policy: policy, servers: names.address)
        #expect(await stage.failure("http://a.denied.test/") == .refused)
        #expect(names.questions(for: "a.denied.test") == 0)
    }

    enum Policed: CaseIterable { case socket, connection }

    /// Both places of libcurl where the policy is asked again, by themselves: the address was vetted, and
    /// then the policy says no.
    @Test(arguments: Policed.allCases, ["127.0.0.1", "::1"])
    func askedAgain(_ policed: Policed, _ address: String) async throws {
        let server = try WebPeer(address) { _, _ in WebPeer.answer([1]) }
        defer { server.stop() }
        let queue = TransferQueue()
        TransferThread.start(queue: queue)
        let asked = Count()
        let request = TransferRequest(
            url: try FetchURL(server.url), address: try #require(IPAddress(text: address)),
            limits: TransferLimits(.crl), deadline: .now + .seconds(60), connectBy: .now + .seconds(60)
        ) { vetted, port in
            #expect(vetted.description == address && port == server.port)
            return asked.next() == 1 && policed == .connection
        }
        let result = await queue.perform(request)
        queue.close()
        await queue.ended()
        guard case .failure(let failure) = result else {
            Issue.record("something came")
            return
        }
        #expect(failure.failure.code == .refused)
        #expect(asked.now == (policed == .socket ? 1 : 2))
        if policed == .connection { try await until { server.connections == 1 } }
        #expect(server.requests.isEmpty && server.connections == (policed == .socket ? 0 : 1))
    }

    /// Variables that libcurl would follow by itself.
    @Test func theEnvironmentNamesNoProxy() async throws {
        let proxy = try WebPeer { _, _ in WebPeer.answer([9]) }
        let server = try WebPeer { _, _ in WebPeer.answer([7]) }
        defer {
            proxy.stop()
            server.stop()
        }
        let names = ["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"]
        for name in names { setenv(name, proxy.url, 1) }
        defer { for name in names { unsetenv(name) } }
        #expect(try await RetrievalStage().octets(server.url) == [7])
        #expect(try proxy.connectionsByNow() == 0)
    }
}
