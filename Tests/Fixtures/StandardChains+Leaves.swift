import Certificates

// MARK: Whose certificate it is

extension StandardChains {
    static var identity: [StandardChain] {
        [
            wrongHost(), noSAN(), emptySubjectPlainSAN(), addressAsDNSName(), wildcardTwoLabels(),
            partialWildcard(),
            wildcardForApex(), publicSuffixWildcard(), clientAuthOnlyLeaf(), anyPurposeLeaf(),
            noPurposeLeaf(),
        ]
    }

    /// For another name than the one asked for.
    package static func wrongHost() -> StandardChain { leaf(names: ["other.example.net"], reference: [host]) }

    /// The name stands in the common name only.
    package static func noSAN() -> StandardChain { leaf { $0.remove(ExtensionOID.subjectAltName) } }

    /// An empty subject, its subjectAltName not critical (RFC 5280 §4.2.1.6).
    package static func emptySubjectPlainSAN() -> StandardChain { leaf { $0.subject = .empty } }

    /// The address is written as a dNSName, which matches no address.
    package static func addressAsDNSName() -> StandardChain {
        leaf(names: ["192.0.2.9"]) { $0.replace(.subjectAltName([.dns("192.0.2.9")])) }
    }

    /// `*.example.com` does not cover two labels.
    package static func wildcardTwoLabels() -> StandardChain {
        leaf(names: ["*.example.com"], reference: ["a.b.example.com"])
    }

    /// `w*.example.com`: a wildcard must be the whole label (RFC 9525 §6.3).
    package static func partialWildcard() -> StandardChain {
        leaf(names: ["w*.example.com"], reference: [host])
    }

    /// `*.example.com` does not cover example.com.
    package static func wildcardForApex() -> StandardChain {
        leaf(names: ["*.example.com"], reference: ["example.com"])
    }

    /// A wildcard directly below a public suffix.
    package static func publicSuffixWildcard() -> StandardChain {
        leaf(names: ["*.co.uk"], reference: ["example.co.uk"])
    }

    /// The leaf is for client authentication only.
    package static func clientAuthOnlyLeaf() -> StandardChain {
        leaf { $0.replace(.extendedKeyUsage(PurposeOID.clientAuth)) }
    }

    /// anyExtendedKeyUsage in the leaf is not serverAuth in the Web's profile.
    package static func anyPurposeLeaf() -> StandardChain {
        leaf { $0.replace(.extendedKeyUsage(PurposeOID.any)) }
    }

    /// No extended key usage at all: any purpose by RFC 5280, not by the Web's profile.
    package static func noPurposeLeaf() -> StandardChain { leaf { $0.remove(ExtensionOID.extendedKeyUsage) } }
}

// MARK: Keys, algorithms and form

extension StandardChains {
    static var forms: [StandardChain] {
        [
            sha1Leaf(), md5Leaf(), rsa1024Leaf(), weakCurve(), shortCurve(), oddCurve(), dsaLeaf(),
            mlDSALeaf(), evenExponent(),
            pointOffCurve(), algorithmMismatch(), unknownCriticalExtension(), duplicateExtension(),
            malformedExtendedKeyUsage(), negativeSerial(), zeroSerial(), longSerial(), caLeaf(),
            precertificate(), version1Leaf(),
        ]
    }

    /// Signed with SHA-1.
    package static func sha1Leaf() -> StandardChain { leaf { $0.digest = .sha1 } }

    /// Signed with MD5, which only an RSA issuer can.
    package static func md5Leaf() -> StandardChain {
        let issuer = root.intermediate("MD5 Intermediate", key: .pool(.rsa(2048), 1))
        return chain([issuer.leaf(host) { $0.digest = .md5 }, issuer.certificate])
    }

    /// An RSA key of 1024 bits.
    package static func rsa1024Leaf() -> StandardChain { leaf(key: .pool(.rsa(1024), 0)) }

    /// P-192: 96 bits, below libcrypto's security level 2.
    package static func weakCurve() -> StandardChain { leaf(key: .pool(.ec192, 0)) }

    /// P-224: 112 bits, enough for security level 2 and on no client's list.
    package static func shortCurve() -> StandardChain { leaf(key: .pool(.ec224, 0)) }

    /// secp256k1: strong, and on no client's list.
    package static func oddCurve() -> StandardChain { leaf(key: .pool(.secp256k1, 0)) }

    /// A DSA key.
    package static func dsaLeaf() -> StandardChain { leaf(key: .pool(.dsa, 0)) }

    /// An ML-DSA-44 key, which OpenSSL 3.0 cannot decode: not established, never a bad signature.
    package static func mlDSALeaf() -> StandardChain { leaf(key: .pool(.mlDSA44, 0)) }

    /// An RSA key with exponent 2.
    package static func evenExponent() -> StandardChain {
        leaf(key: Key.pool(.rsa(2048), 0).withExponent([2]))
    }

    /// The leaf's public point does not lie on its curve.
    package static func pointOffCurve() -> StandardChain { leaf(key: Key.pool(.ec256, 0).offCurve()) }

    /// Signed with SHA-256, and the algorithm beside the signature says so, but inside it says SHA-384
    /// (RFC 5280 §4.1.1.2: both must be the same).
    package static func algorithmMismatch() -> StandardChain {
        leaf { $0.innerAlgorithm = intermediate.key.signatureAlgorithm(digest: .sha384) }
    }

    /// A critical extension that nobody knows.
    package static func unknownCriticalExtension() -> StandardChain {
        leaf { $0.add(.unknown(critical: true)) }
    }

    /// keyUsage twice (RFC 5280 §4.2: not more than one instance).
    package static func duplicateExtension() -> StandardChain { leaf { $0.add(.keyUsage(.keyAgreement)) } }

    /// An extended key usage that is no SEQUENCE: libcrypto passes it unless asked for strictness.
    package static func malformedExtendedKeyUsage() -> StandardChain {
        leaf { $0.replace(ExtensionSpec(oid: ExtensionOID.extendedKeyUsage, value: [0x04, 0x01, 0x00])) }
    }

    /// Serial number -1.
    package static func negativeSerial() -> StandardChain { leaf { $0.serial = [0xFF] } }

    /// Serial number 0.
    package static func zeroSerial() -> StandardChain { leaf { $0.serial = [0] } }

    /// A serial number of 21 octets; RFC 5280 §4.1.2.2 allows 20.
    package static func longSerial() -> StandardChain {
        leaf { $0.serial = [0x01] + [UInt8](repeating: 0x55, count: 20) }
    }

    /// The end entity says cA TRUE.
    package static func caLeaf() -> StandardChain {
        leaf {
            $0.replace(.basicConstraints(ca: true))
            $0.replace(.keyUsage(.digitalSignature, .keyCertSign))
        }
    }

    /// A precertificate (RFC 6962 §3.1) served as a certificate: its poison is critical.
    package static func precertificate() -> StandardChain { leaf { $0.add(.precertificatePoison) } }

    /// Version 1, hence without extensions.
    package static func version1Leaf() -> StandardChain {
        leaf {
            $0.version = 1
            $0.extensions = []
        }
    }
}
