import Fixtures
import Reports
import Testing

/// Servers that libssl refuses at its own security level: a second attempt at level 0 shows them.
@Suite(.timeLimit(.minutes(2))) struct OldServerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var key: KeyKind = .rsa(2048)
        var digest = DigestKind.sha256
        var arguments: [String]
        var protocolVersion: String
        /// How the first attempt fails; nil when it needs no second.
        var first: (Reason, String)?
    }

    static let cases = [
        Case(
            testDescription: "TLS 1.0 alone", arguments: ["-tls1"], protocolVersion: "TLS 1.0",
            first: (.protocolError, "legacy sigalg disallowed or unsupported")),
        Case(
            testDescription: "TLS 1.1 alone", arguments: ["-tls1_1"], protocolVersion: "TLS 1.1",
            first: (.protocolError, "legacy sigalg disallowed or unsupported")),
        Case(
            testDescription: "TLS 1.0, RSA key transport",
            arguments: ["-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0"],
            protocolVersion: "TLS 1.0"),
        Case(
            testDescription: "SHA-1 signs the key exchange",
            arguments: ["-tls1_2", "-sigalgs", "RSA+SHA1", "-cipher", "ECDHE-RSA-AES128-SHA:@SECLEVEL=0"],
            protocolVersion: "TLS 1.2", first: (.alertReceived, "handshake_failure")),
        Case(
            testDescription: "RSA 1024", key: .rsa(1024), arguments: ["-tls1_2"], protocolVersion: "TLS 1.2"),
        Case(
            testDescription: "RSA 512, SHA-1", key: .rsa(512), digest: .sha1,
            arguments: ["-tls1_2", "-cipher", "ALL:@SECLEVEL=0"], protocolVersion: "TLS 1.2"),
    ]

    @Test(arguments: cases) func secondAttempt(_ c: Case) async throws {
        var arguments = c.arguments
        if !arguments.contains("-cipher") { arguments += ["-cipher", "DEFAULT@SECLEVEL=0"] }
        let chain = TestChain()
        let leaf = chain.intermediate.leaf("server.test", key: .labelled(c.key, "old leaf")) {
            $0.digest = c.digest
        }
        let server = try await OpenSSLServer([leaf, chain.intermediate.certificate], arguments: arguments)
        defer { server.stop() }
        let evidence = try await ProbeStage().probe(port: server.port)
        #expect(evidence.failure == nil)
        #expect(evidence.presented == [leaf.der, chain.intermediate.certificate.der])
        let handshake = try #require(evidence.handshake)
        #expect(handshake.protocolVersion == c.protocolVersion && handshake.failedAt == nil)
        #expect(handshake.firstAttempt?.reason == c.first?.0)
        #expect(handshake.firstAttempt?.presented == c.first?.1)
        let attempts = c.first == nil ? 1 : 2
        #expect(handshake.timings.count { $0.phase == .handshake } == attempts)
        #expect(handshake.addressesTried == ["127.0.0.1"])
    }

    /// Diffie-Hellman of 512 bits, as export rules once wanted it; libssl serves no less than 1024, GnuTLS
    /// does.
    @Test func smallGroup() async throws {
        let chain = TestChain(key: .rsa(2048))
        let folder = try TemporaryFolder()
        // `openssl dhparam 512`
        let parameters = """
            -----BEGIN DH PARAMETERS-----
            MEYCQQCQWnwzc9vRdVFjSB9zWQp2McPuDUwB8Xbv4HNV/ySuM2rsgbVXVP989E5a
            s7I0pFA4fJjzkM0onhPqvJzGB6VXAgEC
            -----END DH PARAMETERS-----

            """
        let ffdhe = ["2048", "3072", "4096", "6144", "8192"].map { ":-GROUP-FFDHE\($0)" }.joined()
        let port = try PortHolder.freePort()
        let (server, _) = try await ServerProcess.start(
            "gnutls-serv",
            [
                "-p", "\(port)", "--x509certfile", try folder.write("c.pem", chain.presented.pem),
                "--x509keyfile", try folder.write("k.pem", chain.leaf.keyPEM), "--dhparams",
                try folder.write("dh.pem", parameters), "--priority",
                "NORMAL:-KX-ALL:+DHE-RSA:-VERS-ALL:+VERS-TLS1.2" + ffdhe,
            ]
        ) { $0.contains("IPv4") && $0.contains("done") ? true : nil }
        defer { server.stop() }
        let evidence = try await ProbeStage().probe(port: port)
        #expect(evidence.failure == nil && evidence.presented == chain.presented.map(\.der))
        #expect(evidence.handshake?.firstAttempt?.reason == .alertReceived)
        #expect(evidence.handshake?.firstAttempt?.presented == "handshake_failure")
        #expect(evidence.handshake?.cipher?.hasPrefix("TLS_DHE_RSA_") == true)
    }

    /// What a second attempt does not mend stays as the first told it.
    @Test func notMended() async throws {
        let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 70]
        let peer = try await HostilePeer(.init(reply: alert, after: .closeOutput))
        let evidence = try await ProbeStage().probe(port: peer.port)
        #expect(evidence.failure?.reason == .alertReceived)
        #expect(evidence.failure?.presented == "protocol_version")
        #expect(evidence.handshake?.firstAttempt == nil)
    }

    /// Both attempts share the deadline.
    @Test func oneDeadline() async throws {
        // The first client gets an alert, the second nothing.
        let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 70]
        let peer = try await HostilePeer(.init(reply: alert, after: .closeOutput, clients: 1))
        let began = ContinuousClock.now
        let evidence = try await ProbeStage().probe(port: peer.port, timeout: .seconds(3))
        #expect(evidence.failure?.reason == .alertReceived)
        #expect(ContinuousClock.now - began < .seconds(20))
    }
}
