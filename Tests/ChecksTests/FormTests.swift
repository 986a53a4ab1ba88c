import Certificates
import Fixtures
import PathBuilding
import Reports
import Testing

@testable import Checks

/// One table for each check: what is changed, and every line of its answer.
@Suite struct FormTests {
    struct Row: CustomStringConvertible {
        let what: String
        let bench: Bench
        let lines: [String]

        init(_ what: String, _ bench: Bench, _ lines: String...) {
            (self.what, self.bench, self.lines) = (what, bench, lines)
        }
        var description: String { what }
    }

    func check(_ row: Row, _ check: Check) throws { #expect(try row.bench.lines(check) == row.lines) }

    // MARK: serial numbers

    static func serialRow(_ octets: [UInt8], _ ok: Bool) -> Row {
        let hex = Hex.encode(octets)
        return Row(
            hex, .leaf { $0.serial = octets },
            ok ? "passed" : "serial_invalid 0 1 to 20 octets, positive|\(hex)")
    }

    static let serials: [Row] = [
        serialRow([1], true), serialRow([0x7F], true), serialRow([0x00, 0x80], true),
        serialRow([0x7F] + [UInt8](repeating: 0xFF, count: 19), true), serialRow([0], false),
        serialRow([0xFF], false),
        serialRow([0x80], false), serialRow([0x01] + [UInt8](repeating: 0, count: 20), false),
        // Also with the sign octet there are no more than 20.
        serialRow([0x00, 0x80] + [UInt8](repeating: 0, count: 19), false),
        Row(
            "intermediate", .intermediate { $0.serial = [0] },
            "serial_invalid 1 1 to 20 octets, positive|00"),
        // 6 of 117 Mozilla roots.
        Row("anchor", .anchor { $0.serial = [0] }, "passed"),
    ]
    @Test(arguments: serials) func serialNumber(_ row: Row) throws { try check(row, .serialNumber) }

    // MARK: SAN

    static func san(_ names: [GeneralNameSpec], _ lines: String...) -> Row {
        var row = Row("\(names)", .leaf { $0.replace(.subjectAltName(names)) })
        row = Row(row.what, row.bench, lines: lines)
        return row
    }

    static let syntax = "name_syntax 0 letters, digits, hyphens|"
    static let sans: [Row] = [
        san([.dns("www.example.com"), .ip("192.0.2.1"), .ip("::1"), .email("a@b.test")], "passed"),
        san([.dns("*.example.com")], "passed"), san([.dns("xn--bcher-kva.example")], "passed"),
        san([.dns("EXAMPLE-1.com")], "passed"), san([.dns("localhost")], "passed"),
        san([], "san_empty 0 -|-"), san([.dns("")], syntax),
        san([.dns(".example.com")], syntax + ".example.com"),
        san([.dns("a_b.example.com")], syntax + "a_b.example.com"), san([.dns("a..b")], syntax + "a..b"),
        san([.dns("example.com.")], syntax + "example.com."), san([.dns("-a.test")], syntax + "-a.test"),
        san([.dns("a-.test")], syntax + "a-.test"), san([.dns("w*.example.com")], syntax + "w*.example.com"),
        san([.dns("*")], syntax + "*"), san([.dns("a.*.test")], syntax + "a.*.test"),
        san([.dns("a b.test")], syntax + "a b.test"),
        san(
            [.dns(String(repeating: "a", count: 64) + ".test")],
            syntax + String(repeating: "a", count: 64) + ".test"),
        san([.dns("bücher.example")], syntax + "bücher.example"), san([.dns("@.test")], syntax + "@.test"),
        san([.ip("192.0.2.0/24")], syntax + "c0000200ffffff00"),
        Row("absent", .leaf { $0.remove(ExtensionOID.subjectAltName) }, "san_absent 0 -|-"),
        Row(
            "absent, client",
            Bench.leaf { $0.remove(ExtensionOID.subjectAltName) }.with { $0.purpose = .client },
            "not applicable"),
        Row(
            "undecodable",
            .leaf { $0.replace(ExtensionSpec(oid: ExtensionOID.subjectAltName, value: [4, 0])) },
            "not applicable"),
        Row(
            "critical beside a subject",
            .leaf { $0.replace(.subjectAltName([.dns("a.test")], critical: true)) },
            "san_criticality 0 not critical beside a subject|critical"),
        Row(
            "critical without a subject",
            .leaf {
                $0.subject = .empty
                $0.replace(.subjectAltName([.dns("a.test")], critical: true))
            }, "passed"),
    ]
    @Test(arguments: sans) func subjectAltName(_ row: Row) throws { try check(row, .subjectAltName) }

    // MARK: keys

    static let allowed = "RSA 2048 or more, P-256, P-384, P-521, Ed25519"
    static func keyRow(_ key: Key, _ presented: String? = nil) -> Row {
        let chain = StandardChains.good()
        let leaf = StandardChains.intermediate.leaf(StandardChains.host, key: key)
        return Row(
            "\(key.kind) \(presented ?? "")", Bench([leaf, chain.presented[1]] + chain.anchors),
            presented.map { "key_not_allowed 0 \(allowed)|\($0)" } ?? "passed")
    }

    static let policies: [Row] = [
        keyRow(.pool(.ec256, 0)), keyRow(.pool(.ec384, 0)), keyRow(.pool(.ec521, 0)),
        keyRow(.pool(.rsa(2048), 0)),
        keyRow(.pool(.ed25519, 0)), keyRow(.pool(.rsa(1024), 0), "RSA 1024"), keyRow(.pool(.rsa(2056), 0)),
        keyRow(.pool(.rsa(2052), 0), "RSA 2052"), keyRow(.pool(.ec224, 0), "EC P-224"),
        keyRow(.pool(.secp256k1, 0), "EC secp256k1"), keyRow(.pool(.dsa, 0), "DSA 1024"),
        // Not of a kind that anything is known of.
        keyRow(.pool(.mlDSA44, 0)),
    ]
    @Test(arguments: policies) func keyPolicy(_ row: Row) throws { try check(row, .keyPolicy) }

    static let unusable = "an odd modulus and an odd exponent of 3 or more"
    static func usable(_ key: Key, _ lines: String...) -> Row {
        let chain = StandardChains.good()
        let leaf = StandardChains.intermediate.leaf(StandardChains.host, key: key)
        return Row("\(key.kind) \(lines)", Bench([leaf, chain.presented[1]] + chain.anchors), lines: lines)
    }
    static func exponent(_ octets: [UInt8]) -> Key { Key.pool(.rsa(2048), 0).withExponent(octets) }

    static let usables: [Row] = [
        usable(.pool(.rsa(2048), 0), "passed"), usable(exponent([3]), "passed"),
        usable(.pool(.ec256, 0), "passed"),
        usable(.pool(.ed25519, 0), "passed"), usable(.pool(.dsa, 0), "passed"),
        usable(exponent([1]), "key_exponent_unusable 0 \(unusable)|exponent 0x01"),
        usable(exponent([2]), "key_exponent_unusable 0 \(unusable)|exponent 0x02"),
        usable(exponent([0]), "key_exponent_unusable 0 \(unusable)|exponent 0x"),
        usable(exponent([1, 0, 0]), "key_exponent_unusable 0 \(unusable)|exponent 0x010000"),
        usable(
            ExplicitCurve.key("explicit curve"),
            "key_parameters_explicit 0 a named curve|explicit parameters 94"),
        usable(Key.pool(.ec256, 0).offCurve(), "key_undecodable 0 -|EC P-256 6"),
        usable(.pool(.mlDSA44, 0), "?algorithm_unknown 0 -|ML-DSA-44 6"),
        Row(
            "of an anchor", Bench(StandardChains.exponentOne()).with { $0.certificates.removeLast() },
            "key_exponent_unusable 1 \(unusable)|exponent 0x01"),
    ]
    @Test(arguments: usables) func keyUsable(_ row: Row) throws { try check(row, .keyUsable) }

    // MARK: purposes

    static let purposes: [Row] = [
        Row("serverAuth", .leaf { _ in }, "passed"),
        Row(
            "both", .leaf { $0.replace(.extendedKeyUsage(PurposeOID.serverAuth, PurposeOID.clientAuth)) },
            "passed"),
        Row("none", .leaf { $0.remove(ExtensionOID.extendedKeyUsage) }, "eku_absent 0 serverAuth|-"),
        Row(
            "none, client",
            Bench.leaf { $0.remove(ExtensionOID.extendedKeyUsage) }.with { $0.purpose = .client }, "passed"),
        Row(
            "any", .leaf { $0.replace(.extendedKeyUsage(PurposeOID.serverAuth, PurposeOID.any)) },
            "eku_any 0 serverAuth|anyExtendedKeyUsage"),
        Row(
            "critical", .leaf { $0.replace(.extendedKeyUsage(PurposeOID.serverAuth, critical: true)) },
            "eku_critical 0 not critical|critical"),
        Row(
            "critical in the intermediate",
            .intermediate { $0.add(.extendedKeyUsage(PurposeOID.serverAuth, critical: true)) },
            "eku_critical 1 not critical|critical"),
        Row(
            "critical in the anchor",
            .anchor { $0.add(.extendedKeyUsage(PurposeOID.serverAuth, critical: true)) },
            "eku_forbidden 2 none in a root|extendedKeyUsage"),
        Row(
            "undecodable",
            .leaf { $0.replace(ExtensionSpec(oid: ExtensionOID.extendedKeyUsage, value: [4, 0])) },
            "passed"),
    ]
    @Test(arguments: purposes) func purposeForm(_ row: Row) throws { try check(row, .purposeForm) }

    // MARK: extensions

    static let access = ExtensionSpec.authorityInfoAccess(caIssuers: ["http://a.test/"])
    static let extensionRows: [Row] = [
        Row("AIA", .leaf { $0.add(access) }, "passed"),
        Row(
            "AIA without a description", .leaf { $0.add(.authorityInfoAccess()) },
            "extension_malformed 0 -|authorityInfoAccess"),
        Row("twice", .leaf { $0.add(.keyUsage(.keyAgreement)) }, "extension_malformed 0 -|2.5.29.15 twice"),
        Row(
            "three times",
            .leaf {
                $0.add(.keyUsage(.keyAgreement))
                $0.add(.keyUsage(.keyAgreement))
            }, "extension_malformed 0 -|2.5.29.15 twice", "extension_malformed 0 -|2.5.29.15 twice"),
        Row("twice in the anchor", .anchor { $0.add(.keyUsage(.keyCertSign)) }, "passed"),
    ]
    @Test(arguments: extensionRows) func extensionForm(_ row: Row) throws { try check(row, .extensionForm) }

    static let criticalityRows: [Row] = [
        Row(
            "as it should be",
            .intermediate {
                $0.add(access)
                $0.add(.policyConstraints(requireExplicitPolicy: 0))
                $0.add(.inhibitAnyPolicy(0))
            }, "passed"),
        Row(
            "AIA", .leaf { $0.add(access.critical(true)) },
            "extension_criticality 0 not critical|authorityInfoAccess critical"),
        Row(
            "policyConstraints",
            .intermediate { $0.add(.policyConstraints(requireExplicitPolicy: 0, critical: false)) },
            "extension_criticality 1 critical|policyConstraints not critical"),
        Row(
            "inhibitAnyPolicy", .intermediate { $0.add(ExtensionSpec.inhibitAnyPolicy(0).critical(false)) },
            "extension_criticality 1 critical|inhibitAnyPolicy not critical"),
        Row(
            "at the anchor", .anchor { $0.add(access.critical(true)) },
            "extension_criticality 2 not critical|authorityInfoAccess critical"),
    ]
    @Test(arguments: criticalityRows) func criticality(_ row: Row) throws { try check(row, .criticality) }

    static let understood: [Row] = [
        Row("good", .leaf { _ in }, "passed"),
        Row("unknown, not critical", .leaf { $0.add(.unknown(critical: false)) }, "passed"),
        Row(
            "EKU", .leaf { $0.replace(ExtensionSpec(oid: ExtensionOID.extendedKeyUsage, value: [4, 1, 0])) },
            "extension_malformed 0 -|2.5.29.37 41"),
        Row(
            "name constraints",
            .intermediate { $0.add(ExtensionSpec(oid: ExtensionOID.nameConstraints, value: [4, 1, 0])) },
            "extension_malformed 1 -|2.5.29.30 41"),
        Row(
            "at the anchor",
            .anchor { $0.replace(ExtensionSpec(oid: ExtensionOID.keyUsage, value: [4, 1, 0])) },
            "extension_malformed 2 -|2.5.29.15 41"),
    ]
    @Test(arguments: understood) func extensionsUnderstood(_ row: Row) throws {
        try check(row, .extensionsUnderstood)
    }

    static func constraints(_ value: [UInt8]) -> (inout CertificateSpec) -> Void {
        { $0.add(ExtensionSpec(oid: ExtensionOID.nameConstraints, critical: true, value: value)) }
    }
    static let base = GeneralNameSpec.dns("example.com").der
    static let constraintRows: [Row] = [
        Row("good", .intermediate { $0.add(.nameConstraints(permitted: [.dns("example.com")])) }, "passed"),
        Row(
            "in the leaf", .leaf { $0.add(.nameConstraints(permitted: [.dns("example.com")])) },
            "extension_misplaced 0 -|nameConstraints"),
        Row(
            "leading dot", .intermediate { $0.add(.nameConstraints(excluded: [.dns(".example.com")])) },
            "name_constraints_malformed 1 example.com|.example.com"),
        Row(
            "no list", .intermediate(constraints([0x30, 0x00])), "name_constraints_malformed 1 -|no subtree"),
        Row(
            "empty list", .intermediate(constraints([0x30, 0x02, 0xA0, 0x00])),
            "name_constraints_malformed 1 -|no subtree"),
        Row(
            "maximum",
            .intermediate(
                constraints(
                    Encode.sequence(Encode.context(0, Encode.sequence(base, Encode.primitive(1, [1])))))),
            "name_constraints_malformed 1 -|minimum or maximum"),
    ]
    @Test(arguments: constraintRows) func constraintForm(_ row: Row) throws {
        try check(row, .constraintForm)
    }

    // MARK: the rest

    /// The excluded subtrees of issuers, applied to the name that was sought (CVE-2025-61727).
    @Test func constraintsOnTheReferenceIdentifier() throws {
        func lines(_ excluded: String, _ name: String) throws -> [String] {
            try Bench.intermediate { $0.add(.nameConstraints(excluded: [.dns(excluded)])) }
                .with { $0.names = [name] }.lines(.nameConstraints)
        }
        func excluded(_ base: String, _ name: String) -> [String] {
            ["name_excluded 0 not within \(base)|\(name) 48"]
        }
        #expect(
            try lines("secret.example.com", "secret.example.com")
                == excluded("secret.example.com", "secret.example.com"))
        #expect(try lines("example.com", "www.example.com") == excluded("example.com", "www.example.com"))
        #expect(try lines("EXAMPLE.com", "www.example.com") == excluded("EXAMPLE.com", "www.example.com"))
        #expect(try lines(".example.com", "www.example.com") == excluded(".example.com", "www.example.com"))
        #expect(try lines(".example.com", "example.com") == ["passed"])
        #expect(try lines("ample.com", "www.example.com") == ["passed"])
        #expect(try lines("", "www.example.com") == excluded("", "www.example.com"))
        #expect(
            try Bench.leaf { _ in }.with { $0.names = ["x.test"] }.lines(.nameConstraints) == [
                "not applicable"
            ])
        let permitted = Bench.intermediate { $0.add(.nameConstraints(permitted: [.dns("example.org")])) }
        #expect(try permitted.with { $0.names = ["www.example.com"] }.lines(.nameConstraints) == ["passed"])
    }

    static let ski = Hex.encode(StandardChains.intermediate.key.identifier)
    static let identifiers: [Row] = [
        Row("equal", .leaf { _ in }, "passed"),
        Row("absent", .leaf { $0.remove(ExtensionOID.authorityKeyIdentifier) }, "passed"),
        Row(
            "other key", .leaf { $0.replace(.authorityKeyIdentifier([1, 2])) },
            "key_identifier_mismatch 0 \(ski)|0102 30"),
        Row(
            "issuer and serial of its issuer",
            .leaf {
                $0.replace(
                    .authorityKeyIdentifier(
                        nil, issuer: StandardChains.root.name,
                        serial: StandardChains.intermediate.certificate.serial))
            }, "passed"),
        Row(
            "another serial",
            .leaf { $0.replace(.authorityKeyIdentifier(nil, issuer: StandardChains.root.name, serial: [9])) },
            "key_identifier_mismatch 0 CN=Catenary Test Root, serial "
                + "\(Hex.encode(StandardChains.intermediate.certificate.serial))|"
                + "another issuer and serial 31"),
        Row(
            "of the intermediate", .intermediate { $0.replace(.authorityKeyIdentifier([7])) },
            "key_identifier_mismatch 1 \(Hex.encode(StandardChains.root.key.identifier))|07 30"),
    ]
    @Test(arguments: identifiers) func keyIdentifier(_ row: Row) throws { try check(row, .keyIdentifier) }

    @Test func versions() throws {
        #expect(try Bench(StandardChains.good()).lines(.versionForm) == ["passed"])
        #expect(try Bench(StandardChains.version1Leaf()).lines(.versionForm) == ["version_too_low 0 3|1"])
        #expect(
            try Bench(StandardChains.version1Intermediate()).lines(.versionForm) == ["version_too_low 1 3|1"])
        #expect(
            try Bench(StandardChains.version1Leaf()).with { $0.profile = .rfc5280 }.lines(.versionForm) == [
                "passed"
            ])
    }

    @Test func endEntities() throws {
        #expect(
            try Bench(StandardChains.caLeaf()).lines(.basicConstraintsForm) == [
                "end_entity_is_ca 0 cA FALSE|cA TRUE"
            ])
        #expect(
            try Bench(StandardChains.caLeaf()).with { $0.profile = .rfc5280 }.lines(.basicConstraintsForm)
                == ["passed"])
        // A CA that is itself the anchor is asked about as such.
        #expect(try Bench([StandardChains.root.certificate]).lines(.basicConstraintsForm) == ["passed"])
    }
}

extension FormTests.Row {
    init(_ what: String, _ bench: Bench, lines: [String]) {
        (self.what, self.bench, self.lines) = (what, bench, lines)
    }
}
