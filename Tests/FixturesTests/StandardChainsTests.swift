import Certificates
import Fixtures
import Testing

/// Each chain has the defect that its name says, by libcrypto's error numbers (openssl/x509_vfy.h).
@Suite struct StandardChainsTests {
    /// Under STRICT; absent means that libcrypto sees nothing wrong.
    static let errors: [String: [Int32]] = [
        // 18 and 19: self-signed and untrusted. 20: no issuer.
        "selfSigned": [18], "untrustedRoot": [19], "missingIntermediate": [20],
        // The key identifier and the name decide which issuer libcrypto looks for.
        "keyIdentifierMismatch": [20], "issuerNameMismatch": [20],
        // The greedy builder takes the first of the twins, though the second is right.
        "twoIntermediatesSameNameOtherKey": [7],
        // 10: expired, 9: not yet valid.
        "expiredLeaf": [10], "expiredIntermediate": [10], "expiredRoot": [10], "notYetValidLeaf": [9],
        "notYetValidIntermediate": [9], "reversedValidity": [9, 10],
        // 7: signature.
        "badSignature": [7], "strangersSignature": [7], "badIntermediateSignature": [7],
        "movedGenerator": [7],
        // 79: no CA, 26: purpose, 82: keyCertSign without CA, 32: no keyCertSign, 25: path length.
        "caFalseIntermediate": [79, 82, 26], "noBasicConstraintsIntermediate": [79, 82],
        "version1Intermediate": [79, 26], "noKeyCertSign": [79, 26, 32], "pathLenExceeded": [25],
        "clientAuthOnlyIntermediate": [26], "clientAuthOnlyLeaf": [26], "anyPurposeLeaf": [26],
        // 48: excluded, 47: not permitted.
        "nameConstraintExcluded": [48], "nameConstraintAddressExcluded": [48],
        "nameConstraintDirectoryExcluded": [48], "nameConstraintNotPermitted": [47],
        // 68: digest, 67 and 66: key of a CA and of the leaf, 94: explicit parameters. 1 stands beside 66
        // when the key cannot be decoded.
        "sha1Intermediate": [68], "sha1Leaf": [68], "md5Leaf": [68], "rsa1024Intermediate": [67],
        "rsa1024Leaf": [66], "weakCurve": [66], "dsaLeaf": [66], "explicitECParameters": [94],
        "mlDSALeaf": [66, 1], "pointOffCurve": [66, 1],
        // 62 and 64: name and address. 88: empty subject.
        "wrongHost": [62], "noSAN": [62], "wildcardTwoLabels": [62], "partialWildcard": [62],
        "wildcardForApex": [62], "version1Leaf": [62], "addressAsDNSName": [64], "emptySubjectPlainSAN": [88],
        // 78: algorithms differ, 34: critical and unknown.
        "algorithmMismatch": [78, 7], "unknownCriticalExtension": [34], "precertificate": [34],
        // Extensions that cannot be read make the leaf fit no issuer and no purpose.
        "duplicateExtension": [20, 26], "malformedExtendedKeyUsage": [20, 26],
    ]

    @Test(arguments: StandardChains.all) func defect(_ chain: StandardChain) {
        // libcrypto takes A-labels only.
        let name = chain.id == "idnLeaf" ? "xn--bcher-kva.example" : chain.names.first
        let found = Judge.errors(chain.presented, anchors: chain.anchors, name: name)
        #expect(found == Self.errors[chain.id] ?? [])
    }

    @Test func everyExpectationHasItsChain() {
        let ids = StandardChains.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(Set(Self.errors.keys).subtracting(ids) == [])
    }

    @Test(arguments: StandardChains.malformedTimes.map(\.time)) func malformedTime(_ time: EncodedTime) {
        let chain = StandardChains.malformedTime(time)
        let found = Judge.errors(chain.presented, anchors: chain.anchors, name: chain.names.first)
        // 14: error in notAfter; an INTEGER is no certificate at all.
        #expect(found == (time == .raw([0x02, 0x01, 0x00]) ? [-1] : [14]))
    }

    /// What makes the two forgeries dangerous: their signatures do verify.
    @Test func forgeriesVerify() {
        let moved = StandardChains.movedGenerator().presented
        #expect(moved[1].spec.subject == StandardChains.root.name)
        #expect(moved[1].key.subjectPublicKey == StandardChains.root.key.subjectPublicKey)
        #expect(Judge(moved[1]).signatureVerifies(moved[0]))
        #expect(Judge.errors([moved[0]], anchors: [moved[1]], name: nil) == [94])

        let one = StandardChains.exponentOne().presented
        #expect(one[1].key.pkcs8 == nil)
        #expect(Judge(one[1]).signatureVerifies(one[0]))
    }
}
