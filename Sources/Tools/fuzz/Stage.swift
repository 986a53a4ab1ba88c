import Certificates
import Fixtures
import PathBuilding
import Reports
import TrustStores
import Validation

/// One root and one intermediate for all inputs, and keys to sign with what a mutation broke: without them
/// no altered certificate or CRL would get past its signature.
enum Stage {
    static let root = StandardChains.root
    static let intermediate = StandardChains.intermediate
    static let leaf = intermediate.leaf(StandardChains.host)

    static let path = CandidatePath(
        certificates: [leaf, intermediate.certificate, root.certificate].compactMap {
            try? Certificate.parse(der: $0.der)
        }, end: .anchor)

    static let stores: StoreSet = {
        let anchors = path.certificates.suffix(1).map { Anchor(certificate: $0) }
        return StoreSet(
            [
                TrustStore(
                    name: "corp", version: "1", origin: .custom,
                    client: Client(name: .libcrypto, completes: .nothing), anchors: anchors)
            ], defaultNames: ["corp"])
    }()

    /// Knows the paths above every end entity that was judged good, beginning with the stage's own.
    static let caPaths: CAPathCache = {
        let caPaths = CAPathCache(capacity: 100)
        var evidence = Evidence()
        evidence.presented = [leaf.der, intermediate.certificate.der]
        for purpose in [Purpose.server, .any] {
            var options = Options()
            options.purpose = purpose
            _ = Validator(stores: stores, cache: CertificateCache(), caPaths: caPaths).judge(
                Question(
                    evidence: evidence, options: options, stores: stores.all, at: Fixtures.now,
                    checkedAt: Fixtures.now, id: "stage"))
        }
        return caPaths
    }()

    /// The same signed data under an honest signature; nil for what is no SIGNED (X.509 §6.2) at all.
    static func resigned(_ der: [UInt8], by key: Key) -> [UInt8]? {
        var outer = DERCursor(der)
        guard let whole = try? outer.next(Tag.sequence) else { return nil }
        var parts = outer.inside(whole)
        guard let signed = try? parts.next(Tag.sequence) else { return nil }
        let content = Array(der[signed.whole])
        return Encode.sequence(content, key.signatureAlgorithm(), Encode.bitString(key.sign(content)))
    }

    /// The key of the authority that this certificate or CRL names as its issuer.
    static func issuerKey(of certificate: Certificate) -> Key? {
        [root, intermediate].first { $0.name.der == certificate.issuer.der }?.key
    }
}
