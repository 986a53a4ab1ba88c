import COpenSSL
import Certificates
import Fixtures
import Foundation
import Testing

@Suite struct FixturesTests {
    static let kinds: [KeyKind] = [
        .ec256, .ec384, .ec521, .ec192, .ec224, .secp256k1, .ed25519, .dsa, .rsa(1024), .rsa(2048),
        .rsa(1024, exponent: 3),
    ]

    @Test(arguments: kinds) func keysSignWhatLibcryptoVerifies(_ kind: KeyKind) {
        let root = Authority.root("Root", key: .pool(kind, 0))
        let judge = Judge(root.certificate)
        #expect(judge.signatureVerifies(root.certificate))
        #expect(!judge.signatureVerifies(root.certificate.reissued { $0.signature = .flippedBit }))
        #expect(root.key == .pool(kind, 0))
        #expect(root.key.identifier.count == 20)
    }

    @Test func labelsTellKeysApart() {
        #expect(Key.pool(.ec256, 0) != Key.pool(.ec256, 1))
        // The same in every run.
        let known = "f33e291d0cade2c4a23ad7f6289f5cc59fc758db99a28616b477d3994b01f48e"
        #expect(Hex.encode(Key.pool(.ed25519, 0).subjectPublicKey) == known)
    }

    @Test func defaultsAreValidUnderStrict() {
        let root = Authority.root("Root")
        let inter = root.intermediate("Inter", pathLen: 0)
        let leaf = inter.leaf("www.example.com", "192.0.2.1", "2001:db8::1")
        for name in ["www.example.com", "192.0.2.1", "2001:db8::1"] {
            #expect(
                Judge.errors([leaf, inter.certificate], anchors: [root.certificate], name: name) == [])
        }
        #expect(Judge.errors([leaf, inter.certificate], anchors: [root.certificate], name: "a.test") == [62])
    }

    @Test func crossSignsAndRenewals() {
        let root = Authority.root("Root")
        let other = Authority.root("Other")
        let inter = root.intermediate("Inter")
        let leaf = inter.leaf("www.example.com")
        let cross = inter.crossSigned(by: other)
        #expect(Judge.errors([leaf, cross.certificate], anchors: [other.certificate], name: nil) == [])
        let renewed = inter.renewed { $0.notAfter = "2035-01-01" }
        #expect(renewed.certificate.sha256 != inter.certificate.sha256)
        #expect(renewed.certificate.serial != inter.certificate.serial)
        #expect(Judge.errors([leaf, renewed.certificate], anchors: [root.certificate], name: nil) == [])
        let rekeyed = root.rekeyed(.labelled(.ec256, "next"))
        #expect(rekeyed.name == root.name)
        #expect(Judge(rekeyed.certificate).signatureVerifies(rekeyed.certificate))
    }

    static let extensions: [ExtensionSpec] = [
        .basicConstraints(ca: true, pathLen: 3), .keyUsage(.digitalSignature, .decipherOnly),
        .extendedKeyUsage(PurposeOID.serverAuth, PurposeOID.any), .subjectKeyIdentifier([1]),
        .subjectAltName([
            .dns("a.test"), .ip("2001:db8::1"), .email("a@b.test"), .uri("https://a.test/"), .directory("A"),
            .registeredID("1.2.3"), .other(oid: "1.2.3", value: Encode.utf8("x")), .raw([0x82, 1, 0x61]),
        ]),
        .nameConstraints(permitted: [.dns("a.test"), .ip("10.0.0.0/9")], excluded: [.email("b.test")]),
        .authorityKeyIdentifier([1], issuer: "A", serial: [1]),
        .authorityInfoAccess(caIssuers: ["http://a.test/ca"], ocsp: ["http://a.test/ocsp"]),
        .crlDistributionPoints("http://a.test/1.crl", "http://a.test/2.crl"),
        .certificatePolicies("1.2.3", "2.5.29.32.0"), .policyMappings([("1.2.3", "1.2.4")]),
        .policyConstraints(requireExplicitPolicy: 0, inhibitPolicyMapping: 1), .inhibitAnyPolicy(2),
        .tlsFeature(5), .crlNumber(1), .reasonCode(1), .deltaCRLIndicator(base: 1), .certificateIssuer("A"),
        .issuingDistributionPoint(
            uri: "http://a.test/crl", onlyCA: true, someReasons: [1, 0x60], indirect: true),
    ]

    /// libcrypto decodes each extension, and its own encoding of it is ours.
    @Test(arguments: extensions) func extensionsAreDER(_ spec: ExtensionSpec) throws {
        let judge = Judge(Authority.root("Root") { $0.extensions = [spec] }.certificate)
        try withExtendedLifetime(judge) {
            let found = try #require(X509_get_ext(judge.x509, 0))
            #expect(X509_EXTENSION_get_critical(found) == (spec.critical ? 1 : 0))
            let nid = OBJ_obj2nid(X509_EXTENSION_get_object(found))
            let value = try #require(X509V3_EXT_d2i(found))
            let remade = X509V3_EXT_i2d(nid, 0, value)
            defer { X509_EXTENSION_free(remade) }
            let data = X509_EXTENSION_get_data(remade)
            let again = UnsafeBufferPointer(
                start: ASN1_STRING_get0_data(data), count: Int(ASN1_STRING_length(data)))
            #expect(Array(again) == spec.value)
        }
    }

    @Test func revocationLists() throws {
        let root = Authority.root("Root")
        let leaf = root.leaf("www.example.com")
        let crl = root.crl(revoking: [leaf]) {
            $0.extensions += [.issuingDistributionPoint(onlyUser: true), .deltaCRLIndicator(base: 1)]
        }
        let parsed = crl.der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            return d2i_X509_CRL(nil, &cursor, bytes.count)
        }
        defer { X509_CRL_free(parsed) }
        try #require(parsed != nil)
        let (issuer, certificate) = (Judge(root.certificate), Judge(leaf))
        withExtendedLifetime((issuer, certificate)) {
            #expect(X509_CRL_verify(parsed, X509_get0_pubkey(issuer.x509)) == 1)
            var entry: OpaquePointer?
            #expect(X509_CRL_get0_by_cert(parsed, &entry, certificate.x509) == 1)
            #expect(X509_CRL_get0_by_cert(parsed, &entry, issuer.x509) == 0)
        }
    }

    /// What `openssl` reads back from files, as a server would.
    @Test func filesThatOpenSSLReads() throws {
        let folder = try TemporaryFolder()
        let chain = StandardChains.good()
        let server = try folder.writeServer("good", chain.presented)
        let bundle = try folder.write("good.p7b", chain.presented.pkcs7)
        let root = try folder.write("root.pem", chain.anchors.pem)
        #expect(try openssl("pkcs7", "-inform", "DER", "-in", bundle, "-print_certs", "-noout") == 0)
        #expect(try openssl("pkey", "-in", server.key, "-check", "-noout") == 0)
        let time = String(now.seconds)
        let verify = [
            "verify", "-attime", time, "-x509_strict", "-CAfile", root, "-untrusted", server.certificates,
        ]
        #expect(try openssl(verify + [server.certificates]) == 0)
        #expect(FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func foldersRemoveThemselves() throws {
        var folder: TemporaryFolder? = try TemporaryFolder()
        let path = try #require(folder?.path)
        try folder?.write("a/b", "c")
        folder = nil
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func randomnessFollowsItsSeed() {
        // First outputs for seed 1234567, as published with the algorithm.
        var random = RandomSource(seed: 1_234_567)
        #expect([random.next(), random.next()] == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973])
    }

    private func openssl(_ arguments: String...) throws -> Int32 { try openssl(arguments) }
    private func openssl(_ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
