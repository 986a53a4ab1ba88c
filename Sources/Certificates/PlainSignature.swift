import COpenSSL

/// The signature algorithms that nearly all certificates have, with parameters exactly as their standards
/// write them (RFC 4055 §5, RFC 5758 §3.2). For these the signature can be checked over the bytes, without
/// libcrypto's object of the subject, whose key would have to be decoded first. `X509_verify` decides about
/// everything else, and about every signature that is not good.
private struct PlainAlgorithm {
    enum Family { case rsa, ec }
    let family: Family
    let digest: @Sendable () -> OpaquePointer?

    static let known: [[UInt8]: PlainAlgorithm] = {
        var all: [[UInt8]: PlainAlgorithm] = [:]
        func rsa(_ last: UInt8) -> [UInt8] {
            [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, last, 0x05, 0x00]
        }
        func ecdsa(_ last: UInt8) -> [UInt8] {
            [0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, last]
        }
        let digests: [(rsa: UInt8, ec: UInt8, @Sendable () -> OpaquePointer?)] = [
            (0x0B, 0x02, { EVP_sha256() }), (0x0C, 0x03, { EVP_sha384() }), (0x0D, 0x04, { EVP_sha512() }),
        ]
        for (rsaLast, ecLast, digest) in digests {
            all[rsa(rsaLast)] = PlainAlgorithm(family: .rsa, digest: digest)
            all[ecdsa(ecLast)] = PlainAlgorithm(family: .ec, digest: digest)
        }
        return all
    }()

    func fits(_ key: PublicKeyInfo) -> Bool {
        switch (family, key.kind) {
        // An RSA-PSS key may not sign PKCS #1 v1.5.
        case (.rsa, .rsa): key.algorithm == OIDs.rsaEncryption
        case (.ec, .ec): true
        default: false
        }
    }
}

extension Certificate {
    /// SHA-256, SHA-384 or SHA-512 with RSA PKCS #1 v1.5 or ECDSA.
    package var hasPlainSignatureAlgorithm: Bool {
        innerAlgorithm == outerAlgorithm && PlainAlgorithm.known[outerAlgorithm] != nil
    }

    /// The signature is of a plain algorithm and good under `issuer`'s key. False says nothing.
    func isSignedPlainly(by issuer: Certificate) -> Bool {
        guard !signature.isEmpty, let algorithm = PlainAlgorithm.known[outerAlgorithm],
            algorithm.fits(issuer.key),
            let context = EVP_MD_CTX_new()
        else { return false }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        return issuer.withX509 { parent in
            guard EVP_DigestVerifyInit(context, nil, algorithm.digest(), nil, X509_get0_pubkey(parent)) == 1
            else {
                return false
            }
            return der.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return false }
                return EVP_DigestVerify(
                    context, base + signature.lowerBound, signature.count, base + tbs.lowerBound, tbs.count)
                    == 1
            }
        }
    }
}

extension PublicKeyInfo {
    /// By its bytes alone: an RSA key of usual form, or a point on one of the three curves of the web. False
    /// sends the question to libcrypto.
    var isSurelyDecodable: Bool {
        switch kind {
        case .rsa(let bits, let oddModulus, let exponent):
            // OPENSSL_RSA_MAX_MODULUS_BITS; exponents of the web have at most five octets.
            algorithm == OIDs.rsaEncryption && hasNullParameters && parts?.key.first == 0
                && (512...16_384).contains(bits) && oddModulus && exponent.count <= 5
                && (exponent.last ?? 0) & 1 == 1
        case .ec(let curve, _): isPoint(on: curve)
        case .ecExplicit, .ed25519, .ed448, .dsa, .unknown, .malformed: false
        }
    }

    /// AlgorithmIdentifier with parameters NULL, as RFC 3279 §2.3.1 asks for rsaEncryption.
    private var hasNullParameters: Bool { parts?.parameters == [0x05, 0x00] }

    private func isPoint(on curve: String) -> Bool {
        guard let (group, size) = Self.group(curve), let parts, parts.parameters.first == Tag.oid,
            // The named curve and nothing else; no unused bits; an uncompressed point. Others exist, rarely.
            parts.parameters.count == 2 + Int(parts.parameters[1]), parts.key.count == 2 * size + 2,
            parts.key[0] == 0, parts.key[1] == 4, let point = EC_POINT_new(group)
        else { return false }
        defer {
            EC_POINT_free(point)
            ERR_clear_error()
        }
        return parts.key.dropFirst().withUnsafeBufferPointer { bytes in
            EC_POINT_oct2point(group, point, bytes.baseAddress, bytes.count, nil) == 1
        }
    }

    /// What follows the algorithm's OID, and the content of the BIT STRING with its count of unused bits.
    private var parts: (parameters: [UInt8], key: [UInt8])? {
        var cursor = DERCursor(der)
        guard let whole = try? cursor.next(Tag.sequence) else { return nil }
        var fields = cursor.inside(whole)
        guard let identifier = try? fields.next(Tag.sequence) else { return nil }
        var inner = fields.inside(identifier)
        guard let oid = try? inner.next(Tag.oid), let key = try? fields.next(Tag.bitString) else {
            return nil
        }
        return (Array(der[oid.whole.upperBound..<identifier.content.upperBound]), Array(der[key.content]))
    }

    private static func group(_ curve: String) -> (OpaquePointer, Int)? {
        switch curve {
        case "P-256": Curves.p256.map { ($0, 32) }
        case "P-384": Curves.p384.map { ($0, 48) }
        case "P-521": Curves.p521.map { ($0, 66) }
        default: nil
        }
    }
}

/// Read-only after they are made.
private enum Curves {
    nonisolated(unsafe) static let p256 = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)
    nonisolated(unsafe) static let p384 = EC_GROUP_new_by_curve_name(NID_secp384r1)
    nonisolated(unsafe) static let p521 = EC_GROUP_new_by_curve_name(NID_secp521r1)
}
