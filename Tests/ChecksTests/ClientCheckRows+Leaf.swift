import Certificates
import Fixtures
import PathBuilding
import Reports

@testable import Checks

/// Rows of what the end entity says and what is asked for.
extension ClientCheckTests {
    // MARK: lifetimes

    static func lifetime(
        _ what: String, _ from: EncodedTime, _ to: EncodedTime, isPublic: Bool, _ lines: String...
    )
        -> Row
    {
        var row = Row(
            what,
            .leaf {
                $0.notBefore = from
                $0.notAfter = to
            }, isPublic: isPublic)
        row = Row(what, row.bench, isPublic: isPublic, lines: lines)
        return row
    }

    static let lifetimes: [Row] = [
        lifetime("398 days", "2025-01-01", "2026-02-03", isPublic: true),
        lifetime(
            "398 days and a second", "2025-01-01", "2026-02-03T00:00:01Z", isPublic: true,
            "lifetime_over_398_days@leaf at most 398 days|398 days 1 s from 2025-01-01T00:00:00Z"
        ),
        lifetime("before September 2020", "2020-08-31T23:59:59Z", "2022-10-01", isPublic: true),
        // Ours: 825 days and the hour that Apple lets slip.
        lifetime("825 days and an hour", "2025-01-01", "2027-04-06T01:00:00Z", isPublic: false),
        lifetime(
            "825 days, an hour and a second", "2025-01-01", "2027-04-06T01:00:01Z", isPublic: false,
            "lifetime_over_825_days@leaf at most 825 days|825 days 3601 s from 2025-01-01T00:00:00Z"
        ),
        lifetime("ten years from 2019-07-01 on the second", "2019-07-01", "2029-07-01", isPublic: false),
        Row(
            "a client's certificate",
            Bench.leaf {
                $0.notAfter = "2036-06-01"
                $0.replace(.extendedKeyUsage(PurposeOID.clientAuth))
            }.with { $0.purpose = .client }, isPublic: true),
    ]

    // MARK: names

    static let psl = PublicSuffixes.version
    static let noWildcard = "no wildcard directly below a public suffix (\(psl))"
    static let noUnderscore = "letters, digits, hyphens for the wildcard"
    static let wildcards: [Row] = [
        Row("below a domain", asked("a.example.com", [.dns("*.example.com")])),
        Row(
            "below a public suffix", asked("a.co.uk", [.dns("*.CO.UK")]),
            "wildcard_public_suffix@leaf \(noWildcard)|*.CO.UK"),
        Row("and the name itself", asked("a.co.uk", [.dns("*.co.uk"), .dns("A.co.uk")])),
        Row("private section of the list", asked("a.github.io", [.dns("*.github.io")])),
        Row("another name asked for", asked("a.example.com", [.dns("*.co.uk"), .dns("a.example.com")])),
        Row(
            "rule of a wildcard in the list", asked("a.b.ck", [.dns("*.b.ck")]),
            "wildcard_public_suffix@leaf \(noWildcard)|*.b.ck"),
        Row("exception of the list", asked("a.www.ck", [.dns("*.www.ck")])),
        Row(
            "underscore", asked("a_b.example.com", [.dns("*.example.com")]),
            "wildcard_underscore@leaf \(noUnderscore)|*.example.com for a_b.example.com",
            "host_underscore@leaf letters, digits and hyphens|a_b.example.com"),
    ]

    static func intranet(_ name: String, _ san: GeneralNameSpec, _ isIntranet: Bool) -> Row {
        let line =
            "intranet_name@leaf below a public suffix (\(psl)), or a public address|\(name)"
        return Row(
            "intranet \(name)", asked(name, [san]), isPublic: true, lines: isIntranet ? [line] : [])
    }

    static let hosts: [Row] = [
        intranet("printer", .dns("printer"), true), intranet("host.corp", .dns("host.corp"), true),
        intranet("www.example.test", .dns("www.example.test"), true),
        intranet("co.uk", .dns("co.uk"), true), intranet("com", .dns("com"), true),
        intranet("example.co.uk", .dns("example.co.uk"), false),
        intranet("www.example.com", .dns("www.example.com"), false),
        intranet("a.github.io", .dns("a.github.io"), false), intranet("10.1.2.3", .ip("10.1.2.3"), true),
        intranet("172.31.0.1", .ip("172.31.0.1"), true), intranet("172.32.0.1", .ip("172.32.0.1"), false),
        intranet("100.64.0.1", .ip("100.64.0.1"), true), intranet("192.0.2.1", .ip("192.0.2.1"), true),
        intranet("9.9.9.9", .ip("9.9.9.9"), false), intranet("::1", .ip("::1"), true),
        intranet("fd00::1", .ip("fd00::1"), true), intranet("fe80::1", .ip("fe80::1"), true),
        intranet("2620:fe::fe", .ip("2620:fe::fe"), false),
        Row("intranet under an anchor of ours", asked("printer", [.dns("printer")])),
        Row(
            "underscore, exact", asked("a_b.example.com", [.dns("a_b.example.com")]),
            "host_underscore@leaf letters, digits and hyphens|a_b.example.com"),
        Row(
            "trailing dot", asked("a.example.com.", [.dns("a.example.com")]),
            "host_trailing_dot@leaf a.example.com|a.example.com."),
    ]

    // MARK: keys and signatures

    static func key(_ kind: KeyKind, _ lines: String...) -> Row {
        let key = Key.labelled(kind, "client checks")
        return Row(
            "\(kind)",
            .leaf {
                $0.key = key
                $0.replace(.subjectKeyIdentifier(key.identifier))
            }, lines: lines)
    }

    static let keys: [Row] = [
        key(.ec256), key(.ec384), key(.ec521, "key_p521@leaf P-256 or P-384|EC P-521"),
        key(.ec224, "key_curve_uncommon@leaf P-256, P-384 or P-521|EC P-224"),
        key(.secp256k1, "key_curve_uncommon@leaf P-256, P-384 or P-521|EC secp256k1"),
        key(.ed25519, "key_ed25519@leaf RSA or ECDSA|Ed25519"), key(.rsa(2048)),
        key(.rsa(1024), "key_rsa_below_2048@leaf 2048 bits or more|RSA 1024"),
        key(
            .rsa(1016), "key_rsa_below_1024@leaf 1024 bits or more|RSA 1016",
            "key_rsa_below_2048@leaf 2048 bits or more|RSA 1016"),
        // Of other kinds other checks speak.
        key(.dsa), key(.mlDSA44),
        Row(
            "Ed25519 intermediate",
            {
                let issuer = StandardChains.root.intermediate(
                    "Edwards", key: .labelled(.ed25519, "client checks CA"))
                return Bench(
                    [issuer.leaf(StandardChains.host), issuer.certificate, StandardChains.root.certificate])
            }(), "key_ed25519@intermediate RSA or ECDSA|Ed25519"),
        Row(
            "Ed25519 anchor",
            {
                let root = Fixtures.Authority.root("Edwards Root", key: .labelled(.ed25519, "root"))
                return Bench([root.leaf(StandardChains.host), root.certificate])
            }(), "key_ed25519@anchor RSA or ECDSA|Ed25519"),
        Row(
            "id-RSASSA-PSS",
            .leaf {
                $0.key = Key.labelled(.rsa(2048), "client checks").presenting(
                    spki: pss(Key.labelled(.rsa(2048), "client checks").spki))
            }, "key_rsa_pss@leaf rsaEncryption|RSA 2048"),
    ]

    /// The same RSA key under the algorithm id-RSASSA-PSS without parameters (RFC 4055 §1.2).
    static func pss(_ spki: [UInt8]) -> [UInt8] {
        Encode.sequence(Encode.sequence(Encode.oid("1.2.840.113549.1.1.10")), Encode.children(of: spki)[1])
    }

    static func digest(_ digest: DigestKind) -> Row {
        Row("\(digest.rawValue)", .leaf { $0.digest = digest })
    }

    static let rsaIssuer = StandardChains.root.intermediate(
        "RSA", key: .labelled(.rsa(2048), "client checks"))
    static let signatures: [Row] = [
        digest(.sha256), digest(.sha1),
        Row(
            "MD5",
            Bench([
                rsaIssuer.leaf(StandardChains.host) { $0.digest = .md5 }, rsaIssuer.certificate,
                StandardChains.root.certificate,
            ]), "digest_md5@leaf a digest such as SHA-256|RSA-MD5"),
        // Nobody looks at an anchor's own signature.
        Row("MD5 anchor", .anchor { $0.digest = .md5 }),
        Row(
            "keyEncipherment alone", .leaf { $0.replace(.keyUsage(.keyEncipherment)) },
            "digital_signature_absent@leaf digitalSignature|keyEncipherment"),
        Row("without key usage", .leaf { $0.remove(ExtensionOID.keyUsage) }),
        Row("intermediate", .intermediate { _ in }),
    ]
}
