import COpenSSL

/// Owns one EVP_PKEY. libcrypto's failures here are programming errors of a test, so they stop it.
final class KeyPair: Sendable {
    nonisolated(unsafe) private let pkey: OpaquePointer
    let spki: [UInt8]

    private init(owning pkey: OpaquePointer?, _ what: @autoclosure () -> String) {
        guard let pkey else { preconditionFailure("no key: \(what())") }
        self.pkey = pkey
        spki = Self.bytes { i2d_PUBKEY(pkey, $0) }
    }

    deinit { EVP_PKEY_free(pkey) }

    static func make(_ kind: KeyKind, _ random: inout RandomSource) -> KeyPair {
        switch kind {
        case .ed25519:
            let seed = random.bytes(32)
            return KeyPair(
                owning: EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count), "\(kind)")
        case .rsa(let bits, let exponent): return generateRSA(bits, exponent)
        case .dsa: return generateDSA()
        default:
            // A first octet of zero keeps the scalar below the order of every curve here.
            let scalar = [0] + random.bytes(kind.scalarSize - 1)
            return decode(
                EVP_PKEY_EC,
                Encode.sequence(
                    Encode.integer(1), Encode.octetString(scalar),
                    Encode.context(0, Encode.oid(kind.curveOID ?? ""))))
        }
    }

    static func decode(_ type: Int32, _ der: [UInt8]) -> KeyPair {
        der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            let pkey = d2i_PrivateKey(type, nil, &cursor, bytes.count)
            // libcrypto would leave out what it had to compute, and GnuTLS reads no key without it.
            if type == EVP_PKEY_EC { EVP_PKEY_set_int_param(pkey, "include-public", 1) }
            return KeyPair(owning: pkey, "type \(type)")
        }
    }

    private static func generateRSA(_ bits: Int, _ exponent: UInt) -> KeyPair {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
        let e = BN_new()
        defer {
            EVP_PKEY_CTX_free(context)
            BN_free(e)
        }
        BN_set_word(e, exponent)
        var pkey: OpaquePointer?
        EVP_PKEY_keygen_init(context)
        EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits))
        EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, e)
        EVP_PKEY_keygen(context, &pkey)
        return KeyPair(owning: pkey, "RSA \(bits), exponent \(exponent)")
    }

    /// 1024 bits, as the DSA certificates of old.
    private static func generateDSA() -> KeyPair {
        let context = EVP_PKEY_CTX_new_id(EVP_PKEY_DSA, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var parameters: OpaquePointer?
        EVP_PKEY_paramgen_init(context)
        EVP_PKEY_CTX_set_dsa_paramgen_bits(context, 1024)
        EVP_PKEY_paramgen(context, &parameters)
        let generator = EVP_PKEY_CTX_new(parameters, nil)
        defer {
            EVP_PKEY_CTX_free(generator)
            EVP_PKEY_free(parameters)
        }
        var pkey: OpaquePointer?
        EVP_PKEY_keygen_init(generator)
        EVP_PKEY_keygen(generator, &pkey)
        return KeyPair(owning: pkey, "DSA")
    }

    var pkcs8: [UInt8] {
        let info = EVP_PKEY2PKCS8(pkey)
        defer { PKCS8_PRIV_KEY_INFO_free(info) }
        return Self.bytes { i2d_PKCS8_PRIV_KEY_INFO(info, $0) }
    }

    /// `digest` nil for Ed25519, which hashes by itself.
    func sign(_ message: [UInt8], digest: DigestKind?, pss: Bool) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var options: OpaquePointer?
        var count = 0
        guard EVP_DigestSignInit(context, &options, digest.flatMap(Self.algorithm), nil, pkey) == 1 else {
            preconditionFailure("cannot sign with this key and digest")
        }
        if pss {
            EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING)
            EVP_PKEY_CTX_set_rsa_pss_saltlen(options, -1)
        }
        EVP_DigestSign(context, nil, &count, message, message.count)
        var signature = [UInt8](repeating: 0, count: count)
        guard EVP_DigestSign(context, &signature, &count, message, message.count) == 1 else {
            preconditionFailure("libcrypto did not sign")
        }
        return Array(signature.prefix(count))
    }

    private static func algorithm(_ digest: DigestKind) -> OpaquePointer? {
        switch digest {
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        case .sha224: EVP_sha224()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    /// Runs an i2d function twice: for the size, then for the bytes.
    private static func bytes(_ write: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32)
        -> [UInt8]
    {
        let size = Int(write(nil))
        precondition(size > 0, "libcrypto could not encode")
        return [UInt8](unsafeUninitializedCapacity: size) { out, count in
            var cursor = out.baseAddress
            count = Int(write(&cursor))
        }
    }
}
