import Certificates
import Fixtures
import Testing

@Suite struct FixturesTests {
    static let kinds: [KeyKind] = [
        .ec256, .ec384, .ec521, .ec224, .secp256k1, .ed25519, .dsa, .rsa(1024), .rsa(2048),
        .rsa(1024, exponent: 3),
    ]

    @Test(arguments: kinds) func keysSignWhatLibcryptoVerifies(_ kind: KeyKind) {
        let root = Authority.root("Root", key: .pool(kind, 0))
        #expect(Judge(root.certificate).signatureVerifies(root.certificate))
        let flipped = root.certificate.reissued { $0.signature = .flippedBit }
        #expect(!Judge(root.certificate).signatureVerifies(flipped))
        #expect(root.key.identifier.count == 20)
        #expect(root.key == .pool(kind, 0) && root.key != .pool(.ec256, 1))
    }

    @Test func defaultsAreValidUnderStrict() {
        let root = Authority.root("Root")
        let inter = root.intermediate("Inter", pathLen: 0)
        let leaf = inter.leaf("www.example.com", "192.0.2.1", "2001:db8::1")
        #expect(
            Judge.errors([leaf, inter.certificate], anchors: [root.certificate], name: "www.example.com")
                == [])
    }
}
