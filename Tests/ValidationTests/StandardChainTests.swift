import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// Every chain of the fixtures, judged with its own anchors: verdict, letter of the profile, and all
/// findings, the primary one first, as `check reason place number`.
@Suite struct StandardChainTests {
    struct Row {
        let verdict: Verdict
        let conforms: Bool?
        let findings: [String]

        init(_ verdict: Verdict, _ conforms: Bool?, _ findings: String...) {
            (self.verdict, self.conforms, self.findings) = (verdict, conforms, findings)
        }

        /// The path is refused: no store answered true, so nothing is said of the profile.
        static func refused(_ findings: String...) -> Row { Row(.untrusted, nil, findings) }
        /// Trusted, the profile is not obeyed.
        static func loose(_ findings: String...) -> Row { Row(.trusted, false, findings) }
        /// Nothing that decides anything.
        static func sound(_ findings: String...) -> Row { Row(.trusted, true, findings) }

        private init(_ verdict: Verdict, _ conforms: Bool?, _ findings: [String]) {
            (self.verdict, self.conforms, self.findings) = (verdict, conforms, findings)
        }
    }

    static let rows: [String: Row] = [
        // Nothing is wrong.
        "good": .sound(), "goodRSA": .sound(), "goodPSS": .sound(), "goodEd25519": .sound(),
        "wildcard": .sound(),
        "ipLeaf": .sound(), "idnLeaf": .sound(), "partialChain": .sound(), "mustStaple": .sound(),
        "longLeaf": .sound(), "publicSuffixWildcard": .sound(),
        // How the chain is put together.
        "selfSigned": .refused("anchor.found self_signed leaf 18"),
        "missingIntermediate": .refused("path.issuer issuer_absent leaf 20", "chain.complete ?issuer_absent"),
        "untrustedRoot": .refused(
            "anchor.found issuer_found_untrusted intermediate 19", "chain.anchor_sent anchor_sent"),
        "wrongOrder": .sound("chain.order out_of_order"),
        "duplicateSent": .sound("chain.duplicate duplicate_sent"),
        "unrelatedSent": .sound("chain.unrelated unrelated_sent"),
        "anchorSent": .sound("chain.anchor_sent anchor_sent"),
        "twoIntermediatesSameNameOtherKey": .sound("chain.unrelated unrelated_sent"),
        "keyIdentifierMismatch": .refused("client.key_identifier key_identifier_mismatch leaf 30"),
        // The expired cross-sign stands in a path of its own and wakes nobody.
        "crossSignedExpired": .sound(),
        "crossSignedLoop": .sound("chain.unrelated unrelated_sent"),
        "issuerNameMismatch": .refused(
            "path.issuer issuer_absent leaf 20", "chain.complete ?issuer_absent",
            "chain.unrelated unrelated_sent"),
        // Dates: never "untrusted anchor".
        "expiredLeaf": .refused("time.leaf validity_ended leaf 10"),
        "notYetValidLeaf": .refused("time.leaf validity_not_started leaf 9"),
        "expiredIntermediate": .refused(
            "time.issuer validity_ended intermediate 10", "path.issuer issuer_found_expired leaf 10"),
        "notYetValidIntermediate": .refused("time.issuer validity_not_started intermediate 9"),
        "expiredRoot": .refused("anchor.validity validity_ended anchor 10"),
        "reversedValidity": .refused(
            "time.leaf validity_not_started leaf 9", "time.leaf validity_ended leaf 10"),
        // Signatures.
        "badSignature": .refused("path.signature issuer_found_signature_bad leaf 7"),
        "strangersSignature": .refused("path.signature issuer_found_signature_bad leaf 7"),
        "badIntermediateSignature": .refused("path.signature issuer_found_signature_bad intermediate 7"),
        "movedGenerator": .refused(
            "path.signature issuer_found_signature_bad leaf 7", "chain.anchor_sent anchor_sent"),
        "algorithmMismatch": .refused("path.signature algorithm_mismatch leaf 78"),
        // What the issuers may do.
        "caFalseIntermediate": .refused(
            "path.basic_constraints not_a_ca intermediate 79",
            "profile.basic_constraints basic_constraints_invalid intermediate 82"),
        "noBasicConstraintsIntermediate": .refused(
            "path.basic_constraints not_a_ca intermediate 79",
            "profile.basic_constraints basic_constraints_invalid intermediate 82"),
        "version1Intermediate": .refused(
            "path.basic_constraints not_a_ca intermediate 79",
            "profile.version version_too_low intermediate"),
        "noKeyCertSign": .refused("path.key_usage key_cert_sign_absent intermediate 79"),
        "pathLenExceeded": .refused("path.length path_length_exceeded intermediate 25"),
        "clientAuthOnlyIntermediate": .refused("path.eku purpose_not_allowed intermediate 26"),
        "nameConstraintExcluded": .refused("path.name_constraints name_excluded leaf 48"),
        "nameConstraintNotPermitted": .refused("path.name_constraints name_not_permitted leaf 47"),
        "nameConstraintAddressExcluded": .refused("path.name_constraints name_excluded leaf 48"),
        "nameConstraintDirectoryExcluded": .refused("path.name_constraints name_excluded leaf 48"),
        "nameConstraintWildcardExcluded": .refused("path.name_constraints name_excluded leaf 48"),
        // Keys and digests.
        "sha1Intermediate": .refused("path.algorithm digest_too_weak intermediate 68"),
        "sha1Leaf": .refused("path.algorithm digest_too_weak leaf 68"),
        "md5Leaf": .refused("path.algorithm digest_too_weak leaf 68"),
        "rsa1024Intermediate": .refused(
            "path.algorithm key_too_small intermediate 67", "profile.key key_not_allowed intermediate"),
        "rsa1024Leaf": .refused("path.algorithm key_too_small leaf 66", "profile.key key_not_allowed leaf"),
        "weakCurve": .refused("path.algorithm key_too_small leaf 66", "profile.key key_not_allowed leaf"),
        "dsaLeaf": .refused("path.algorithm key_too_small leaf 66", "profile.key key_not_allowed leaf"),
        "shortCurve": .loose("profile.key key_not_allowed leaf"),
        "oddCurve": .loose("profile.key key_not_allowed leaf"),
        "mlDSALeaf": Row(
            .indeterminate, nil, "path.algorithm ?algorithm_unknown leaf 66",
            "path.key_usable ?algorithm_unknown leaf 6"),
        "exponentOne": .refused("path.key_usable key_exponent_unusable intermediate"),
        "evenExponent": .refused("path.key_usable key_exponent_unusable leaf"),
        "explicitECParameters": .refused(
            "path.key_usable key_parameters_explicit intermediate 94",
            "profile.key key_not_allowed intermediate"),
        "pointOffCurve": .refused("path.key_usable key_undecodable leaf 6"),
        // Whose certificate it is, and for what.
        "wrongHost": .refused("name.match name_mismatch leaf 62"),
        "addressAsDNSName": .refused("name.match name_mismatch leaf 64"),
        "wildcardTwoLabels": .refused("name.match name_mismatch leaf 62"),
        "partialWildcard": .refused("name.match name_mismatch leaf 62", "profile.names name_syntax leaf"),
        "wildcardForApex": .refused("name.match name_mismatch leaf 62"),
        "noSAN": .refused("name.match names_absent leaf 62", "profile.names san_absent leaf"),
        "clientAuthOnlyLeaf": .refused("path.eku purpose_not_allowed leaf 26"),
        "anyPurposeLeaf": .refused("path.eku purpose_not_allowed leaf 26", "profile.eku eku_any leaf"),
        "noPurposeLeaf": .loose("profile.eku eku_absent leaf"),
        // Forms.
        "emptySubjectPlainSAN": .loose("profile.names san_criticality leaf 88"),
        "unknownCriticalExtension": .refused("path.critical_extension critical_extension_unknown leaf 34"),
        "precertificate": .refused("path.critical_extension critical_extension_unknown leaf 34"),
        "duplicateExtension": .refused(
            "path.critical_extension extension_malformed leaf 41",
            "profile.extensions extension_malformed leaf"),
        "malformedExtendedKeyUsage": .refused("path.critical_extension extension_malformed leaf 41"),
        "negativeSerial": .loose("profile.serial serial_invalid leaf"),
        "zeroSerial": .loose("profile.serial serial_invalid leaf"),
        "longSerial": .loose("profile.serial serial_invalid leaf"),
        "caLeaf": .loose("profile.basic_constraints end_entity_is_ca leaf"),
        "version1Leaf": .refused(
            "name.match names_absent leaf 62", "profile.eku eku_absent leaf", "profile.names san_absent leaf",
            "profile.version version_too_low leaf"),
    ]

    @Test(arguments: StandardChains.all) func verdict(_ chain: StandardChain) throws {
        let row = try #require(Self.rows[chain.id])
        let report = try Asking(chain).report()
        #expect(report.verdict == row.verdict)
        #expect(report.conforms == row.conforms)
        #expect(report.shorts == row.findings)
        #expect(report.leaf == chain.presented[0].sha256)
        #expect(report.stores.map(\.name) == ["corp"])
        let trusted: Bool? = row.verdict == .indeterminate ? nil : row.verdict == .trusted
        #expect(report.stores[0].trusted == trusted)
        // A store that does not say true says why, with the certificate; one that does has nothing against
        // it.
        #expect(report.stores[0].reasons.isEmpty == (trusted == true))
        #expect(report.stores[0].reasons.allSatisfy { $0.certificate != nil })
    }

    @Test func everyRowHasItsChain() {
        #expect(Set(Self.rows.keys).subtracting(StandardChains.all.map(\.id)) == [])
    }

    /// Sentence, severity, reference and place of every finding are there, and an error is critical.
    @Test(arguments: StandardChains.all) func findingsAreWhole(_ chain: StandardChain) throws {
        let report = try Asking(chain).report()
        for finding in report.findings {
            #expect(!finding.message.isEmpty && !finding.reference.isEmpty)
            #expect(!finding.message.contains("{it}") && !finding.message.contains("_"), "\(finding.message)")
            if finding.kind == .path || finding.kind == .profile {
                #expect(finding.certificate != nil && finding.place != nil && finding.path != nil)
            }
            if finding.status == .notEstablished { #expect(finding.severity == .info) }
        }
        let worst = report.findings.filter { $0.status == .failed }.map(\.severity).max()
        if worst == .error { #expect(report.state == .critical) }
        if report.verdict != .trusted { #expect(report.state >= .unknown) }
    }

    /// Both sides of the comparison: (chain, check, expected, presented).
    static let evidence: [(String, CheckID, String?, String?)] = [
        ("expiredLeaf", .timeLeaf, "valid at 2026-07-01T00:00:00Z", "notAfter 2026-06-30T00:00:00Z"),
        ("notYetValidLeaf", .timeLeaf, "valid at 2026-07-01T00:00:00Z", "notBefore 2026-07-02T00:00:00Z"),
        (
            "expiredIntermediate", .timeIssuer, "valid at 2026-07-01T00:00:00Z",
            "notAfter 2026-06-01T00:00:00Z"
        ),
        ("expiredRoot", .anchorValidity, "valid at 2026-07-01T00:00:00Z", "notAfter 2026-06-01T00:00:00Z"),
        ("wrongHost", .nameMatch, "www.example.com", "other.example.net"),
        ("noSAN", .nameMatch, "www.example.com", "only CN=www.example.com"),
        ("addressAsDNSName", .nameMatch, "192.0.2.9", "192.0.2.9"),
        (
            "badSignature", .pathSignature, "a signature by Catenary Test Intermediate",
            "one that its key EC P-256 does not verify"
        ),
        ("missingIntermediate", .pathIssuer, "CN=Catenary Test Intermediate", nil),
        ("selfSigned", .anchorFound, nil, "CN=www.example.com"),
        ("untrustedRoot", .anchorFound, nil, "CN=Untrusted Root"),
        (
            "keyIdentifierMismatch", .clientKeyIdentifier,
            Hex.encode(StandardChains.intermediate.key.identifier), String(repeating: "ab", count: 20)
        ),
        ("evenExponent", .pathKeyUsable, "an odd modulus and an odd exponent of 3 or more", "exponent 0x02"),
        ("explicitECParameters", .pathKeyUsable, "a named curve", "explicit parameters"),
        (
            "nameConstraintWildcardExcluded", .pathNameConstraints, "not within www.example.com",
            "www.example.com"
        ),
        ("rsa1024Leaf", .pathAlgorithm, "a key of 112 bits of security, as RSA 2048 or P-256", "RSA 1024"),
        ("sha1Intermediate", .pathAlgorithm, "a digest such as SHA-256", "ECDSA-SHA1"),
        ("noKeyCertSign", .pathKeyUsage, "keyCertSign", "digitalSignature, cRLSign"),
        ("caFalseIntermediate", .pathBasicConstraints, "cA TRUE", "cA FALSE"),
        ("noBasicConstraintsIntermediate", .pathBasicConstraints, "cA TRUE", "no basicConstraints"),
        ("pathLenExceeded", .pathLength, "at most 0 intermediates below it", "1"),
        ("clientAuthOnlyLeaf", .pathEKU, "serverAuth", "clientAuth"),
        ("clientAuthOnlyIntermediate", .pathEKU, "serverAuth", "clientAuth"),
        ("anyPurposeLeaf", .pathEKU, "serverAuth", "any"),
        ("nameConstraintNotPermitted", .pathNameConstraints, "within example.org", "www.example.com"),
        (
            "nameConstraintAddressExcluded", .pathNameConstraints,
            "not within 192.0.2.0 mask 255.255.255.0", "192.0.2.7"
        ),
        (
            "nameConstraintDirectoryExcluded", .pathNameConstraints, "not within CN=www.example.com",
            "www.example.com"
        ),
        ("unknownCriticalExtension", .pathCriticalExtension, nil, "1.3.6.1.4.1.99999.1"),
        ("precertificate", .pathCriticalExtension, nil, "1.3.6.1.4.1.11129.2.4.3"),
        ("negativeSerial", .profileSerial, "1 to 20 octets, positive", "ff"),
        ("caLeaf", .profileBasicConstraints, "cA FALSE", "cA TRUE"),
        (
            "wrongOrder", .chainOrder,
            "www.example.com, Catenary Lower Intermediate, Catenary Test Intermediate",
            "www.example.com, Catenary Test Intermediate, Catenary Lower Intermediate"
        ),
        ("duplicateSent", .chainDuplicate, "once", "2 times"),
        ("unrelatedSent", .chainUnrelated, nil, "CN=Unrelated Intermediate"),
        ("anchorSent", .chainAnchorSent, nil, "CN=Catenary Test Root"),
        ("malformedExtendedKeyUsage", .pathCriticalExtension, nil, "2.5.29.37"),
    ]

    @Test func bothSides() throws {
        let chains = Dictionary(StandardChains.all.map { ($0.id, $0) }) { first, _ in first }
        for (id, check, expected, presented) in Self.evidence {
            let chain = try #require(chains[id])
            let finding = try #require(try Asking(chain).report().finding(check), "\(id)")
            #expect(finding.expected == expected, "\(id)")
            #expect(finding.presented == presented, "\(id)")
        }
    }

    /// A Time that RFC 5280 §4.1.2.5 forbids is malformed, not trusted, and shown as it stands.
    @Test(arguments: StandardChains.malformedTimes.map(\.time)) func malformedTime(_ time: EncodedTime) throws
    {
        let report = try Asking(StandardChains.malformedTime(time)).report()
        #expect(report.verdict == .untrusted)
        #expect(report.firstBreak == nil)
        guard time != .raw([0x02, 0x01, 0x00]) else {
            // An INTEGER is no certificate at all.
            #expect(report.shorts == ["input.certificate certificate_undecodable"])
            return
        }
        #expect(report.shorts == ["time.leaf time_malformed leaf 14"])
        let text =
            switch time {
            case .utc(let text), .generalized(let text): text
            case .instant, .raw: ""
            }
        #expect(report.finding(.timeLeaf)?.presented == text)
    }

    /// Unchecked is not passed: each check once, and none that failed or was not looked at among the passed.
    @Test(arguments: StandardChains.all) func checksAreCountedOnce(_ chain: StandardChain) throws {
        let report = try Asking(chain).with { $0.options.include = [.checks] }.report()
        let decided = report.checks.list.filter { $0.reason == nil }.map(\.check)
        #expect(Set(decided).count == decided.count)
        #expect(Set(decided).isDisjoint(with: report.findings.map(\.check)))
        #expect(report.checks.list.count { $0.status == .passed } == report.checks.passed)
        #expect(report.checks.list.count { $0.status == .notApplicable } == report.checks.notApplicable)
        // Nobody asked for policies.
        #expect(report.checks.list.contains { $0.check == .pathPolicy && $0.status == .notApplicable })
    }

    /// A path too dear to judge: what libcrypto would have decided is not established.
    @Test func notJudged() throws {
        let chain = StandardChains.nameConstraintNotPermitted()
        let report = try Asking(chain).with {
            $0.options.include = [.checks]
            $0.budget.nameComparisons = 1
        }.report()
        #expect(report.verdict == .indeterminate)
        #expect(report.findings.contains { $0.short == "path.budget ?name_constraints_exhausted leaf" })
        for id in [CheckID.pathEKU, .pathLength, .pathKeyUsage, .pathBasicConstraints, .pathAlgorithm] {
            #expect(report.checks.list.filter { $0.check == id }.map(\.status) == [.notEstablished], "\(id)")
        }
    }

    /// The private PKI's profile asks neither for SAN nor EKU; the purpose is only looked at when one is
    /// asked for.
    @Test func profilesAndPurposes() throws {
        func asked(_ chain: StandardChain, _ profile: Profile, _ purpose: Purpose) throws -> [String] {
            try Asking(chain).with {
                $0.options.profile = profile
                $0.options.purpose = purpose
                $0.names = []
            }.report().shorts
        }
        #expect(try asked(StandardChains.noSAN(), .rfc5280, .server) == [])
        #expect(try asked(StandardChains.noPurposeLeaf(), .rfc5280, .server) == [])
        #expect(try asked(StandardChains.negativeSerial(), .rfc5280, .server) == [])
        #expect(try asked(StandardChains.caLeaf(), .rfc5280, .server) == [])
        #expect(try asked(StandardChains.clientAuthOnlyLeaf(), .webpki, .client) == [])
        #expect(try asked(StandardChains.clientAuthOnlyLeaf(), .rfc5280, .any) == [])
        #expect(
            try asked(StandardChains.good(), .webpki, .client) == ["path.eku purpose_not_allowed leaf 26"])
        // In every profile.
        #expect(
            try asked(StandardChains.malformedExtendedKeyUsage(), .rfc5280, .any)
                == ["path.critical_extension extension_malformed leaf 41"])
        #expect(
            try asked(StandardChains.exponentOne(), .rfc5280, .any)
                == ["path.key_usable key_exponent_unusable intermediate"])
    }
}
