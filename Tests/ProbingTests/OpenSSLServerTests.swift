import Fixtures
import Reports
import Testing

/// Against `openssl s_server`: what comes home is what was sent.
@Suite(.timeLimit(.minutes(2))) struct OpenSSLServerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var key: KeyKind = .ec256
        var arguments: [String]
        var protocolVersion: String
        var cipher: String
        var group: String?
    }

    static let cases = [
        Case(
            testDescription: "TLS 1.3, EC",
            arguments: ["-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"],
            protocolVersion: "TLS 1.3", cipher: "TLS_AES_128_GCM_SHA256", group: "x25519"),
        Case(
            testDescription: "TLS 1.3 after a HelloRetryRequest",
            arguments: ["-tls1_3", "-groups", "P-384", "-ciphersuites", "TLS_AES_256_GCM_SHA384"],
            protocolVersion: "TLS 1.3", cipher: "TLS_AES_256_GCM_SHA384", group: "secp384r1"),
        Case(
            testDescription: "TLS 1.2, EC",
            arguments: ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"],
            protocolVersion: "TLS 1.2", cipher: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", group: "x25519"),
        Case(
            testDescription: "TLS 1.2, RSA, P-256", key: .rsa(2048),
            arguments: ["-tls1_2", "-groups", "P-256", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384"],
            protocolVersion: "TLS 1.2", cipher: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", group: "secp256r1"),
        Case(
            testDescription: "TLS 1.2, RSA key transport", key: .rsa(2048),
            arguments: ["-tls1_2", "-cipher", "AES128-GCM-SHA256"],
            protocolVersion: "TLS 1.2", cipher: "TLS_RSA_WITH_AES_128_GCM_SHA256", group: nil),
    ]

    @Test(arguments: cases) func handshake(_ c: Case) async throws {
        let chain = TestChain(key: c.key)
        let server = try await OpenSSLServer(chain.presented, arguments: c.arguments)
        let evidence = try await ProbeStage().probe(port: server.port)
        #expect(evidence.failure == nil)
        #expect(evidence.source == .handshake)
        #expect(evidence.presented == chain.presented.map(\.der))
        let handshake = try #require(evidence.handshake)
        #expect(handshake.protocolVersion == c.protocolVersion)
        #expect(handshake.cipher == c.cipher)
        #expect(handshake.group == c.group)
        #expect(handshake.alpn == nil && handshake.clientCertificate == nil && handshake.failedAt == nil)
        #expect(handshake.address == "127.0.0.1" && handshake.addressesTried == ["127.0.0.1"])
        #expect(handshake.sni == "server.test")
        #expect(handshake.timings.map(\.phase) == [.connect, .handshake])
        #expect(handshake.timings.allSatisfy { $0.milliseconds > 0 })
    }

    @Test("a chain is neither sorted nor mended", arguments: 0..<4) func oddChain(_ which: Int) async throws {
        let chain = TestChain()
        let stranger = Authority.root("Stranger").certificate
        let presented = [
            [chain.leaf],
            [chain.leaf, chain.root.certificate, chain.intermediate.certificate],
            [chain.leaf, chain.intermediate.certificate, chain.intermediate.certificate, stranger],
            [chain.leaf, stranger, chain.leaf],
        ][which]
        let server = try await OpenSSLServer(presented)
        let evidence = try await ProbeStage().probe(port: server.port)
        #expect(evidence.failure == nil)
        #expect(evidence.presented == presented.map(\.der))
    }

    @Test("five hundred certificates") func longChain() async throws {
        let chain = TestChain()
        let rest = (0..<499).map { chain.root.intermediate("Intermediate \($0)").certificate }
        let server = try await OpenSSLServer([chain.leaf] + rest)
        let evidence = try await ProbeStage().probe(port: server.port)
        #expect(evidence.failure == nil)
        #expect(evidence.presented.count == 500)
        #expect(evidence.presented.last == rest.last?.der)
    }

    private static func megabyte(_ chain: TestChain, _ count: Int) -> [FixtureCertificate] {
        let big = chain.root.intermediate("Big") {
            $0.add(
                ExtensionSpec(oid: "1.2.3.4", critical: false, value: [UInt8](repeating: 0, count: 60_000)))
        }
        return [chain.leaf] + Array(repeating: big.certificate, count: count)
    }

    @Test("a Certificate message just below the bound", arguments: ["-tls1_2", "-tls1_3"])
    func large(_ version: String) async throws {
        let presented = Self.megabyte(TestChain(), 17)
        let server = try await OpenSSLServer(presented, arguments: [version])
        let evidence = try await ProbeStage().probe(port: server.port)
        #expect(evidence.failure == nil)
        #expect(evidence.presented == presented.map(\.der))
    }

    @Test("a Certificate message above the bound", arguments: ["-tls1_2", "-tls1_3"])
    func tooLarge(_ version: String) async throws {
        let server = try await OpenSSLServer(Self.megabyte(TestChain(), 18), arguments: [version])
        let evidence = try await ProbeStage().probe(port: server.port)
        #expect(evidence.failure?.check == .netHandshake && evidence.failure?.reason == .certificatesTooLarge)
        #expect(evidence.handshake?.failedAt == .handshake)
        #expect(evidence.handshake?.protocolVersion == (version == "-tls1_2" ? "TLS 1.2" : "TLS 1.3"))
    }

    @Test("a client certificate is asked for", arguments: ["-tls1_2", "-tls1_3"], [false, true])
    func clientCertificate(_ version: String, _ required: Bool) async throws {
        let chain = TestChain()
        let folder = try TemporaryFolder()
        let authorities = try folder.write(
            "ca.pem", [chain.root.certificate, chain.intermediate.certificate].pem)
        let server = try await OpenSSLServer(
            chain.presented,
            arguments: [version, required ? "-Verify" : "-verify", "1", "-CAfile", authorities])
        let evidence = try await ProbeStage().probe(port: server.port)
        #expect(evidence.failure == nil)
        #expect(evidence.presented == chain.presented.map(\.der))
        let request = try #require(evidence.handshake?.clientCertificate)
        #expect(request.required == required)
        #expect(Set(request.authorities) == ["CN=Probe Root", "CN=Probe Intermediate"])
        #expect(evidence.handshake?.failedAt == (required && version == "-tls1_2" ? .handshake : nil))
    }

    @Test("stapled OCSP response and SCTs come home untouched", arguments: ["-tls1_2", "-tls1_3"])
    func extras(_ version: String) async throws {
        let chain = TestChain()
        let folder = try TemporaryFolder()
        // OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED tryLater } (RFC 6960 §4.2.1)
        let response: [UInt8] = [0x30, 3, 0x0a, 1, 3]
        let list: [UInt8] = [0, 6, 0, 4, 1, 2, 3, 4]
        // SERVERINFOV2: contexts (u32), extension type (u16), length (u16). TLS 1.2 ServerHello and 1.3
        // Certificate.
        let contexts: [UInt8] = [0, 0, 0x11, 0x80]
        let information = try folder.write(
            "sct.pem", PEMText.block("SERVERINFOV2 FOR SCT", contexts + [0, 18, 0, UInt8(list.count)] + list))
        let staple = try folder.write("ocsp.der", response)
        let server = try await OpenSSLServer(
            chain.presented, arguments: [version, "-status_file", staple, "-serverinfo", information])
        let evidence = try await ProbeStage().probe(port: server.port)
        #expect(evidence.failure == nil)
        #expect(evidence.stapledOCSP == response)
        #expect(evidence.sctList == list)
    }

    @Test("IPv6") func v6() async throws {
        let chain = TestChain()
        let server = try await OpenSSLServer(chain.presented, address: "::1")
        let evidence = try await ProbeStage().probe(address: "::1", port: server.port)
        #expect(evidence.failure == nil && evidence.handshake?.address == "::1")
    }

    @Test("a name with IPv6 addresses only") func onlyV6() async throws {
        let chain = TestChain()
        let server = try await OpenSSLServer(chain.presented, address: "::1")
        let loopback = [UInt8](repeating: 0, count: 15) + [1]
        let names = try NameServer(["six.test": .addresses(aaaa: [loopback])])
        defer { names.stop() }
        let stage = try ProbeStage(servers: names.address)
        let evidence = await stage.probe("six.test", address: nil, port: server.port)
        #expect(evidence.failure == nil && evidence.presented == chain.presented.map(\.der))
        #expect(evidence.handshake?.address == "::1" && evidence.handshake?.addressesTried == ["::1"])
        #expect(evidence.handshake?.sni == "six.test" && evidence.addressesLeft == 0)
    }

    @Test("the first address that answers is taken, and the dead one named") func severalAddresses()
        async throws
    {
        let chain = TestChain()
        let server = try await OpenSSLServer(chain.presented)
        let stage = try ProbeStage(hosts: "127.0.0.2 server.test\n127.0.0.1 server.test")
        let evidence = await stage.probe(address: nil, port: server.port)
        #expect(evidence.failure == nil)
        #expect(evidence.handshake?.addressesTried == ["127.0.0.2", "127.0.0.1"])
        #expect(evidence.handshake?.address == "127.0.0.1")
        #expect(evidence.handshake?.timings.map(\.phase) == [.resolve, .connect, .handshake])
    }
}
