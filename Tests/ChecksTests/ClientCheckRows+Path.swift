import Certificates
import Fixtures
import PathBuilding
import Reports

@testable import Checks

/// Rows of what the path says.
extension ClientCheckTests {
    // MARK: path

    /// root → issuer with a path length → the issuer's own rollover → leaf.
    static func rollover(pathLen: Int, changed name: Name? = nil) -> Bench {
        let upper = StandardChains.root.intermediate("Rolling", pathLen: pathLen)
        let key = Key.labelled(.ec256, "rolled")
        let lower = Fixtures.Authority(
            certificate: upper.issue(subject: name ?? upper.name, key: key) {
                $0.extensions = [
                    .basicConstraints(ca: true), .keyUsage(.keyCertSign),
                    .subjectKeyIdentifier(key.identifier), .authorityKeyIdentifier(upper.key.identifier),
                ]
            })
        return Bench([
            lower.leaf(StandardChains.host), lower.certificate, upper.certificate,
            StandardChains.root.certificate,
        ])
    }

    static let lengths: [Row] = [
        Row(
            "self-issued below path length 0", rollover(pathLen: 0),
            "path_length_self_issued@intermediate at most 0 intermediates below it|1 with the self-issued"),
        Row("self-issued below path length 1", rollover(pathLen: 1)),
        // libcrypto says it.
        Row("another below path length 0", rollover(pathLen: 0, changed: "Other")),
    ]

    static func issuer(_ what: String, _ subject: Name, _ issuer: Name, _ lines: String...) -> Row {
        let key = Key.labelled(.ec256, "named")
        let certificate = StandardChains.root.intermediate("Named", key: key) { $0.subject = subject }
        let leaf = certificate.leaf(StandardChains.host) { $0.issuer = issuer }
        return Row(
            what, Bench([leaf, certificate.certificate, StandardChains.root.certificate]), lines: lines)
    }

    static let plain = Name([.organization("Some Corp"), .commonName("Some CA")])
    static let names: [Row] = [
        issuer("equal", plain, plain),
        issuer(
            "case", plain, Name([.organization("SOME Corp"), .commonName("Some CA")]),
            "issuer_name_case@leaf CN=Some CA,O=Some Corp|CN=Some CA,O=SOME Corp"),
        issuer(
            "white space", plain, Name([.organization("Some  Corp"), .commonName(" Some CA")]),
            "issuer_name_space@leaf CN=Some CA,O=Some Corp|CN=\\ Some CA,O=Some  Corp"),
        issuer(
            "kind of string", plain, Name([.organization("Some Corp", .printable), .commonName("Some CA")]),
            "issuer_name_encoding@leaf CN=Some CA,O=Some Corp|CN=Some CA,O=Some Corp"),
        issuer(
            "all three", plain, Name([.organization("some  corp", .printable), .commonName("Some CA")]),
            "issuer_name_case@leaf CN=Some CA,O=Some Corp|CN=Some CA,O=some  corp",
            "issuer_name_space@leaf CN=Some CA,O=Some Corp|CN=Some CA,O=some  corp",
            "issuer_name_encoding@leaf CN=Some CA,O=Some Corp|CN=Some CA,O=some  corp"),
    ]

    static let purposes: [Row] =
        [
            ("any", [PurposeOID.any], "eku_any_only", "any"),
            ("nsSGC", [PurposeOID.netscapeServerGatedCrypto], "eku_step_up_only", "nsSGC"),
            ("msSGC", ["1.3.6.1.4.1.311.10.3.3"], "eku_step_up_only", "1.3.6.1.4.1.311.10.3.3"),
            ("clientAuth", [PurposeOID.clientAuth], "eku_purpose_absent", "clientAuth"),
            (
                "any and nsSGC", [PurposeOID.any, PurposeOID.netscapeServerGatedCrypto], "eku_any_only",
                "any, nsSGC"
            ),
        ].flatMap { what, oids, reason, presented -> [Row] in
            let eku = ExtensionSpec(
                oid: ExtensionOID.extendedKeyUsage, value: Encode.sequence(of: oids.map(Encode.oid)))
            return [
                Row("leaf, \(what)", .leaf { $0.replace(eku) }, "\(reason)@leaf serverAuth|\(presented)"),
                Row(
                    "intermediate, \(what)", .intermediate { $0.replace(eku) },
                    "\(reason)@intermediate serverAuth|\(presented)"),
                Row(
                    "anchor, \(what)", .anchor { $0.replace(eku) }, "\(reason)@anchor serverAuth|\(presented)"
                ),
            ]
        } + [
            Row(
                "serverAuth and any",
                .leaf { $0.replace(.extendedKeyUsage(PurposeOID.serverAuth, PurposeOID.any)) }),
            Row("absent", .leaf { $0.remove(ExtensionOID.extendedKeyUsage) }),
            Row(
                "nsSGC for a client",
                Bench.leaf { $0.replace(.extendedKeyUsage(PurposeOID.netscapeServerGatedCrypto)) }
                    .with { $0.purpose = .client },
                "eku_purpose_absent@leaf clientAuth|nsSGC"),
            Row(
                "any purpose",
                Bench.leaf { $0.replace(.extendedKeyUsage(PurposeOID.codeSigning)) }.with {
                    $0.purpose = .any
                }),
        ]

    static func policy(
        _ leaf: [String], skip: Int = 0, intermediate: [String], critical: Bool = true, _ lines: String...
    )
        -> Row
    {
        func policies(_ oids: [String]) -> ExtensionSpec {
            ExtensionSpec(
                oid: ExtensionOID.certificatePolicies,
                value: Encode.sequence(of: oids.map { Encode.sequence(Encode.oid($0)) }))
        }
        let issuer = StandardChains.root.intermediate("Strict", pathLen: nil) {
            $0.add(.policyConstraints(requireExplicitPolicy: skip, critical: critical))
            if !intermediate.isEmpty { $0.add(policies(intermediate)) }
        }
        let end = issuer.leaf(StandardChains.host) { if !leaf.isEmpty { $0.add(policies(leaf)) } }
        return Row(
            "policies \(leaf) below \(intermediate), skip \(skip), critical \(critical)",
            Bench([end, issuer.certificate, StandardChains.root.certificate]), lines: lines)
    }

    static let known =
        "policy_constraints_critical@intermediate no critical policyConstraints|policyConstraints critical"
    static let holding = "a policy that holds over the whole path"
    static let policies: [Row] = [
        policy(
            [], intermediate: [], known,
            "explicit_policy_unmet@intermediate \(holding)|no policies in the end entity"
        ),
        policy(
            ["1.2.3.4"], intermediate: ["1.2.3.5"], known,
            "explicit_policy_unmet@intermediate \(holding)|1.2.3.4"),
        policy(["1.2.3.4"], intermediate: ["1.2.3.4"], known),
        policy(["1.2.3.4"], intermediate: ["2.5.29.32.0"], known),
        policy([], skip: 5, intermediate: [], known),
        policy(
            [], intermediate: [], critical: false,
            "explicit_policy_unmet@intermediate \(holding)|no policies in the end entity"
        ),
        // The anchor's own constraints are no input of path validation.
        Row("at the anchor", .anchor { $0.add(.policyConstraints(requireExplicitPolicy: 0)) }),
        Row(
            "malformed",
            .intermediate {
                $0.add(ExtensionSpec(oid: ExtensionOID.policyConstraints, critical: true, value: [4]))
            },
            known),
    ]

    // MARK: forms

    static func serial(_ octets: [UInt8], _ reasons: String...) -> Row {
        Row(
            "serial \(Hex.encode(octets))", .leaf { $0.serial = octets },
            lines: reasons.map { "\($0)@leaf 1 to 20 octets, positive|\(Hex.encode(octets))" })
    }

    static let long = [UInt8](repeating: 0, count: 20)
    static let serials: [Row] = [
        serial([1]), serial([0x7F]), serial([0], "serial_zero"), serial([0xFF], "serial_negative"),
        serial([0x80], "serial_negative"), serial([1] + long, "serial_too_long"),
        serial([0xFF] + long, "serial_negative", "serial_too_long"),
        Row(
            "anchor, zero", .anchor { $0.serial = [0] },
            "serial_zero@anchor 1 to 20 octets, positive|00"),
        Row(
            "intermediate, negative", .intermediate { $0.serial = [0xFE] },
            "serial_negative@intermediate 1 to 20 octets, positive|fe"),
    ]

    static let authorities: [Row] = [
        Row(
            "anchor without basicConstraints", .anchor { $0.remove(ExtensionOID.basicConstraints) },
            "basic_constraints_absent@anchor basicConstraints with cA TRUE|-"),
        Row(
            "anchor of version 1",
            .anchor {
                $0.version = 1
                $0.extensions = []
            }),
        Row(
            "anchor with cA FALSE", .anchor { $0.replace(.basicConstraints(ca: false)) },
            "ca_false@anchor cA TRUE|cA FALSE"),
        Row(
            "intermediate with cA FALSE", .intermediate { $0.replace(.basicConstraints(ca: false)) },
            "ca_false@intermediate cA TRUE|cA FALSE"),
        // profile.basic_constraints says it in the webpki profile.
        Row("leaf with cA TRUE", .leaf { $0.replace(.basicConstraints(ca: true)) }),
        Row(
            "leaf with cA TRUE, rfc5280",
            Bench.leaf { $0.replace(.basicConstraints(ca: true)) }.with { $0.profile = .rfc5280 },
            "end_entity_is_ca@leaf cA FALSE|cA TRUE"),
        Row(
            "empty subject, names not critical", .leaf { $0.subject = .empty },
            "san_not_critical@leaf critical|not critical"),
        Row(
            "empty subject, names critical",
            .leaf {
                $0.subject = .empty
                $0.replace(.subjectAltName([.dns(StandardChains.host)], critical: true))
            }),
    ]

    static let anchors: [Row] = [
        Row(
            "intermediate as anchor",
            Bench([
                StandardChains.intermediate.leaf(StandardChains.host),
                StandardChains.intermediate.certificate,
            ]),
            "anchor_not_self_issued@anchor its own issuer|\(rootName)"),
        Row(
            "end entity as anchor", Bench([StandardChains.intermediate.leaf(StandardChains.host)]),
            "anchor_is_end_entity@leaf an issuer that is the anchor|CN=\(StandardChains.host)",
            "anchor_not_self_issued@anchor its own issuer|\(intermediateName)"),
        Row(
            "no anchor at all",
            Bench([StandardChains.intermediate.leaf(StandardChains.host)]).with { $0.end = .issuerAbsent }),
        Row(
            "leaf names another key",
            .leaf { $0.replace(.authorityKeyIdentifier([1, 2, 3])) },
            "authority_key_mismatch@leaf \(intermediateKey)|010203"),
        Row(
            "leaf names another certificate",
            .leaf {
                $0.replace(
                    .authorityKeyIdentifier(
                        StandardChains.intermediate.key.identifier, issuer: "Stranger", serial: [7]))
            },
            "authority_issuer_mismatch@leaf \(authority)|another issuer and serial"
        ),
    ]

    static let rootName = "CN=Catenary Test Root"
    static let intermediateName = "CN=Catenary Test Intermediate"
    static let intermediateSerial = Hex.encode(StandardChains.intermediate.certificate.serial)
    static let authority = "\(rootName), serial \(intermediateSerial)"
    static let intermediateKey = Hex.encode(StandardChains.intermediate.key.identifier)

    static func constrained(
        _ names: [GeneralNameSpec], permitted: [GeneralNameSpec] = [], excluded: [GeneralNameSpec] = [],
        _ lines: String...
    ) -> Row {
        let issuer = StandardChains.root.intermediate("Constrained") {
            $0.add(.nameConstraints(permitted: permitted, excluded: excluded))
        }
        let leaf = issuer.leaf(names: ["a.example.com"]) { $0.replace(.subjectAltName(names)) }
        return Row(
            "\(names) within \(permitted), not \(excluded)",
            Bench([leaf, issuer.certificate, StandardChains.root.certificate]), lines: lines)
    }

    static let constraints: [Row] = [
        constrained(
            [.dns("*.example.com")], excluded: [.dns("A.example.com")],
            "wildcard_covers_excluded@leaf nothing that may stand for A.example.com|*.example.com"),
        constrained([.dns("*.example.com")], excluded: [.dns("a.b.example.com")]),
        constrained([.dns("*.example.com")], excluded: [.dns("")]),
        constrained([.dns("*.example.com")], excluded: [.dns(".example.com")]),
        constrained([.dns("b.example.com")], excluded: [.dns("a.example.com")]),
        constrained(
            [.dns("a.example.com"), .ip("192.0.2.1")], permitted: [.dns("example.com")],
            "address_unconstrained@leaf a permitted subtree of addresses|192.0.2.1"),
        constrained([.ip("192.0.2.1")], permitted: [.dns("example.com"), .ip("192.0.2.0/24")]),
        constrained([.ip("192.0.2.1")], excluded: [.dns("example.com")]),
        Row(
            "the anchor's constraints",
            {
                let root = Fixtures.Authority.root("Constrained Root") {
                    $0.add(.nameConstraints(excluded: [.dns("a.example.com")]))
                }
                return Bench([root.leaf("*.example.com"), root.certificate])
            }(), "wildcard_covers_excluded@anchor nothing that may stand for a.example.com|*.example.com"),
    ]

    static let times: [Row] = [
        Row(
            "last second", Bench.leaf { $0.notAfter = "2026-07-01" },
            "validity_ends_now@leaf a notAfter later than \(now)|notAfter \(now)"),
        Row("a second later", Bench.leaf { $0.notAfter = "2026-07-01T00:00:01Z" }),
        Row(
            "GeneralizedTime before 2050",
            Bench.leaf { $0.notAfter = .generalized("20261128000000Z") },
            "time_generalized@leaf UTCTime before 2050|GeneralizedTime 2026-11-28T00:00:00Z"),
        Row("GeneralizedTime from 2050 on", Bench.anchor { $0.notAfter = .generalized("20500101000000Z") }),
        Row("malformed time", Bench.leaf { $0.notAfter = .generalized("2026112800Z") }),
    ]

    /// Nothing here may stop a process or be taken for a finding.
    static let badInput: [Row] = [
        Row("no names", .leaf { $0.replace(.subjectAltName([])) }),
        Row(
            "names undecodable",
            .leaf { $0.replace(ExtensionSpec(oid: ExtensionOID.subjectAltName, value: [4, 0])) }),
        Row(
            "purposes undecodable",
            .leaf { $0.replace(ExtensionSpec(oid: ExtensionOID.extendedKeyUsage, value: [4, 0])) }),
        Row(
            "constraints undecodable",
            .intermediate {
                $0.add(ExtensionSpec(oid: ExtensionOID.nameConstraints, critical: true, value: [4, 0]))
            }),
        Row("NUL in a name", asked("www.example.com", [.dns("*.co\0.uk"), .dns("www.example.com")])),
        Row("notAfter before notBefore", .leaf { $0.notBefore = "2027-01-01" }, isPublic: true),
    ]
}
