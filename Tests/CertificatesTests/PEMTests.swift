import Certificates
import Fixtures
import Testing

@Suite struct PEMTests {
    static let leaf = StandardChains.good().presented[0]
    static let issuer = StandardChains.good().presented[1]

    func decode(_ text: String, limit: Int = 10) throws -> [[UInt8]] {
        try PEM.decode(Array(text.utf8), limit: limit)
    }

    @Test func certificatesInOrder() throws {
        let both = [Self.leaf.der, Self.issuer.der]
        #expect(try decode(Self.leaf.pem + Self.issuer.pem) == both)
        // Bytes outside the blocks, line ends of three kinds, no line ends, blocks of other types.
        let noise = "subject=x\n-----\nBEGIN CERTIFICATE\n\u{0}\u{FF}"
        #expect(try decode(noise + Self.leaf.pem + noise + Self.issuer.pem + noise) == both)
        #expect(try decode((Self.leaf.pem + Self.issuer.pem).replacing("\n", with: "\r\n")) == both)
        #expect(try decode((Self.leaf.pem + Self.issuer.pem).replacing("\n", with: "\r")) == both)
        #expect(try decode((Self.leaf.pem + Self.issuer.pem).replacing("\n", with: "  \t\n")) == both)
        #expect(try decode(Self.leaf.pem.replacing("\n", with: "")) == [Self.leaf.der])
        #expect(try decode(PEM.encode(Self.leaf.der, label: "X509 CERTIFICATE")) == [Self.leaf.der])
        #expect(try decode(PEM.encode([1], label: "X509 CRL") + Self.leaf.pem) == [Self.leaf.der])
        #expect(try decode(PEM.encode([1], label: "EC PARAMETERS")) == [])
    }

    static let refused: [(what: String, text: String, error: PEMError)] = [
        ("empty", "", .noBlock), ("no block", "hello\n-----END CERTIFICATE-----\n", .noBlock),
        ("DER", String(decoding: leaf.der, as: UTF8.self), .noBlock),
        ("no END", "-----BEGIN CERTIFICATE-----\nMIIB\n", .unterminated(block: 0)),
        ("no END of the second", leaf.pem + "-----BEGIN CERTIFICATE-----\nMIIB\n", .unterminated(block: 1)),
        ("BEGIN line that does not end", "-----BEGIN CERTIFICATE", .unterminated(block: 0)),
        (
            "a label without end", "-----BEGIN " + String(repeating: "A", count: 65) + "-----",
            .unterminated(block: 0)
        ),
        ("no base64", "-----BEGIN CERTIFICATE-----\nMI!B\n-----END CERTIFICATE-----\n", .base64(block: 0)),
        ("cut base64", "-----BEGIN CERTIFICATE-----\nMIIBA\n-----END CERTIFICATE-----\n", .base64(block: 0)),
        (
            "END of another label", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END X509 CRL-----\n",
            .labelsDiffer(block: 0)
        ),
        ("a block inside a block", "-----BEGIN CERTIFICATE-----\n" + leaf.pem, .base64(block: 0)),
        ("PKCS#7 that is none", PEM.encode(leaf.der, label: "PKCS7"), .pkcs7(block: 0)),
        ("private key", leaf.pem + leaf.keyPEM, .privateKey(block: 1)),
        ("private key first", leaf.keyPEM + leaf.pem, .privateKey(block: 0)),
        ("RSA private key", PEM.encode([1], label: "RSA PRIVATE KEY"), .privateKey(block: 0)),
        ("encrypted private key", PEM.encode([1], label: "ENCRYPTED PRIVATE KEY"), .privateKey(block: 0)),
        ("private key without END", "-----BEGIN EC PRIVATE KEY-----\nMH", .privateKey(block: 0)),
    ]

    @Test(arguments: refused) func refuses(_ row: (what: String, text: String, error: PEMError)) {
        #expect(throws: row.error) { try decode(row.text) }
    }

    /// Counted after decoding PEM and before parsing DER, those of PKCS#7 blocks too.
    @Test func tooMany() throws {
        let one = PEM.encode([0x00])
        #expect(try decode(String(repeating: one, count: 3), limit: 3).count == 3)
        #expect(throws: PEMError.tooMany(limit: 3)) { try decode(String(repeating: one, count: 4), limit: 3) }
        let bag = PEM.encode([Self.leaf, Self.issuer].pkcs7, label: "PKCS7")
        #expect(throws: PEMError.tooMany(limit: 2)) { try decode(one + bag, limit: 2) }
    }

    /// The key is told apart from the rest without being looked at; who may read it says so.
    @Test func keysWhereTheyAreAllowed() throws {
        var labels: [String] = []
        try PEM.scan(Array((Self.leaf.pem + Self.leaf.keyPEM).utf8), allowingPrivateKeys: true) { block, _ in
            labels.append(block.label)
        }
        #expect(labels == ["CERTIFICATE", "PRIVATE KEY"])
    }

    @Test func lines() {
        let text = PEM.encode([UInt8](repeating: 0, count: 49))
        #expect(
            text == "-----BEGIN CERTIFICATE-----\n" + String(repeating: "A", count: 64) + "\nAA==\n"
                + "-----END CERTIFICATE-----\n")
    }
}

@Suite struct Base64Tests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"), ("\u{FB}\u{FF}", "w7vDvw=="),
    ])
    func vectors(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(Array(encoded.utf8)[...]) == Array(plain.utf8))
        let spaced = encoded.map { "\($0)\r\n\t " }.joined()
        #expect(Base64.decode(Array(spaced.utf8)[...]) == Array(plain.utf8))
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "Zm9", "Zm9=v", "=", "====", "Zg==Zg==", "Zm9v=", "Zm-_", "Zm9v!",
        "Zm8=\u{B}", "Zé==",
    ])
    func refuses(_ text: String) { #expect(Base64.decode(Array(text.utf8)[...]) == nil) }

    @Test func everyByte() {
        let all = (0...255).map(UInt8.init)
        #expect(Base64.decode(Array(Base64.encode(all).utf8)[...]) == all)
    }
}

@Suite struct PKCS7Tests {
    static let chain = StandardChains.anchorSent().presented

    @Test func bag() throws {
        #expect(try PKCS7.certificates(der: Self.chain.pkcs7) == Self.chain.map(\.der))
        #expect(try PKCS7.certificates(der: ([] as [FixtureCertificate]).pkcs7) == [])
        #expect(
            try PEM.decode(Array(PEM.encode(Self.chain.pkcs7, label: "PKCS7").utf8), limit: 9)
                == Self.chain.map(\.der))
        #expect(try PEM.decode(Array(PEM.encode(Self.chain.pkcs7, label: "CMS").utf8), limit: 9).count == 3)
    }

    @Test func refuses() {
        let bag = Self.chain.pkcs7
        #expect(throws: PKCS7Error.trailingBytes) { try PKCS7.certificates(der: bag + [0x00]) }
        #expect(throws: PKCS7Error.malformed) { try PKCS7.certificates(der: []) }
        #expect(throws: PKCS7Error.malformed) { try PKCS7.certificates(der: Self.chain[0].der) }
        for count in stride(from: 0, to: bag.count, by: 7) {
            #expect(throws: PKCS7Error.malformed) { try PKCS7.certificates(der: Array(bag.prefix(count))) }
        }
        // Data instead of SignedData.
        let data = Encode.sequence(
            Encode.oid("1.2.840.113549.1.7.1"), Encode.context(0, Encode.octetString([1, 2, 3])))
        #expect(throws: PKCS7Error.notSignedData) { try PKCS7.certificates(der: data) }
    }
}

@Suite struct PrivateKeyTests {
    @Test(arguments: [KeyKind.ec256, .rsa(2048), .ed25519]) func whoseItIs(_ kind: KeyKind) throws {
        let key = Key.pool(kind, 0)
        let certificate = StandardChains.root.leaf(StandardChains.host, key: key)
        let pem = Array((certificate.pem + certificate.keyPEM).utf8)
        #expect(try PrivateKey.publicKeyInfo(pem: pem) == Certificate.parse(der: certificate.der).key.der)
        let other = StandardChains.root.leaf(StandardChains.host, key: .pool(kind, 1))
        #expect(try PrivateKey.publicKeyInfo(pem: Array(other.keyPEM.utf8)) != key.spki)
    }

    @Test func refuses() {
        func read(_ text: String) throws { _ = try PrivateKey.publicKeyInfo(pem: Array(text.utf8)) }
        #expect(throws: PrivateKeyError.absent) { try read("") }
        #expect(throws: PrivateKeyError.absent) { try read("no key") }
        #expect(throws: PrivateKeyError.absent) { try read(StandardChains.good().pem) }
        #expect(throws: PrivateKeyError.undecodable) {
            try read(PEM.encode([1, 2, 3], label: "PRIVATE KEY"))
        }
        #expect(throws: PrivateKeyError.undecodable) {
            try read(
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
                    + "00000000000000000000000000000000\n\nAAAAAAAAAAAAAAAAAAAAAA==\n"
                    + "-----END RSA PRIVATE KEY-----\n"
            )
        }
    }
}
