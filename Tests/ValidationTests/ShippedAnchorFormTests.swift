import Certificates
import Fixtures
import PathBuilding
import Reports
import Testing
import TrustStores

@testable import Validation

/// No public root is refused for its own form. TWCA Global Root, Go Daddy and Starfield Class 2, Certum CA,
/// ePKI and others break the letter of RFC 5280: missing or odd key usage, missing key identifiers, an AKI
/// with issuer and serial number. That is a matter of the profile, never of a path.
@Suite struct ShippedAnchorFormTests {
    static let stranger = Fixtures.Authority.root("Form")
    static let template = stranger.leaf(StandardChains.host)

    /// A leaf that names the anchor as its issuer. Nobody outside has the anchor's key: the signature is
    /// another's, and that alone may be found.
    static func leaf(below anchor: Certificate, at: Instant) throws -> Certificate {
        var spec = template.spec
        spec.issuer = Name(raw: anchor.subject.der)
        spec.notBefore = .instant(at + -86_400)
        spec.notAfter = .instant(at + 86_400)
        spec.remove(ExtensionOID.authorityKeyIdentifier)
        return try Certificate.parse(der: spec.signed(by: stranger.key).der)
    }

    static func judged(_ anchor: Certificate) throws -> JudgedPath {
        // In the middle of its life: what it is, not when.
        let (from, until) = (try #require(anchor.notBefore), try #require(anchor.notAfter))
        let at = from + (until - from) / 2
        let path = CandidatePath(certificates: [try leaf(below: anchor, at: at), anchor], end: .anchor)
        let judge = PathJudge(
            options: Options(), at: at, cache: cache, budget: SearchBudget(), caPaths: nil,
            revocation: .init(crls: [], pool: [], mode: .off), isPublic: { _ in true })
        return judge.judge(path)
    }

    @Test func noRootIsRefused() throws {
        let anchors = try StandInStores.shipped().anchors
        #expect(anchors.count > 380)
        var refused: [String: [String]] = [:]
        var odd = 0
        for anchor in anchors {
            let path = try Self.judged(anchor)
            odd += path.findings.contains { $0.place == .anchor && $0.kind == .profile } ? 1 : 0
            let against = path.findings.filter {
                $0.kind != .profile && !($0.check == .pathSignature && $0.place == .leaf)
            }
            if !against.isEmpty { refused[anchor.subject.display] = against.map(\.short) }
        }
        // Not for their form: an RSA key of 1024 bits is below level 2, and one is for signing code only.
        #expect(
            refused == [
                "FNMT": ["path.algorithm key_too_small anchor 67"],
                "UTN-USERFirst-Object": ["path.eku purpose_not_allowed anchor 26"],
            ])
        // The letter is another matter: it is said, and decides nothing.
        #expect(odd > 0)
    }
}
