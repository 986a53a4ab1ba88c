import Fixtures
import Testing

@testable import Certificates

@Suite struct PublicKeyInfoTests {
    static let rows: [(key: Key, kind: PublicKeyInfo.Kind, display: String, bits: Int?)] = [
        (.pool(.rsa(2048), 0), .rsa(bits: 2048, oddModulus: true, exponent: [1, 0, 1]), "RSA 2048", 2048),
        (.pool(.rsa(1024), 0), .rsa(bits: 1024, oddModulus: true, exponent: [1, 0, 1]), "RSA 1024", 1024),
        (.exponentOne("exponent one"), .rsa(bits: 2048, oddModulus: true, exponent: [1]), "RSA 2048", 2048),
        (
            Key.pool(.rsa(2048), 0).withExponent([0]), .rsa(bits: 2048, oddModulus: true, exponent: []),
            "RSA 2048", 2048
        ),
        (.pool(.ec256, 0), .ec(curve: "P-256", bits: 256), "EC P-256", 256),
        (.pool(.ec384, 0), .ec(curve: "P-384", bits: 384), "EC P-384", 384),
        (.pool(.ec521, 0), .ec(curve: "P-521", bits: 521), "EC P-521", 521),
        (.pool(.ec224, 0), .ec(curve: "P-224", bits: 224), "EC P-224", 224),
        (.pool(.ec192, 0), .ec(curve: "P-192", bits: 192), "EC P-192", 192),
        (.pool(.secp256k1, 0), .ec(curve: "secp256k1", bits: 256), "EC secp256k1", 256),
        (.pool(.ed25519, 0), .ed25519, "Ed25519", 256), (.pool(.dsa, 0), .dsa(bits: 1024), "DSA 1024", 1024),
        (ExplicitCurve.key("explicit curve"), .ecExplicit, "EC explicit", nil),
    ]

    @Test(arguments: rows) func kind(_ row: (key: Key, kind: PublicKeyInfo.Kind, display: String, bits: Int?))
        throws
    {
        let info = try PublicKeyInfo(der: row.key.spki)
        #expect(info.kind == row.kind)
        #expect(info.display == row.display)
        #expect(info.bits == row.bits)
        #expect(info.der == row.key.spki)
    }

    static func spki(_ algorithm: [UInt8], _ key: [UInt8]) -> [UInt8] {
        Encode.sequence(algorithm, Encode.bitString(key))
    }
    static let rsa = Encode.sequence(Encode.oid("1.2.840.113549.1.1.1"), Encode.null)
    static let ec = Encode.oid("1.2.840.10045.2.1")

    static let odd: [(what: String, der: [UInt8], kind: PublicKeyInfo.Kind)] = [
        ("RSA without a key", spki(rsa, []), .malformed),
        ("RSA with garbage", spki(rsa, [1, 2, 3]), .malformed),
        (
            "negative modulus", spki(rsa, Encode.sequence(Encode.integer(octets: [0x80]), Encode.integer(3))),
            .malformed
        ),
        ("negative exponent", spki(rsa, Encode.sequence(Encode.integer(15), Encode.integer(-3))), .malformed),
        (
            "three numbers",
            spki(rsa, Encode.sequence(Encode.integer(15), Encode.integer(3), Encode.integer(3))), .malformed
        ),
        (
            "even modulus", spki(rsa, Encode.sequence(Encode.integer(14), Encode.integer(3))),
            .rsa(bits: 4, oddModulus: false, exponent: [3])
        ),
        ("EC without parameters", spki(Encode.sequence(ec), [4]), .malformed),
        ("EC with NULL parameters", spki(Encode.sequence(ec, Encode.null), [4]), .malformed),
        (
            "a curve nobody knows", spki(Encode.sequence(ec, Encode.oid("1.2.3")), [4]),
            .ec(curve: "1.2.3", bits: 0)
        ),
        ("Ed448", spki(Encode.sequence(Encode.oid("1.3.101.113")), [0]), .ed448),
        (
            "DSA without parameters", spki(Encode.sequence(Encode.oid("1.2.840.10040.4.1")), [0]),
            .dsa(bits: nil)
        ),
        ("an algorithm nobody knows", spki(Encode.sequence(Encode.oid("1.2.3.4")), [0]), .unknown),
    ]

    @Test(arguments: odd) func oddOnes(_ row: (what: String, der: [UInt8], kind: PublicKeyInfo.Kind)) throws {
        #expect(try PublicKeyInfo(der: row.der).kind == row.kind)
    }

    @Test(
        arguments: [
            [], [0x30, 0x00], Encode.sequence(rsa), Encode.sequence(Encode.null, Encode.bitString([])),
            Encode.sequence(rsa, Encode.bitString([1]), Encode.null), spki(rsa, [1]) + [0],
        ] as [[UInt8]])
    func malformed(_ der: [UInt8]) { #expect(throws: DERError.self) { try PublicKeyInfo(der: der) } }

    /// A key that libcrypto cannot decode is described all the same.
    @Test func undecodable() throws {
        for (chain, display) in [
            (StandardChains.pointOffCurve(), "EC P-256"), (StandardChains.mlDSALeaf(), "ML-DSA-44"),
        ] {
            let leaf = try Certificate.parse(der: chain.presented[0].der)
            #expect(!leaf.isKeyDecodable)
            #expect(leaf.key.display == display)
        }
    }
}

@Suite struct ExtensionsTests {
    func leaf(_ change: (inout CertificateSpec) -> Void) throws -> Certificate {
        try Certificate.parse(
            der: StandardChains.intermediate.leaf(StandardChains.host) {
                $0.extensions = []
                change(&$0)
            }.der)
    }

    @Test func decoded() throws {
        let names: [GeneralNameSpec] = [
            .dns("a.test"), .ip("192.0.2.1"), .ip("2001:db8::1"), .email("a@b.test"), .uri("https://a.test/"),
            .directory("x"), .other(oid: "1.2.3", value: Encode.null), .registeredID("1.2.3"),
        ]
        let certificate = try leaf {
            $0.extensions = [
                .basicConstraints(ca: true, pathLen: 3), .keyUsage(.keyCertSign, .decipherOnly),
                .extendedKeyUsage(PurposeOID.serverAuth, PurposeOID.any),
                .subjectAltName(names, critical: true),
                .subjectKeyIdentifier([1, 2, 3]), .authorityKeyIdentifier([4, 5], issuer: "x", serial: [7]),
                .authorityInfoAccess(caIssuers: ["http://i.test/"], ocsp: ["http://o.test/"]),
                .crlDistributionPoints("http://c.test/1", "http://c.test/2"),
                .certificatePolicies("2.23.140.1.2.1"),
                .nameConstraints(
                    permitted: [.dns("a.test")], excluded: [.ip("192.0.2.0/24"), .email("x.test")]),
                .sctList([
                    [UInt8](repeating: 0, count: 1) + [UInt8](repeating: 9, count: 32) + [
                        0, 0, 1, 2, 3, 4, 5, 6, 0, 0,
                    ]
                ]),
                .unknown(critical: false),
            ]
        }
        let read = certificate.extensions
        #expect(read.malformed.isEmpty && read.repeated.isEmpty && read.all.count == 12)
        #expect(read.basicConstraints == BasicConstraints(ca: true, pathLength: 3))
        #expect(read.keyUsage == [.keyCertSign, .decipherOnly])
        #expect(read.keyUsage?.names == ["keyCertSign", "decipherOnly"])
        #expect(read.extendedKeyUsage == [OIDs.serverAuth, OIDs.anyExtendedKeyUsage])
        #expect(
            read.subjectAltName == [
                .dns("a.test"), .ip([192, 0, 2, 1]),
                .ip([0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]),
                .email("a@b.test"), .uri("https://a.test/"), .directory(Fixtures.Name("x").der), .other(0),
                .other(8),
            ])
        #expect(read[OIDs.subjectAltName]?.critical == true)
        #expect(read.subjectKeyIdentifier == [1, 2, 3])
        #expect(
            read.authorityKeyIdentifier == AuthorityKeyIdentifier(keyID: [4, 5], hasIssuerAndSerial: true))
        #expect(read.issuerURLs == ["http://i.test/"] && read.ocspURLs == ["http://o.test/"])
        #expect(read.crlURLs == ["http://c.test/1", "http://c.test/2"])
        #expect(read.policies.map(\.description) == ["2.23.140.1.2.1"])
        #expect(read.nameConstraints?.permitted.map(\.base) == [.dns("a.test")])
        #expect(
            read.nameConstraints?.excluded.map(\.base) == [
                .ip([192, 0, 2, 0, 255, 255, 255, 0]), .email("x.test"),
            ])
        #expect(read.nameConstraints?.hasEmptyList == false)
        #expect(
            read.scts == [
                SCTSummary(log: [UInt8](repeating: 9, count: 32), milliseconds: 0x0000_0102_0304_0506)
            ])
        #expect(certificate.dnsNames == ["a.test"] && certificate.ipAddresses.count == 2 && certificate.isCA)
    }

    /// An absent extension is nil, an empty one is empty, a malformed one is listed and nil.
    @Test func absence() throws {
        let none = try leaf { _ in }.extensions
        #expect(none.subjectAltName == nil && none.basicConstraints == nil && none.keyUsage == nil)
        #expect(none.extendedKeyUsage == nil && none.nameConstraints == nil && none.all.isEmpty)
        let empty = try leaf { $0.extensions = [.subjectAltName([]), .basicConstraints(ca: false)] }
            .extensions
        #expect(
            empty.subjectAltName == []
                && empty.basicConstraints == BasicConstraints(ca: false, pathLength: nil))
    }

    static let broken: [(what: String, spec: ExtensionSpec, oid: OID)] = [
        (
            "SAN that is no SEQUENCE", ExtensionSpec(oid: ExtensionOID.subjectAltName, value: [0x04, 0x00]),
            OIDs.subjectAltName
        ),
        (
            "SAN with something behind",
            ExtensionSpec(oid: ExtensionOID.subjectAltName, value: [0x30, 0x00, 0x05, 0x00]),
            OIDs.subjectAltName
        ),
        (
            "SAN with a universal tag",
            ExtensionSpec(oid: ExtensionOID.subjectAltName, value: [0x30, 0x02, 0x0C, 0x00]),
            OIDs.subjectAltName
        ),
        ("empty value", ExtensionSpec(oid: ExtensionOID.basicConstraints, value: []), OIDs.basicConstraints),
        (
            "negative path length",
            ExtensionSpec(
                oid: ExtensionOID.basicConstraints,
                value: Encode.sequence(Encode.boolean(true), Encode.integer(-1))),
            OIDs.basicConstraints
        ),
        (
            "key usage with eight unused bits",
            ExtensionSpec(oid: ExtensionOID.keyUsage, value: [0x03, 0x02, 0x08, 0x00]),
            OIDs.keyUsage
        ),
        (
            "EKU of a string",
            ExtensionSpec(oid: ExtensionOID.extendedKeyUsage, value: [0x30, 0x02, 0x0C, 0x00]),
            OIDs.extendedKeyUsage
        ),
        (
            "AIA without a description",
            ExtensionSpec(oid: ExtensionOID.authorityInfoAccess, value: [0x30, 0x00]),
            OIDs.authorityInfoAccess
        ),
        (
            "constraints of strings",
            ExtensionSpec(
                oid: ExtensionOID.nameConstraints, value: Encode.sequence(Encode.context(0, Encode.utf8("x")))
            ),
            OIDs.nameConstraints
        ),
    ]

    @Test(arguments: broken) func malformed(_ row: (what: String, spec: ExtensionSpec, oid: OID)) throws {
        #expect(try leaf { $0.extensions = [row.spec, .tlsFeature(5)] }.extensions.malformed == [row.oid])
    }

    /// A list of subtrees that is there and empty, and bounds that RFC 5280 forbids.
    @Test func constraintsOfOddForm() throws {
        func read(_ value: [UInt8]) throws -> NameConstraints {
            let spec = ExtensionSpec(oid: ExtensionOID.nameConstraints, value: value)
            return try #require(try leaf { $0.extensions = [spec] }.extensions.nameConstraints)
        }
        #expect(try read(Encode.sequence()).hasEmptyList)
        #expect(try read(Encode.sequence(Encode.context(0, []))).hasEmptyList)
        let base = GeneralNameSpec.dns("a.test").der
        #expect(try !read(Encode.sequence(Encode.context(1, Encode.sequence(base)))).hasEmptyList)
        let bounded = try read(
            Encode.sequence(Encode.context(1, Encode.sequence(base, Encode.primitive(1, [3])))))
        #expect(bounded.excluded.map(\.hasBounds) == [true])
    }

    /// Bits that the BIT STRING calls unused say nothing, whatever they are; libcrypto reads it so.
    @Test func unusedBits() throws {
        let read = try leaf {
            $0.extensions = [ExtensionSpec(oid: ExtensionOID.keyUsage, value: [0x03, 0x02, 0x07, 0xC3])]
        }
        #expect(read.extensions.keyUsage == .digitalSignature)
    }

    @Test func twice() throws {
        let read = try leaf { $0.extensions = [.keyUsage(.keyAgreement), .keyUsage(.cRLSign)] }.extensions
        #expect(read.repeated == [OIDs.keyUsage])
    }

    /// Times and version as they are, also when they are wrong.
    @Test func fields() throws {
        let certificate = try leaf {
            $0.serial = [0x00, 0x80]
            $0.notAfter = .instant(.latest)
        }
        #expect(
            certificate.version == 3 && certificate.serial == [0x00, 0x80] && certificate.serialHex == "0080")
        #expect(certificate.notAfter == .latest)
        #expect(certificate.lifetime == Instant.latest - "2026-06-01" + 1)
        #expect(certificate.signatureAlgorithm == "ECDSA-SHA256")
        #expect(try Certificate.parse(der: StandardChains.version1Leaf().presented[0].der).version == 1)
        #expect(certificate.spkiSHA256 == SHA256Digest(of: certificate.key.der))
    }
}
