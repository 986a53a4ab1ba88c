import COpenSSL
import Certificates
import Fixtures
import Reports
import Testing

@testable import Checks

/// The catalogue, the prose and libcrypto's table are whole.
@Suite struct CatalogueTests {
    @Test(arguments: Catalogue.all.map(\.id)) func everyCheckIsDescribed(_ id: CheckID) throws {
        let check = try #require(Catalogue.check(id))
        #expect(check.title.count > 10 && check.title.first?.isUppercase == true && check.title.last != ".")
        #expect(check.reference.description.count > 5)
        #expect(!check.profiles.isEmpty)
        // The group says the kind: profile checks live in `profile`, client checks in `client`, `ct`,
        // `anchor`.
        let group = id.rawValue.prefix { $0 != "." }
        #expect((check.kind == .profile) == (group == "profile"))
        if check.kind == .client { #expect(["client", "ct", "anchor"].contains(group)) }
        #expect(check.severity == (check.kind == .profile ? .warning : .error))
    }

    /// Ids are `group.rule` in snake_case, and so are reasons.
    @Test func codes() {
        for id in CheckID.allCases {
            let parts = id.rawValue.split(separator: ".")
            #expect(parts.count == 2 && parts.allSatisfy(isSnake), "\(id)")
        }
        for reason in Reason.allCases { #expect(isSnake(reason.rawValue[...]), "\(reason)") }
    }

    private func isSnake(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    @Test func everyReasonHasItsProse() {
        let lacking = Reason.allCases.filter { ReasonText.table[$0] == nil }
        #expect(lacking == [])
    }

    @Test(arguments: Reason.allCases) func prose(_ reason: Reason) {
        let text = ReasonText.of(reason)
        #expect(text.meaning.count > 5 && !text.meaning.hasSuffix("."))
        if let fix = text.fix { #expect(fix.text.count > 5 && !fix.text.hasSuffix(".")) }
        let message = text.message("Some CA", expected: "a", presented: "b")
        #expect(message.hasSuffix("(expected a; presented: b)"))
        #expect(!message.contains("{it}"))
        #expect(
            text.message("x", expected: nil, presented: nil) == text.meaning.replacing("{it}", with: "“x”"))
    }
}

@Suite struct LibcryptoTableTests {
    static let certificates = [
        StandardChains.good().presented[0], StandardChains.good().presented[1],
        StandardChains.mlDSALeaf().presented[0],
        StandardChains.pointOffCurve().presented[0], StandardChains.caFalseIntermediate().presented[1],
        StandardChains.version1Leaf().presented[0], StandardChains.clientAuthOnlyLeaf().presented[0],
        StandardChains.malformedExtendedKeyUsage().presented[0], StandardChains.goodPSS().presented[0],
    ]

    /// Every number of the linked OpenSSL has one meaning, and each meaning is a check that exists.
    @Test(arguments: 1...LibcryptoTable.highest) func isTotal(_ code: Int32) throws {
        let native = LibcryptoTable.native(code)
        #expect(native.code == code)
        #expect(native.name == LibcryptoErrors.names[code])
        #expect(native.name.hasPrefix("X509_V_ERR_"))
        for fixture in Self.certificates {
            let certificate = try Certificate.parse(der: fixture.der)
            for place in [Place.leaf, .intermediate, .anchor] {
                for purpose in Purpose.allCases {
                    let meaning = LibcryptoTable.meaning(
                        of: code, certificate: certificate, place: place, purpose: purpose)
                    guard case .finding(let id, let reason, let status) = meaning else { continue }
                    #expect(Catalogue.check(id) != nil || id == .revocationStatus, "\(code): \(id)")
                    #expect(ReasonText.table[reason] != nil)
                    #expect(status == .failed || status == .notEstablished)
                    // Nothing that libcrypto did not decide is a failure.
                    if reason == .unspecified || reason == .algorithmUnknown {
                        #expect(status == .notEstablished)
                    }
                }
            }
        }
    }

    /// The linked OpenSSL knows no number that the table does not: it has no sentence for those above.
    @Test func knowsNoMore() {
        let unknown = sentence(1_000)
        #expect(unknown != sentence(1))
        for code in 1...LibcryptoTable.highest {
            #expect(sentence(code) != unknown, "\(code)")
            #expect(LibcryptoErrors.names[code] != nil)
        }
        for code in LibcryptoTable.highest + 1..<300 { #expect(sentence(code) == unknown, "\(code)") }
        #expect(LibcryptoErrors.names.count == Int(LibcryptoTable.highest))
    }

    private func sentence(_ code: Int32) -> String {
        X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? ""
    }

    /// One number is not one reason.
    @Test func whatDependsOnTheCertificate() throws {
        func meaning(_ code: Int32, _ chain: StandardChain, _ depth: Int = 0, _ purpose: Purpose = .server)
            throws
            -> LibcryptoTable.Meaning
        {
            LibcryptoTable.meaning(
                of: code, certificate: try Certificate.parse(der: chain.presented[depth].der),
                place: depth == 0 ? .leaf : .intermediate, purpose: purpose)
        }
        // 66: short, or not decodable, or of an unknown kind.
        #expect(
            try meaning(66, StandardChains.rsa1024Leaf()) == .finding(.pathAlgorithm, .keyTooSmall, .failed))
        #expect(try meaning(66, StandardChains.pointOffCurve()) == .saidElsewhere)
        #expect(
            try meaning(66, StandardChains.mlDSALeaf())
                == .finding(.pathAlgorithm, .algorithmUnknown, .notEstablished))
        // 68: a weak digest, or an unknown algorithm.
        #expect(
            try meaning(68, StandardChains.sha1Leaf()) == .finding(.pathAlgorithm, .digestTooWeak, .failed))
        let signer = Fixtures.Authority.root("PQ", key: .pool(.mlDSA44, 0))
        let leaf = try Certificate.parse(der: signer.leaf("a.test").der)
        #expect(
            LibcryptoTable.meaning(of: 68, certificate: leaf, place: .leaf, purpose: .server)
                == .finding(.pathAlgorithm, .algorithmUnknown, .notEstablished))
        // 26: the extended key usage, the key usage, or no CA at all.
        #expect(
            try meaning(26, StandardChains.clientAuthOnlyLeaf())
                == .finding(.pathEKU, .purposeNotAllowed, .failed))
        #expect(
            try meaning(26, StandardChains.good()) == .finding(.pathKeyUsage, .keyUsageUnsuitable, .failed))
        #expect(try meaning(26, StandardChains.caFalseIntermediate(), 1) == .saidElsewhere)
        #expect(
            try meaning(26, StandardChains.clientAuthOnlyIntermediate(), 1)
                == .finding(.pathEKU, .purposeNotAllowed, .failed))
        // 79: no CA, or a CA that may not sign certificates.
        #expect(
            try meaning(79, StandardChains.caFalseIntermediate(), 1)
                == .finding(.pathBasicConstraints, .notACA, .failed))
        #expect(
            try meaning(79, StandardChains.noKeyCertSign(), 1)
                == .finding(.pathKeyUsage, .keyCertSignAbsent, .failed))
        // A number of a later OpenSSL.
        #expect(
            try meaning(250, StandardChains.good()) == .finding(.pathBudget, .unspecified, .notEstablished))
        #expect(LibcryptoTable.native(250).name == "X509_V_ERR_250")
    }
}
