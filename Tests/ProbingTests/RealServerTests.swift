import Certificates
import Fixtures
import Foundation
import Probing
import Reports
import Testing

/// Servers as Debian ships them: what comes home is what they send, and what they say without TLS.
@Suite(.timeLimit(.minutes(3))) struct RealServerTests {
    static let secured: [ServerRecipe] = [
        .nginx(), .haproxy(), .slapd(), .prosody(), .postgresql(), .mariadb(), .gnutls(),
    ]
    static let securedAsRoot: [ServerRecipe] = [
        .postfix(), .dovecot(), .vsftpd(.explicit), .vsftpd(.implicit), .inn(.startTLS), .inn(.atOnce),
    ]
    static let plain: [ServerRecipe] = [
        .slapd(tls: false), .prosody(tls: false), .postgresql(tls: false), .mariadb(tls: false),
    ]
    static let plainAsRoot: [ServerRecipe] = [
        .postfix(tls: false), .dovecot(tls: false), .vsftpd(.none), .inn(.none),
    ]
    static let isRoot = geteuid() == 0

    /// Set by default to the one old curve.
    static let withoutX25519 = ["PostgreSQL", "vsftpd, explicit", "vsftpd, implicit"]

    static func probe(
        _ server: RealServer, _ listener: ServerRecipe.Listener, name: String = "server.test",
        sni: String? = nil
    ) async throws -> Evidence {
        let endpoint = Endpoint(
            host: .dns(aLabels: name, given: name), port: listener.port, address: server.address, sni: sni,
            startTLS: try listener.startTLS.map { try #require(StartTLS(rawValue: $0)) })
        return try await ProbeStage().prober.probe(endpoint, timeout: .seconds(30))
    }

    private static func sends(_ recipe: ServerRecipe) async throws {
        let chain = TestChain()
        let presented = chain.presented + [chain.root.certificate]
        let server = try await RealServer(recipe, presented)
        defer { server.stop() }
        for listener in recipe.listeners {
            let evidence = try await probe(server, listener)
            let place: Comment = "port \(listener.port), \(listener.startTLS ?? "TLS at once")"
            #expect(evidence.failure == nil, place)
            #expect(evidence.presented == presented.map(\.der), place)
            #expect(evidence.stapledOCSP == nil && evidence.sctList == nil, place)
            let handshake = try #require(evidence.handshake)
            #expect(handshake.protocolVersion == "TLS 1.3", place)
            #expect(handshake.cipher == "TLS_AES_256_GCM_SHA384", place)
            let group = withoutX25519.contains(recipe.description) ? "secp256r1" : "x25519"
            #expect(handshake.group == group && handshake.alpn == nil, place)
            #expect(handshake.sni == "server.test" && handshake.failedAt == nil, place)
            #expect(handshake.address == server.address, place)
            let phases: [Handshake.Phase] =
                listener.startTLS == nil ? [.connect, .handshake] : [.connect, .starttls, .handshake]
            #expect(handshake.timings.map(\.phase) == phases, place)
            #expect(handshake.timings.allSatisfy { $0.milliseconds > 0 }, place)
        }
    }

    private static func declines(_ recipe: ServerRecipe) async throws {
        let server = try await RealServer(recipe, TestChain().presented)
        defer { server.stop() }
        for listener in recipe.listeners {
            let evidence = try await probe(server, listener)
            let place: Comment = "\(listener.startTLS ?? "")"
            #expect(evidence.failure?.check == .netStartTLS, place)
            #expect(evidence.failure?.reason == .notOffered, place)
            #expect(evidence.failure?.presented?.isEmpty == false, place)
            #expect(evidence.presented.isEmpty && evidence.handshake?.failedAt == .starttls, place)
        }
    }

    @Test(arguments: secured) func chain(_ recipe: ServerRecipe) async throws {
        try await Self.sends(recipe)
    }

    @Test(.enabled(if: isRoot, "their parts run as users of their own"), arguments: securedAsRoot)
    func chainAsRoot(_ recipe: ServerRecipe) async throws { try await Self.sends(recipe) }

    @Test("TLS is switched off", arguments: plain) func off(_ recipe: ServerRecipe) async throws {
        try await Self.declines(recipe)
    }

    @Test(
        "TLS is switched off", .enabled(if: isRoot, "their parts run as users of their own"),
        arguments: plainAsRoot)
    func offAsRoot(_ recipe: ServerRecipe) async throws { try await Self.declines(recipe) }

    @Test("every protocol with a dialogue has its server") func protocols() {
        let named = (Self.secured + Self.securedAsRoot).flatMap(\.listeners).compactMap(\.startTLS)
        #expect(Set(named) == Set(StartTLS.allCases.map(\.rawValue)))
        let declined = (Self.plain + Self.plainAsRoot).flatMap(\.listeners).compactMap(\.startTLS)
        #expect(Set(declined) == Set(named))
    }

    @Test("a server that neither sorts nor mends") func oddChain() async throws {
        let chain = TestChain()
        let stranger = Authority.root("Stranger").certificate
        let presented = [chain.leaf, stranger, chain.intermediate.certificate, chain.intermediate.certificate]
        let server = try await RealServer(.nginx(), presented)
        defer { server.stop() }
        let evidence = try await Self.probe(server, server.recipe.listeners[0])
        #expect(evidence.presented == presented.map(\.der))
    }

    @Test("nginx staples a file as it is") func nginxStaple() async throws {
        let chain = TestChain()
        // OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED tryLater } (RFC 6960 §4.2.1)
        let response = [0x30, 3, 0x0a, 1, 3] as [UInt8]
        let folder = try TemporaryFolder()
        let file = try folder.write("ocsp.der", response)
        let server = try await RealServer(
            .nginx { _ in "ssl_stapling on; ssl_stapling_file \(file);" }, chain.presented)
        defer { server.stop() }
        let evidence = try await Self.probe(server, server.recipe.listeners[0])
        #expect(evidence.failure == nil && evidence.stapledOCSP == response)
    }

    @Test("haproxy staples what a responder signed") func haproxyStaple() async throws {
        let chain = TestChain()
        let server = try await RealServer(
            .haproxy(staple: (chain.intermediate, chain.leaf)), chain.presented)
        defer { server.stop() }
        let evidence = try await Self.probe(server, server.recipe.listeners[0])
        #expect(evidence.failure == nil)
        #expect(try evidence.stapledOCSP == server.file("both.pem.ocsp"))
    }

    /// nginx asks and would refuse with an HTTP status; haproxy sends an alert, GnuTLS one of another kind.
    /// With TLS 1.2 their refusal is part of the handshake, so that no load hides it.
    @Test(
        "a client certificate is asked for",
        arguments: [
            (.nginx { "ssl_client_certificate \($0.chain); ssl_verify_client on;" }, false),
            (.haproxy { "ca-file \($0.chain) verify required ssl-max-ver TLSv1.2" }, true),
            (
                .gnutls {
                    [
                        "--require-client-cert", "--x509cafile", $0.chain, "--priority",
                        "NORMAL:-VERS-TLS1.3",
                    ]
                }, true
            ),
        ] as [(ServerRecipe, Bool)])
    func clientCertificate(_ recipe: ServerRecipe, _ required: Bool) async throws {
        let chain = TestChain()
        let server = try await RealServer(recipe, chain.presented)
        defer { server.stop() }
        let evidence = try await Self.probe(server, recipe.listeners[0])
        // The chain is judged either way.
        #expect(evidence.failure == nil)
        #expect(evidence.presented == chain.presented.map(\.der))
        let request = try #require(evidence.handshake?.clientCertificate)
        #expect(request.required == required)
        #expect(Set(request.authorities) == ["CN=server.test", "CN=Probe Intermediate"])
        #expect(evidence.handshake?.protocolVersion == (required ? "TLS 1.2" : "TLS 1.3"))
    }

    @Test("servers that serve only those who name them") func names() async throws {
        let server = try await RealServer(.haproxy(), TestChain().presented)
        defer { server.stop() }
        let listeners = server.recipe.listeners
        for sni in ["", "stranger.test"] {
            let strict = try await Self.probe(server, listeners[1], sni: sni)
            #expect(strict.failure?.reason == .alertReceived, "\(sni)")
            #expect(strict.failure?.presented == "unrecognized_name", "\(sni)")
            // The router has nobody to hand the connection to.
            let routed = try await Self.probe(server, listeners[2], sni: sni)
            #expect(routed.failure?.check == .netHandshake, "\(sni)")
            #expect([.connectionClosed, .connectionReset].contains(routed.failure?.reason), "\(sni)")
        }
    }

    @Test("an XMPP server picks the domain before TLS") func domains() async throws {
        let server = try await RealServer(.prosody(), TestChain().presented)
        defer { server.stop() }
        let stranger = try await Self.probe(server, server.recipe.listeners[0], name: "stranger.test")
        #expect(stranger.failure?.check == .netStartTLS && stranger.failure?.reason == .unexpectedReply)
        #expect(stranger.failure?.presented?.contains("host-unknown") == true)
        // The server name comes before the host.
        let named = try await Self.probe(
            server, server.recipe.listeners[0], name: "stranger.test", sni: "server.test")
        #expect(named.failure == nil && named.handshake?.sni == "server.test")
    }
}
