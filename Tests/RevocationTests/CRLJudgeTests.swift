import Certificates
import Fixtures
import PathBuilding
import Reports
import Testing

@testable import Revocation

/// A path root → intermediate → leaf, with a CRL of each issuer.
@Suite struct CRLJudgeTests {
    let root: Authority
    let intermediate: Authority
    let leaf: FixtureCertificate
    let path: CandidatePath

    init() throws {
        root = Authority.root("CRL Root")
        intermediate = root.intermediate("CRL Intermediate")
        leaf = intermediate.leaf("www.example.com")
        path = CandidatePath(
            certificates: try [leaf, intermediate.certificate, root.certificate].map {
                try Certificate.parse(der: $0.der)
            }, end: .anchor)
    }

    private func judge(_ crls: [FixtureCRL], at: Instant = Fixtures.now) throws -> [RevocationAnswer] {
        CRLJudge(crls: try crls.map { try CRL(der: $0.der) }, pool: []).judge(path, at: at)
    }

    @Test func everyCertificateIsCovered() throws {
        #expect(try judge([intermediate.crl(), root.crl()]) == [.good, .good])
    }

    @Test func whatNoCRLCoversIsAbsent() throws {
        #expect(try judge([intermediate.crl()]) == [.good, .absent])
        #expect(try judge([]) == [.absent, .absent])
    }

    @Test func aListedCertificateIsRevoked() throws {
        #expect(try judge([intermediate.crl(revoking: [leaf]), root.crl()]) == [.revoked, .good])
        #expect(
            try judge([intermediate.crl(), root.crl(revoking: [intermediate.certificate])]) == [
                .good, .revoked,
            ])
    }

    /// Signed by a stranger of the issuer's name: says nothing.
    @Test func aForgedCRLSaysNothing() throws {
        let stranger = intermediate.rekeyed(Key.pool(.ec256, 7))
        #expect(try judge([stranger.crl(revoking: [leaf]), root.crl()]) == [.absent, .good])
    }

    /// A hundred CRLs and sixty certificates of their issuer's name are 6,000 signatures: after 200 what is
    /// left is not examined, and that is no answer. The path's own issuer comes first.
    @Test func signaturesAreBounded() throws {
        let strangers = (0..<60).map { intermediate.rekeyed(.labelled(.ec256, "stranger \($0)")).certificate }
        let pool = try strangers.map { try Certificate.parse(der: $0.der) }
        let forger = intermediate.rekeyed(.labelled(.ec256, "forger"))
        let forged = try (1...99).map { try CRL(der: forger.crl(number: $0).der) }
        let honest = try CRL(der: intermediate.crl(revoking: [leaf]).der)
        let both = CRLJudge(crls: forged + [honest], pool: pool)
        #expect(both.judge(path, at: Fixtures.now) == [.revoked, .absent])
        #expect(both.signers.checked == 200)
        let alone = CRLJudge(crls: forged, pool: pool)
        for _ in 1...2 {
            #expect(alone.judge(path, at: Fixtures.now) == [.unexamined, .absent])
            #expect(alone.signers.checked == 200)
        }
    }

    /// nextUpdate is inclusive; one second later the CRL says nothing.
    @Test func aStaleCRLSaysNothing() throws {
        let crls = [intermediate.crl(revoking: [leaf]), root.crl()]
        let end: Instant = "2026-07-07"
        #expect(try judge(crls, at: end) == [.revoked, .good])
        #expect(try judge(crls, at: end + 1).first == .unusable([12]))
    }

    /// RFC 5280 §5.2.3: a CRL without a number is not used, and is not overlooked either.
    @Test func aCRLWithoutNumberIsUnusable() throws {
        let crl = intermediate.crl(revoking: [leaf]) { $0.extensions.removeAll { $0.oid == "2.5.29.20" } }
        #expect(try judge([crl, root.crl()]) == [.unusable([3]), .good])
    }

    @Test(arguments: [[UInt8]](arrayLiteral: [], [0x30], [0x30, 0x00], Array("x".utf8)))
    func malformedBytes(_ bytes: [UInt8]) {
        #expect(throws: CRLError.malformed) { try CRL(der: bytes) }
    }

    @Test func trailingBytes() {
        #expect(throws: CRLError.trailingBytes) { try CRL(der: root.crl().der + [0]) }
    }
}
