import Fixtures
import Testing

@testable import Checks

/// What of an anchor counts, and where.
@Suite struct AnchorFormTests {
    static let mismatch = "key_identifier_mismatch"

    /// A self-issued anchor is its own issuer, and its authority key identifier names itself.
    @Test func theAnchorsOwnKeyIdentifier() throws {
        func found(_ change: @escaping Authority.Change) throws -> [String]? {
            let root = Authority.root("AKI Root", change)
            return Check.keyIdentifier.failures(try context([root.leaf("a.example"), root.certificate]))
        }
        let key = Authority.root("AKI Root").key.identifier
        #expect(try found { _ in } == [])
        #expect(try found { $0.add(.authorityKeyIdentifier(key)) } == [])
        // As `openssl ca` writes it: issuer and serial, its own.
        #expect(
            try found {
                $0.serial = [0x01]
                $0.add(.authorityKeyIdentifier(key, issuer: "AKI Root", serial: [0x01]))
            } == [])
        // Another key, another issuer, another serial number.
        #expect(try found { $0.add(.authorityKeyIdentifier([1, 2, 3])) } == ["\(Self.mismatch)@1"])
        #expect(
            try found {
                $0.serial = [0x01]
                $0.add(.authorityKeyIdentifier(key, issuer: "Someone Else", serial: [0x01]))
            } == ["\(Self.mismatch)@1"])
        #expect(
            try found {
                $0.serial = [0x01]
                $0.add(.authorityKeyIdentifier(key, issuer: "AKI Root", serial: [0x02]))
            } == ["\(Self.mismatch)@1"])
    }

    /// TLS BR 7.1.2.1.3: an authority key identifier without a key identifier.
    @Test func withoutKeyIdentifier() throws {
        func found(_ change: @escaping Authority.Change) throws -> [String]? {
            let root = Authority.root("AKI Form Root", change)
            return Check.keyIdentifierForm.failures(
                try context([root.leaf("a.example"), root.certificate]))
        }
        #expect(try found { _ in } == [])
        #expect(try found { $0.add(.authorityKeyIdentifier([1])) } == [])
        #expect(
            try found { $0.add(.authorityKeyIdentifier(nil)) } == ["authority_key_identifier_absent@1"])
    }

    /// An intermediate as anchor names its issuer, which is not on the path.
    @Test func anIntermediateAsAnchor() throws {
        let anchor = Authority.root("Upper").intermediate("Lower")
        let path = [anchor.leaf("a.example"), anchor.certificate]
        #expect(Check.keyIdentifier.failures(try context(path)) == [])
    }

    /// TLS BR 7.1.2.1.2: a root carries no extended key usage; an intermediate may, as an anchor too.
    @Test func extendedKeyUsage() throws {
        let limited = ExtensionSpec.extendedKeyUsage(PurposeOID.serverAuth)
        let root = Authority.root("EKU Root") { $0.add(limited) }
        #expect(
            Check.purposeForm.failures(try context([root.leaf("a.example"), root.certificate]))
                == ["eku_forbidden@1"])
        let issuer = Authority.root("Upper").intermediate("EKU CA") { $0.add(limited) }
        #expect(
            Check.purposeForm.failures(try context([issuer.leaf("a.example"), issuer.certificate])) == [])
    }

    /// A key outside the allow-list and malformed constraints are found at the anchor as elsewhere; whether
    /// that costs `conforms` is decided by whose anchor it is.
    @Test func keysAndConstraints() throws {
        let root = Authority.root("Odd Root", key: .labelled(.rsa(2052), "not a multiple of 8")) {
            $0.add(.nameConstraints(permitted: [.dns(".example.com")]))
        }
        let path = try context([root.leaf("a.example.com"), root.certificate])
        #expect(Check.keyPolicy.failures(path) == ["key_not_allowed@1"])
        #expect(Check.constraintForm.failures(path) == ["name_constraints_malformed@1"])
    }
}
