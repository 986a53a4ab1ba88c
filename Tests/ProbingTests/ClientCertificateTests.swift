import Fixtures
import Reports
import Testing

@testable import Probing

/// A pair of ours for servers that ask for one.
@Suite(.timeLimit(.minutes(2))) struct ClientCertificateTests {
    private static let chain = TestChain()

    private static func client(of issuer: Authority) -> FixtureCertificate {
        issuer.leaf("client.test") { $0.replace(.extendedKeyUsage(PurposeOID.clientAuth)) }
    }

    private static func pairs(_ client: FixtureCertificate) throws -> ClientCertificates {
        var pairs = ClientCertificates()
        let certificates = [client, chain.intermediate.certificate].pem
        try pairs.add("corp", certificates: Array(certificates.utf8), key: Array(client.keyPEM.utf8))
        return pairs
    }

    private static func probe(
        _ client: FixtureCertificate, _ arguments: [String], named name: String? = "corp"
    ) async throws -> Evidence {
        let folder = try TemporaryFolder()
        let authorities = try folder.write("ca.pem", chain.root.certificate.pem)
        let server = try await OpenSSLServer(
            chain.presented, arguments: arguments + ["-CAfile", authorities, "-no_check_time"])
        defer { server.stop() }
        var endpoint = Endpoint(
            host: .dns(aLabels: "server.test", given: "server.test"), port: server.port, address: "127.0.0.1")
        endpoint.clientCertificate = name
        let stage = try ProbeStage(clientCertificates: pairs(client))
        return await stage.prober.probe(endpoint, timeout: .seconds(20))
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"]) func presented(_ version: String) async throws {
        let evidence = try await Self.probe(
            Self.client(of: Self.chain.intermediate), [version, "-Verify", "3", "-verify_return_error"])
        #expect(evidence.failure == nil && evidence.presented == Self.chain.presented.map(\.der))
        let handshake = try #require(evidence.handshake)
        let request = try #require(handshake.clientCertificate)
        #expect(request.presented && !request.refused && !request.required)
        #expect(handshake.clientCertificateName == "corp" && handshake.failedAt == nil)
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"]) func refused(_ version: String) async throws {
        let evidence = try await Self.probe(
            Self.client(of: Authority.root("Stranger")), [version, "-Verify", "3", "-verify_return_error"])
        // The chain is there all the same.
        #expect(evidence.failure == nil && evidence.presented == Self.chain.presented.map(\.der))
        let request = try #require(evidence.handshake?.clientCertificate)
        #expect(request.presented && request.refused && !request.required)
    }

    @Test func notAskedFor() async throws {
        let evidence = try await Self.probe(Self.client(of: Self.chain.intermediate), [])
        #expect(evidence.failure == nil && evidence.handshake?.clientCertificate == nil)
        #expect(evidence.handshake?.clientCertificateName == "corp")
    }

    @Test func notNamed() async throws {
        let client = Self.client(of: Self.chain.intermediate)
        let evidence = try await Self.probe(client, ["-tls1_3", "-Verify", "3"], named: nil)
        let request = try #require(evidence.handshake?.clientCertificate)
        #expect(request.required && !request.presented && !request.refused)
    }

    /// `openssl pkcs8 -topk8` of some key; the password does not matter.
    private static let encrypted = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiZ
        -----END ENCRYPTED PRIVATE KEY-----

        """

    /// What is wrong with a pair is said, and nothing of it is shown.
    @Test func mistakes() throws {
        let client = Self.client(of: Self.chain.intermediate)
        let cases = [
            ("", client.keyPEM, "no certificate"), (client.pem, "", "no private key"),
            (client.pem, Self.encrypted, "encrypted"),
            (client.pem, Self.chain.leaf.keyPEM, "not the certificate's"),
        ]
        for (certificates, key, text) in cases {
            var pairs = ClientCertificates()
            let error = #expect(throws: ClientCertificates.Failure.self) {
                try pairs.add("a", certificates: Array(certificates.utf8), key: Array(key.utf8))
            }
            #expect(error?.text.contains(text) == true, "\(error?.text ?? "")")
            #expect(!pairs.contains("a"))
        }
    }
}
