import COpenSSL
import Certificates
import Synchronization

package enum KeyKind: Hashable, Sendable {
    case ec256, ec384, ec521
    /// Curves that the Web does not accept; P-192 is too weak besides.
    case ec192, ec224, secp256k1
    case ed25519, dsa
    case rsa(Int, exponent: UInt = 65537)
    /// ML-DSA-44 (FIPS 204) in name only: random bytes for key and signature, since OpenSSL 3.0 has none.
    case mlDSA44

    var curveOID: String? {
        switch self {
        case .ec256: "1.2.840.10045.3.1.7"
        case .ec384: "1.3.132.0.34"
        case .ec521: "1.3.132.0.35"
        case .ec192: "1.2.840.10045.3.1.1"
        case .ec224: "1.3.132.0.33"
        case .secp256k1: "1.3.132.0.10"
        case .ed25519, .dsa, .rsa, .mlDSA44: nil
        }
    }

    /// Octets of a private scalar.
    var scalarSize: Int {
        switch self {
        case .ec384: 48
        case .ec521: 66
        case .ec192: 24
        case .ec224: 28
        default: 32
        }
    }
}

package enum DigestKind: String, Sendable, CaseIterable { case md5, sha1, sha224, sha256, sha384, sha512 }

/// A key pair and the SubjectPublicKeyInfo that certificates show for it, which may be made to lie.
///
/// The same kind and label give the same pair throughout a process; EC and Ed25519 pairs follow from the
/// label alone and are the same in every run.
package struct Key: Sendable, Hashable {
    private enum Signer: Sendable {
        case libcrypto(KeyPair)
        /// e = 1: the signature is the padded digest itself, which anybody can write.
        case exponentOne(size: Int)
        case noise(count: Int)
    }

    package let kind: KeyKind
    package private(set) var spki: [UInt8]
    private let signer: Signer

    private static let known = Mutex<[KeyKind: [String: Key]]>([:])

    /// A key of this kind by a name of the caller's choice. RSA and DSA keys are generated when first asked
    /// for (2048 bits: some 100 ms), everything else takes microseconds.
    package static func labelled(_ kind: KeyKind, _ label: String) -> Key {
        if let key = known.withLock({ $0[kind]?[label] }) { return key }
        let made = Key(kind, label: label)
        return known.withLock { table in
            if let other = table[kind]?[label] { return other }
            table[kind, default: [:]][label] = made
            return made
        }
    }

    /// The key of this kind with a small number.
    package static func pool(_ kind: KeyKind, _ index: Int) -> Key { labelled(kind, "pool \(index)") }

    private init(_ kind: KeyKind, label: String) {
        self.kind = kind
        var random = RandomSource(seed: Self.seed("\(kind) \(label)"))
        if kind == .mlDSA44 {
            spki = Encode.sequence(
                Encode.sequence(Encode.oid("2.16.840.1.101.3.4.3.17")), Encode.bitString(random.bytes(1312)))
            signer = .noise(count: 2420)
        } else {
            let pair = KeyPair.make(kind, &random)
            (spki, signer) = (pair.spki, .libcrypto(pair))
        }
    }

    /// An EC key pair from DER of an ECPrivateKey (RFC 5915), with whatever parameters it holds.
    package init(kind: KeyKind, ecPrivateKey der: [UInt8]) {
        let pair = KeyPair.decode(EVP_PKEY_EC, der)
        (self.kind, spki, signer) = (kind, pair.spki, .libcrypto(pair))
    }

    private init(kind: KeyKind, spki: [UInt8], signer: Signer) {
        (self.kind, self.spki, self.signer) = (kind, spki, signer)
    }

    private static func seed(_ text: String) -> UInt64 {
        SHA256Digest(of: Array(text.utf8)).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    package static func == (a: Key, b: Key) -> Bool { a.spki == b.spki }
    package func hash(into hasher: inout Hasher) { hasher.combine(spki) }

    // MARK: Lies

    /// The same private key behind another SubjectPublicKeyInfo.
    package func presenting(spki: [UInt8]) -> Key { Key(kind: kind, spki: spki, signer: signer) }

    /// An RSA modulus with public exponent 1: any "signature" verifies, and `sign` writes one without a
    /// secret.
    package static func exponentOne(_ label: String) -> Key {
        let honest = labelled(.rsa(2048), label)
        return Key(
            kind: .rsa(2048, exponent: 1),
            spki: rsaSPKI(modulus: honest.rsaModulus, exponent: [1]), signer: .exponentOne(size: 256))
    }

    /// The same RSA modulus under another exponent (even ones make no sense, and are allowed).
    package func withExponent(_ exponent: [UInt8]) -> Key {
        presenting(spki: Self.rsaSPKI(modulus: rsaModulus, exponent: exponent))
    }

    /// Magnitude of the modulus; empty when not RSA.
    package var rsaModulus: [UInt8] {
        let integers = Encode.children(of: subjectPublicKey)
        guard case .rsa = kind, let modulus = integers.first else { return [] }
        return Array(modulus.drop { $0 != 0 }.drop { $0 == 0 })
    }

    package static func rsaSPKI(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        Encode.sequence(
            Encode.sequence(Encode.oid("1.2.840.113549.1.1.1"), Encode.null),
            Encode.bitString(Encode.sequence(Encode.unsigned(modulus), Encode.unsigned(exponent))))
    }

    /// The point moved off its curve: the last octet of y changed.
    package func offCurve() -> Key {
        var changed = spki
        changed[changed.count - 1] ^= 1
        return presenting(spki: changed)
    }

    // MARK: Facts

    /// Content of the BIT STRING subjectPublicKey, without the count of unused bits; empty when it has none.
    package var subjectPublicKey: [UInt8] {
        let parts = Encode.children(of: spki)
        guard parts.count == 2, parts[1].first == 0x03 else { return [] }
        // Tag, length octets, unused bits.
        let skip = parts[1][1] >= 0x80 ? 3 + Int(parts[1][1] & 0x7F) : 3
        return Array(parts[1].dropFirst(skip))
    }

    /// RFC 5280 §4.2.1.2 (1): SHA-1 of the BIT STRING subjectPublicKey.
    package var identifier: [UInt8] {
        let bits = subjectPublicKey
        var out = [UInt8](repeating: 0, count: 20)
        _ = SHA1(bits, bits.count, &out)
        return out
    }

    /// PKCS#8 PrivateKeyInfo; nil for keys without a private half.
    package var pkcs8: [UInt8]? {
        guard case .libcrypto(let pair) = signer else { return nil }
        return pair.pkcs8
    }

    // MARK: Signing

    package func sign(_ message: [UInt8], digest: DigestKind = .sha256, pss: Bool = false) -> [UInt8] {
        switch signer {
        case .libcrypto(let pair):
            return pair.sign(message, digest: kind == .ed25519 ? nil : digest, pss: pss)
        case .exponentOne(let size):
            // RFC 8017 §9.2: 00 01 FF… 00 DigestInfo, always with SHA-256.
            let info = Encode.sequence(
                Encode.sequence(Encode.oid("2.16.840.1.101.3.4.2.1"), Encode.null),
                Encode.octetString(SHA256Digest(of: message).bytes))
            return [0, 1] + [UInt8](repeating: 0xFF, count: size - 3 - info.count) + [0] + info
        case .noise(let count):
            var random = RandomSource(
                seed: SHA256Digest(of: message).bytes.reduce(0) { $0 &* 31 &+ UInt64($1) })
            return random.bytes(count)
        }
    }

    /// The AlgorithmIdentifier of what `sign` makes (RFC 3279, 4055, 5758, 8410).
    package func signatureAlgorithm(digest: DigestKind = .sha256, pss: Bool = false) -> [UInt8] {
        SignatureAlgorithm.identifier(for: kind, digest: digest, pss: pss)
    }
}
