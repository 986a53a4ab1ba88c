import Certificates
import Fixtures
import Reports
import Testing

@testable import Checks

/// Every id and every reason that a report can hold is explained.
@Suite struct CatalogueEntriesTests {
    @Test func everyCheckHasOneEntryInTheOrderOfTheIDs() {
        #expect(Catalogue.entries.map(\.id) == CheckID.allCases)
    }

    @Test(arguments: Catalogue.entries) func entry(_ entry: CatalogueEntry) throws {
        #expect(
            entry.title.count > 10 && entry.title.first?.isUppercase == true && entry.title.last != ".",
            "\(entry.id)")
        #expect(entry.reference.count > 5)
        #expect(!entry.reasons.isEmpty)
        #expect(Set(entry.reasons.map(\.reason)).count == entry.reasons.count, "\(entry.id): a reason twice")
        for explained in entry.reasons {
            let text = try #require(ReasonText.table[explained.reason])
            #expect(explained.fix == text.fix)
            #expect(explained.meaning == text.meaning.replacing("{it}", with: "the certificate"))
            #expect(!explained.meaning.contains("{"))
        }
        if let check = Catalogue.check(entry.id) {
            #expect(entry.title == check.title && entry.kind == check.kind)
            #expect(entry.severity == check.severity && entry.reference == check.reference.description)
            // What libcrypto alone decides stays open when it did not come that far.
            #expect((check.evaluate == nil) == entry.reasons.contains { $0.reason == .notEstablished })
        }
    }

    /// Not to be mended, or mended by what the finding itself names.
    static let withoutFix: Set<Reason> = [
        .clientCertificateRequested, .clientCertificateRequired, .clientCertificatePresented, .variantRefused,
        .trustedElsewhere, .storeStale, .unspecified,
        .crlAbsent, .notAsked, .notEstablished, .sctLogUnknown, .ctListStale,
        .constraintsUnknown, .conditionUnknown, .notTrustedNow, .preloadUnknown, .aiaExhausted,
    ]

    @Test(arguments: Reason.allCases) func everyReasonIsOfACheck(_ reason: Reason) throws {
        let explained = try #require(
            Catalogue.entries.flatMap(\.reasons).first { $0.reason == reason }, "no check has \(reason)")
        #expect(explained.meaning.count > 10)
        #expect((explained.fix == nil) == Self.withoutFix.contains(reason), "\(reason)")
    }

    /// DESIGN's fixed ids as far as they exist, with the severity where it is not error.
    static let fixed: [(ids: [CheckID], severity: Severity, kind: Kind)] = [
        (
            [
                .inputTarget, .inputStores, .netResolve, .netConnect, .netHandshake, .netStartTLS, .netEgress,
                .netProxy,
            ],
            .error,
            .presentation
        ),
        ([.tlsVersion, .tlsSecurityLevel, .fleetPresentation], .warning, .presentation),
        ([.tlsClientCertificate, .fleetVariants], .info, .presentation),
        ([.chainComplete, .chainServes, .chainKey], .error, .presentation),
        ([.chainAIA, .chainOrder, .chainDuplicate, .chainUnrelated, .chainAnchorSent], .info, .presentation),
        (
            [
                .pathSignature, .pathIssuer, .pathKeyUsable, .pathAlgorithm, .pathKeyUsage,
                .pathBasicConstraints, .pathLength, .pathNameConstraints, .pathEKU, .pathCriticalExtension,
                .pathPolicy, .pathBudget, .timeLeaf, .timeIssuer, .nameMatch, .anchorFound,
                .revocationStatus,
            ], .error, .path
        ),
        ([.anchorValidity, .ctPolicy], .error, .client),
        (CheckID.allCases.filter { $0.rawValue.hasPrefix("client.") }, .error, .client),
        ([.anchorOtherStore, .anchorStoreStale], .info, .client),
        ([.anchorDistrusted, .revocationBlocked], .error, .client),
        ([.renewalRefused], .warning, .presentation),
        (CheckID.allCases.filter { $0.rawValue.hasPrefix("profile.") }, .warning, .profile),
    ]

    @Test func severitiesAreThoseOfTheDesign() throws {
        for (ids, severity, kind) in Self.fixed {
            for id in ids {
                let entry = try #require(Catalogue.entries.first { $0.id == id })
                #expect(entry.severity == severity && entry.kind == kind, "\(id)")
            }
        }
        // `input.certificate` is ours, not DESIGN's.
        #expect(Set(Self.fixed.flatMap(\.ids)) == Set(CheckID.allCases).subtracting([.inputCertificate]))
    }

    /// Whatever libcrypto says is among the reasons of the check that says it.
    @Test(arguments: 1...LibcryptoTable.highest) func libcryptosReasonsAreListed(_ code: Int32) throws {
        for fixture in LibcryptoTableTests.certificates {
            let certificate = try Certificate.parse(der: fixture.der)
            for place in [Place.leaf, .intermediate, .anchor] {
                let meaning = LibcryptoTable.meaning(
                    of: code, certificate: certificate, place: place, purpose: .server)
                guard case .finding(let id, let reason, _) = meaning else { continue }
                #expect(
                    !Catalogue.entries(of: "\(id.rawValue)/\(reason.rawValue)").isEmpty, "\(id) \(reason)")
            }
        }
    }
}

/// Codes as people type them.
@Suite struct CodeTests {
    @Test func aCheck() throws {
        let entry = try #require(Catalogue.entries(of: "path.issuer").first)
        #expect(entry.id == .pathIssuer)
        #expect(
            entry.reasons.map(\.reason)
                == [.issuerAbsent, .issuerFoundExpired, .issuerNameMismatch, .pathNotFollowed])
        #expect(Catalogue.entries(of: "path.issuer").count == 1)
    }

    @Test func aReason() {
        let entries = Catalogue.entries(of: "validity_ended")
        #expect(entries.map(\.id) == [.timeLeaf, .timeIssuer, .anchorValidity, .renewalRefused])
        #expect(entries.allSatisfy { $0.reasons.map(\.reason) == [.validityEnded] })
    }

    @Test func both() {
        let entries = Catalogue.entries(of: "time.issuer/validity_ended")
        #expect(entries.map(\.id) == [.timeIssuer])
        #expect(entries.first?.reasons.map(\.reason) == [.validityEnded])
    }

    @Test(arguments: [
        "", "/", "path.issuer/", "/validity_ended", "path.issuer/validity_ended", "path", "Path.Issuer",
        "validity_ended/time.leaf", "time.leaf/validity_ended/",
    ]) func none(_ code: String) {
        #expect(Catalogue.entries(of: code) == [])
        #expect(Catalogue.nearest(to: code).count == 3)
    }

    static let near = [
        ("path.isuer", "path.issuer"), ("PATH.ISSUER", "path.issuer"), ("expired", "issuer_found_expired"),
        ("validity_endd", "validity_ended"), ("time.leaf/validity_over", "time.leaf/validity_ended"),
        (String(repeating: "x", count: 100_000), "input.target"),
    ]
    @Test(arguments: near) func nearest(_ code: String, _ expected: String) {
        let near = Catalogue.nearest(to: code)
        if code.count < 100 { #expect(near.first == expected) }
        #expect(near.count == 3 && Set(near).count == 3)
    }
}
