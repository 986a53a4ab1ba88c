import Fixtures
import Reports
import Testing

/// One server asked in several ways.
@Suite(.timeLimit(.minutes(2))) struct VariantTests {
    private static func variants(
        _ stage: ProbeStage, address: String = "127.0.0.1", port: UInt16, sni: String? = nil,
        timeout: Duration = .seconds(20)
    ) async -> [Variant: Evidence] {
        let endpoint = Endpoint(
            host: .dns(aLabels: "server.test", given: "server.test"), port: port, address: address,
            sni: sni)
        let deadline = ContinuousClock.now + timeout
        let seen = await stage.prober.probe(endpoint, deadline: deadline)
        let found = await stage.prober.probeVariants(of: endpoint, seen, deadline: deadline)
        return Dictionary(uniqueKeysWithValues: found.map { ($0.variant, $0.evidence) })
    }

    /// An RSA and an ECDSA pair side by side, as servers have them for old clients.
    @Test("two kinds of key", arguments: ["-tls1_2", "-tls1_3", nil])
    func twoKeys(_ version: String?) async throws {
        let chain = TestChain()
        let rsa = chain.intermediate.leaf("server.test", key: .labelled(.rsa(2048), "variant rsa"))
        let folder = try TemporaryFolder()
        let second = [
            "-dcert", try folder.write("rsa.pem", rsa.pem), "-dkey", try folder.write("rsa.key", rsa.keyPEM),
            "-dcert_chain", try folder.write("rest.pem", chain.intermediate.certificate.pem),
        ]
        let server = try await OpenSSLServer(
            chain.presented, arguments: second + (version.map { [$0] } ?? ["-cipher", "DEFAULT@SECLEVEL=0"]))
        defer { server.stop() }
        let found = await Self.variants(try ProbeStage(), port: server.port)
        #expect(Set(found.keys) == Set(Variant.allCases))
        let (ec, other) = (chain.presented.map(\.der), [rsa.der, chain.intermediate.certificate.der])
        #expect(found[.default]?.presented == ec)
        #expect(found[.ecdsa]?.presented == ec && found[.ecdsa]?.failure == nil)
        #expect(found[.rsa]?.presented == other && found[.rsa]?.failure == nil)
        #expect(found[.noSNI]?.presented == ec && found[.noSNI]?.handshake?.sni == nil)
        let lowest = found[.lowest]?.handshake?.protocolVersion
        switch version {
        case "-tls1_2": #expect(lowest == "TLS 1.2")
        case "-tls1_3": #expect(lowest == "TLS 1.3")
        default: #expect(lowest == "TLS 1.0")
        }
    }

    /// As above, of the server that has them most often.
    @Test("nginx with two kinds of key") func nginx() async throws {
        let chain = TestChain()
        let rsa = chain.intermediate.leaf("server.test", key: .labelled(.rsa(2048), "variant nginx"))
        let second = [rsa, chain.intermediate.certificate]
        let server = try await RealServer(.nginx(second: second), chain.presented)
        defer { server.stop() }
        let found = await Self.variants(
            try ProbeStage(), address: server.address, port: try #require(server.recipe.listeners.first).port)
        let (ec, other) = (chain.presented.map(\.der), second.map(\.der))
        #expect(found[.default]?.presented == ec && found[.noSNI]?.presented == ec)
        #expect(found[.ecdsa]?.presented == ec && found[.ecdsa]?.failure == nil)
        #expect(found[.rsa]?.presented == other && found[.rsa]?.failure == nil)
        #expect(found[.lowest]?.handshake?.protocolVersion == "TLS 1.2")
    }

    @Test("one kind of key") func oneKey() async throws {
        let server = try await OpenSSLServer(TestChain().presented)
        defer { server.stop() }
        let found = await Self.variants(try ProbeStage(), port: server.port, sni: "")
        // No name was sent, so there is no way to leave it out.
        #expect(Set(found.keys) == [.default, .rsa, .ecdsa, .lowest])
        #expect(found[.rsa]?.failure?.reason == .alertReceived && found[.rsa]?.presented == [])
        #expect(found[.rsa]?.failure?.presented == "handshake_failure")
    }

    @Test("another certificate without a name") func noName() async throws {
        let (chain, folder) = (TestChain(), try TemporaryFolder())
        let stranger = Authority.root("Stranger").leaf("default.test")
        let server = try await OpenSSLServer(
            [stranger],
            arguments: [
                "-servername", "server.test", "-cert2", try folder.write("c.pem", chain.leaf.pem), "-key2",
                try folder.write("k.pem", chain.leaf.keyPEM),
            ])
        defer { server.stop() }
        let found = await Self.variants(try ProbeStage(), port: server.port)
        #expect(found[.default]?.presented == [chain.leaf.der])
        #expect(found[.noSNI]?.presented == [stranger.der])
    }

    /// A server that falls silent costs no more than the deadline, in all.
    @Test func oneDeadline() async throws {
        let peer = try await HostilePeer(.init())
        var seen = Evidence()
        seen.handshake = Handshake()
        seen.handshake?.address = "127.0.0.1"
        seen.handshake?.sni = "server.test"
        let endpoint = Endpoint(host: .dns(aLabels: "server.test", given: "server.test"), port: peer.port)
        let began = ContinuousClock.now
        let found = try await ProbeStage().prober.probeVariants(
            of: endpoint, seen, deadline: began + .seconds(1))
        #expect(found.dropFirst().allSatisfy { $0.evidence.failure?.reason == .timeout })
        #expect(found.count == 5 && ContinuousClock.now - began < .seconds(15))
    }

    @Test func withoutAConnectionNothingIsAsked() async throws {
        let holder = try PortHolder()
        let found = await Self.variants(try ProbeStage(), port: holder.port)
        #expect(found.isEmpty)
        withExtendedLifetime(holder) {}
    }
}
