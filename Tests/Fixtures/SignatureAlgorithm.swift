/// AlgorithmIdentifiers of signatures.
package enum SignatureAlgorithm {
    package static func identifier(for kind: KeyKind, digest: DigestKind, pss: Bool) -> [UInt8] {
        switch kind {
        case .ed25519: Encode.sequence(Encode.oid("1.3.101.112"))
        case .mlDSA44: Encode.sequence(Encode.oid("2.16.840.1.101.3.4.3.17"))
        case .dsa: Encode.sequence(Encode.oid(dsa(digest)))
        case .rsa: pss ? rsaPSS(digest) : Encode.sequence(Encode.oid(rsa(digest)), Encode.null)
        default: Encode.sequence(Encode.oid(ecdsa(digest)))
        }
    }

    private static func ecdsa(_ digest: DigestKind) -> String {
        switch digest {
        case .md5, .sha1: "1.2.840.10045.4.1"
        case .sha224: "1.2.840.10045.4.3.1"
        case .sha256: "1.2.840.10045.4.3.2"
        case .sha384: "1.2.840.10045.4.3.3"
        case .sha512: "1.2.840.10045.4.3.4"
        }
    }

    private static func rsa(_ digest: DigestKind) -> String {
        let last =
            switch digest {
            case .md5: 4
            case .sha1: 5
            case .sha224: 14
            case .sha256: 11
            case .sha384: 12
            case .sha512: 13
            }
        return "1.2.840.113549.1.1.\(last)"
    }

    private static func dsa(_ digest: DigestKind) -> String {
        switch digest {
        case .md5, .sha1: "1.2.840.10040.4.3"
        case .sha224: "2.16.840.1.101.3.4.3.1"
        case .sha256: "2.16.840.1.101.3.4.3.2"
        case .sha384: "2.16.840.1.101.3.4.3.3"
        case .sha512: "2.16.840.1.101.3.4.3.4"
        }
    }

    private static func digestIdentifier(_ digest: DigestKind) -> (der: [UInt8], size: Int) {
        let (oid, size) =
            switch digest {
            case .md5: ("1.2.840.113549.2.5", 16)
            case .sha1: ("1.3.14.3.2.26", 20)
            case .sha224: ("2.16.840.1.101.3.4.2.4", 28)
            case .sha256: ("2.16.840.1.101.3.4.2.1", 32)
            case .sha384: ("2.16.840.1.101.3.4.2.2", 48)
            case .sha512: ("2.16.840.1.101.3.4.2.3", 64)
            }
        return (Encode.sequence(Encode.oid(oid), Encode.null), size)
    }

    /// RFC 4055 §3.1, with MGF1 over the same digest and a salt of its size.
    private static func rsaPSS(_ digest: DigestKind) -> [UInt8] {
        let hash = digestIdentifier(digest)
        return Encode.sequence(
            Encode.oid("1.2.840.113549.1.1.10"),
            Encode.sequence(
                Encode.context(0, hash.der),
                Encode.context(1, Encode.sequence(Encode.oid("1.2.840.113549.1.1.8"), hash.der)),
                Encode.context(2, Encode.integer(hash.size))))
    }
}
