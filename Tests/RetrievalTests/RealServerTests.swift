import Certificates
import Egress
import Fixtures
import Reports
import Testing

@testable import Retrieval

/// Against nginx and tinyproxy as Debian has them.
@Suite(.timeLimit(.minutes(2))) struct RealServerTests {
    private static let now = RetrievalStage.now

    @Test func repositoryOfACA() async throws {
        let root = Authority.root("Fetched Root")
        let crl = [UInt8](repeating: 0x30, count: 3 << 20)
        let recipe = ServerRecipe.nginx(
            serving: ["root.cer": root.certificate.der, "big.crl": crl], "location / { expires 1m; }")
        let server = try await RealServer(recipe, [])
        defer { server.stop() }
        let stage = try RetrievalStage()
        let base = "http://\(server.address):10080"
        #expect(try await stage.octets(base + "/root.cer", .issuer) == root.certificate.der)
        #expect(try await stage.octets(base + "/big.crl") == crl)
        // nginx's Expires is of its own clock, and max-age counts before it.
        #expect(try await stage.octets(base + "/big.crl", at: Self.now + 59) == crl)
        let confirmed = await stage.fetch(base + "/big.crl", at: Self.now + 60)
        #expect(try confirmed.result.get().array == crl)
        #expect(confirmed.at == Self.now + 60)
        #expect(await stage.failure(base + "/absent.crl") == .status)
        let log = String(decoding: try server.file("access.log"), as: UTF8.self)
        let statuses = log.split(separator: "\n").compactMap { $0.split(separator: "\"").dropFirst(2).first }
            .compactMap { $0.split(separator: " ").first }
        #expect(statuses == ["200", "200", "304", "404"])
        #expect(log.contains("\"Catenary\""))
        #expect(stage.count("catenary_fetched_octets_total") == Int64(crl.count + root.certificate.der.count))
    }

    /// `openssl ocsp` serves GET and POST; here the request is short enough for GET.
    @Test func responder() async throws {
        let root = Authority.root("Responding Root")
        let (good, revoked, other) = (root.leaf("a.test"), root.leaf("b.test"), root.leaf("c.test"))
        let responder = try await OCSPResponder(
            root, [(good, .good), (revoked, .revoked(at: "260901000000Z", reason: "keyCompromise"))])
        defer { responder.stop() }
        let stage = try RetrievalStage()
        for (leaf, status) in [(good, "good"), (revoked, "revoked"), (other, "unknown")] {
            let request = try OCSPResponder.request(leaf, root)
            // A query makes it POST.
            for url in [responder.url, responder.url + "/?post"] {
                let response = try await stage.octets(url, .ocsp, request: request)
                #expect(try OCSPResponder.status(response, of: leaf, root) == status)
            }
        }
    }

    /// One list for a thousand certificates is one transfer.
    @Test func aThousandShareOneList() async throws {
        let crl = [UInt8](repeating: 0x30, count: 3 << 20)
        let server = try await RealServer(.nginx(serving: ["big.crl": crl]), [])
        defer { server.stop() }
        let stage = try RetrievalStage()
        let url = "http://\(server.address):10080/big.crl"
        try await withThrowingTaskGroup(of: Octets.self) { group in
            for number in 0..<1000 {
                group.addTask {
                    let wanted = Wanted(
                        kind: .crl, url: url, certificate: SHA256Digest(of: [UInt8(number & 255)]))
                    let fetched = await stage.retriever.fetch(
                        wanted, now: Self.now, deadline: .now + .seconds(60))
                    return try fetched.result.get()
                }
            }
            var octets: Set<ObjectIdentifier> = []
            for try await one in group { octets.insert(ObjectIdentifier(one)) }
            // The same object, so that who parses it can tell.
            #expect(octets.count == 1)
        }
        #expect(stage.count("catenary_fetched_octets_total") == Int64(crl.count))
        let log = String(decoding: try server.file("access.log"), as: UTF8.self)
        #expect(log.split(separator: "\n").count == 1)
    }

    /// libcurl asks the system's anchors, which know nothing of this root, and fetches nothing to find out.
    @Test func httpsIsVerified() async throws {
        let root = Authority.root("Fetched Root")
        let server = try await RealServer(.nginx(), [root.leaf("server.test")])
        defer { server.stop() }
        let stage = try RetrievalStage(hosts: "\(server.address) server.test")
        #expect(await stage.failure("https://server.test:10443/") == .tls)
    }

    private static func tinyproxy(_ port: UInt16, user: String? = nil) async throws -> ServerProcess {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "tinyproxy.conf",
            """
            Port \(port)
            Listen 127.0.0.1
            Timeout 20
            MaxClients 20
            \(user.map { "BasicAuth \($0) secret" } ?? "")

            """)
        return try await ServerProcess.start("tinyproxy", ["-d", "-c", path]) {
            $0.contains("Accepting connections") ? true : nil
        }.process
    }

    /// A port that was free a moment ago.
    private static func freePort() throws -> UInt16 {
        let peer = try WebPeer("127.77.1.1") { _, _ in [] }
        defer { peer.stop() }
        return peer.port
    }

    @Test func throughAProxy() async throws {
        let server = try WebPeer { _, _ in WebPeer.answer([7]) }
        let port = try Self.freePort()
        let process = try await Self.tinyproxy(port, user: "fetch")
        defer {
            process.stop()
            server.stop()
        }
        // base64 of `fetch:secret`
        let proxy = Proxy(host: "proxy.test", port: port, credentials: "ZmV0Y2g6c2VjcmV0")
        let hosts = "127.0.0.1 server.test\n127.0.0.1 proxy.test"
        let url = "http://server.test:\(server.port)/a"
        #expect(try await RetrievalStage(hosts: hosts, proxy: proxy).octets(url) == [7])
        // The proxy saw the literal, and the server nothing of the credentials.
        #expect(process.text.contains("CONNECT 127.0.0.1:\(server.port)"))
        let fields = try #require(server.requests.first?.fields)
        #expect(fields["host"] == "server.test:\(server.port)" && fields["proxy-authorization"] == nil)
        // Without them it opens nothing; what the policy refuses never gets so far.
        let stranger = Proxy(host: "127.0.0.1", port: port)
        #expect(try await RetrievalStage(hosts: hosts, proxy: stranger).failure(url) == .connect)
        let strict = try RetrievalStage(policy: EgressPolicy(.public), hosts: hosts, proxy: proxy)
        #expect(await strict.failure(url) == .refused)
        #expect(server.connections == 1)
    }
}
