import Certificates
import Fixtures

/// A good chain whose end entity and issuer are mutated.
struct Family {
    let name: String
    let root: Authority
    let issuer: Authority
    let leaf: FixtureCertificate

    var good: [[UInt8]] { [leaf.der, issuer.certificate.der] }

    static let host = "www.example.com"

    /// How often each comes up: signing with RSA costs thirty times what P-256 costs.
    static let all: [(family: Family, weight: Int)] = [
        (Family("EC P-256", .ec256, leaf: .ec256), 40),
        (Family("RSA leaf, EC issuer", .ec256, leaf: .rsa(2048)), 20),
        (Family("P-384 leaf, EC issuer", .ec256, leaf: .ec384), 10),
        (Family("Ed25519 leaf", .ec256, leaf: .ed25519), 8),
        (Family("P-521 leaf", .ec256, leaf: .ec521), 4),
        (Family("P-384", .ec384, leaf: .ec384, digest: .sha384), 6),
        (Family("RSA", .rsa(2048), leaf: .rsa(2048)), 8),
        (Family("Ed25519", .ed25519, leaf: .ed25519), 4),
    ]

    private init(_ name: String, _ kind: KeyKind, leaf: KeyKind, digest: DigestKind = .sha256) {
        self.name = name
        root = Authority.root("Agree Root \(name)", key: .pool(kind, 0)) { $0.digest = digest }
        issuer = root.intermediate("Agree Intermediate \(name)", key: .pool(kind, 1)) { $0.digest = digest }
        self.leaf = issuer.leaf(Self.host, "*.example.org", key: .pool(leaf, 2)) {
            $0.digest = digest
            $0.add(.authorityInfoAccess(caIssuers: ["http://ca.example/i"], ocsp: ["http://ca.example/o"]))
            $0.add(.crlDistributionPoints("http://ca.example/crl"))
            $0.add(.certificatePolicies("2.23.140.1.2.1"))
        }
    }
}
