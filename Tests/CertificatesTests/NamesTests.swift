import Certificates
import Fixtures
import Testing

@Suite struct DistinguishedNameTests {
    typealias Name = Fixtures.Name

    static func raw(_ tag: UInt8, _ content: [UInt8]) -> Name {
        Name([NameAttribute(type: "2.5.4.3", value: Encode.tlv(tag, content))])
    }

    static let rows: [(name: Name, text: String, value: String?)] = [
        (Name.empty, "", nil),
        ("www.example.com", "CN=www.example.com", "www.example.com"),
        // RFC 4514 §2.1: the last RDN comes first.
        (Name([.country("DE"), .organization("Acme"), .commonName("Root")]), "CN=Root,O=Acme,C=DE", "Root"),
        // §2.2: several attributes of one RDN, in DER order.
        (Name(rdns: [[.commonName("a"), .organizationalUnit("b")]]), "CN=a+OU=b", "a"),
        // §2.4: special characters anywhere, space and # at the ends.
        ("a,b+c\"d\\e<f>g;h", #"CN=a\,b\+c\"d\\e\<f\>g\;h"#, "a,b+c\"d\\e<f>g;h"),
        (" x ", #"CN=\ x\ "#, " x "), (" ", #"CN=\ "#, " "), ("#x#", "CN=\\#x#", "#x#"),
        ("a = b", "CN=a = b", "a = b"), ("", "CN=", ""), ("a\0b", #"CN=a\00b"#, "a\0b"),
        // String types of X.520.
        (Name([.commonName("Grüße", .bmp)]), "CN=Grüße", "Grüße"),
        (Name([.commonName("Grüße", .t61)]), "CN=Grüße", "Grüße"),
        (Name([.commonName("😀ß", .universal)]), "CN=😀ß", "😀ß"),
        (Name([.commonName("x", .printable)]), "CN=x", "x"),
        (Name([.emailAddress("a@b.test")]), "emailAddress=a@b.test", nil),
        (Name([NameAttribute("1.2.3.4", "x")]), "1.2.3.4=x", nil),
        (Name([NameAttribute("0.9.2342.19200300.100.1.25", "test", .ia5)]), "DC=test", nil),
        // Undecodable bytes are shown; the backslash that shows them is escaped in the text like any other.
        (raw(0x0C, [0x61, 0xFF, 0x62]), #"CN=a\\xffb"#, #"a\xffb"#),
        (raw(0x13, [0xE9]), #"CN=\\xe9"#, #"\xe9"#),
        (raw(0x1E, [0x00, 0x61, 0x62]), #"CN=\\x00\\x61\\x62"#, #"\x00\x61\x62"#),
        (raw(0x1E, [0xD8, 0x00]), #"CN=\\xd8\\x00"#, #"\xd8\x00"#),
        (raw(0x1C, [0x00, 0x11, 0x00, 0x00]), #"CN=\\x00\\x11\\x00\\x00"#, #"\x00\x11\x00\x00"#),
    ]

    @Test(arguments: rows) func text(_ row: (name: Name, text: String, value: String?)) throws {
        let name = try DistinguishedName(der: row.name.der)
        #expect(name.text == row.text)
        #expect(name.commonName == row.value)
        #expect(name.der == row.name.der)
        #expect(name.isEmpty == (row.name == .empty))
    }

    /// The most specific common name, the order of the DER, and what to call its bearer.
    @Test func attributes() throws {
        let name = try DistinguishedName(
            der: Name([.organization("Acme"), .commonName("first"), .commonName("second")]).der)
        #expect(name.attributes.map(\.type) == ["O", "CN", "CN"])
        #expect(name.attributes.map(\.value) == ["Acme", "first", "second"])
        #expect(name.commonName == "second")
        #expect(name.display == "second")
        #expect(try DistinguishedName(der: Name([.organization("Acme")]).der).display == "Acme")
        #expect(try DistinguishedName(der: Name([.country("DE")]).der).display == "C=DE")
        #expect(try DistinguishedName(der: Name.empty.der).display == "(empty name)")
    }

    @Test(
        arguments: [
            [0x31, 0x00], Encode.sequence(of: [[0x31, 0x00]]), Encode.sequence(of: [[0x30, 0x00]]),
            [0x30, 0x00, 0x00], [],
            Encode.sequence(of: [Encode.set(of: [Encode.sequence(Encode.oid("2.5.4.3"))])]),
            Encode.sequence(of: [Encode.set(of: [Encode.sequence(Encode.utf8("x"), Encode.utf8("y"))])]),
            Encode.sequence(
                of: [
                    Encode.set(of: [
                        Encode.sequence(Encode.oid("2.5.4.3"), Encode.utf8("x"), Encode.utf8("y"))
                    ])
                ]),
        ] as [[UInt8]])
    func malformed(_ der: [UInt8]) {
        #expect(throws: DERError.self) { try DistinguishedName(der: der) }
    }

    /// RFC 5280 §7.1, by libcrypto: case, inner space and string type do not matter; other characters do.
    @Test func comparison() throws {
        func certificate(subject: Name, issuer: Name) throws -> Certificate {
            var spec = CertificateSpec(subject: subject, key: .pool(.ec256, 0))
            spec.issuer = issuer
            return try Certificate.parse(der: spec.signed(by: .pool(.ec256, 0)).der)
        }
        let rows: [(Name, Name, Bool)] = [
            ("Example CA", "Example CA", true), ("Example CA", "EXAMPLE  ca", true),
            ("Example CA", " Example CA ", true),
            (Name([.commonName("Example CA", .printable)]), "example ca", true),
            (Name([.commonName("Grüße", .bmp)]), "Grüße", true), ("Example CA", "Example CB", false),
            (
                Name([.organization("a"), .commonName("b")]), Name([.commonName("b"), .organization("a")]),
                false
            ),
            (.empty, .empty, true), (.empty, "x", false),
        ]
        for (a, b, equal) in rows {
            let child = try certificate(subject: "leaf", issuer: a)
            #expect(try certificate(subject: b, issuer: "x").subjectMatches(issuerOf: child) == equal)
            #expect(try certificate(subject: a, issuer: b).isSelfIssued == equal)
        }
    }
}

@Suite struct ObjectIdentifierTests {
    @Test(
        arguments: [
            ("2.5.4.3", [0x55, 0x04, 0x03]), ("0.0", [0x00]), ("1.39", [0x4F]),
            ("2.999.3", [0x88, 0x37, 0x03]),
            ("1.2.840.113549.1.1.11", [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B]),
            ("2.40", [0x78]),
            ("2.5.29.37.0", [0x55, 0x1D, 0x25, 0x00]),
            ("1.2.18446744073709551615", [0x2A, 0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
        ] as [(String, [UInt8])])
    func bothWays(_ text: String, _ content: [UInt8]) {
        #expect(OID(text)?.content == content)
        #expect(OID(content: content).description == text)
    }

    @Test(arguments: [
        "", "1", "3.1", "0.40", "1.40", "1..2", "1.2.", ".1.2", "1.-2", "a.b", "1.2.18446744073709551616",
        "2 .5",
    ])
    func noOID(_ text: String) { #expect(OID(text) == nil) }

    /// What is none is shown as hex: empty, cut, an arc beyond 64 bits.
    @Test(
        arguments: [
            ([], "#"), ([0x55, 0x84], "#5584"),
            ([0x2A, 0x83, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], "#2a83808080808080808000"),
        ] as [([UInt8], String)])
    func shownAsHex(_ content: [UInt8], _ text: String) { #expect(OID(content: content).description == text) }
}
