import COpenSSL
import Certificates
import Synchronization
import TrustStores

/// Verifies SCT signatures with libcrypto and remembers the good ones, by what was verified.
package final class SCTVerifier: Sendable {
    /// A bad signature is never remembered: one flipped bit would outlive itself.
    private let good: Mutex<LRU<SHA256Digest, Bool>>

    /// 8,192 entries: some three SCTs of two thousand certificates, under 1 MB.
    package init(capacity: Int = 8_192) { good = Mutex(LRU(capacity: capacity)) }

    func isSigned(_ sct: SCT, over entry: SignedEntry, by log: CTLog) -> Bool {
        let message = entry.message(sct)
        let key = SHA256Digest(
            of: log.id.bytes + [sct.hash, sct.algorithm] + SHA256Digest(of: message).bytes + sct.signature)
        if good.withLock({ $0.value(for: key) }) == true { return true }
        guard Self.verify(sct, message, log.key) else { return false }
        good.withLock { $0.insert(true, for: key) }
        return true
    }

    /// RFC 6962 §2.1.4: ECDSA on P-256 or RSA, with SHA-256.
    private static func verify(_ sct: SCT, _ message: [UInt8], _ spki: [UInt8]) -> Bool {
        guard sct.hash == 4 else { return false }
        defer { ERR_clear_error() }
        let decoded: OpaquePointer? = spki.withUnsafeBufferPointer { buffer in
            var at = buffer.baseAddress
            return d2i_PUBKEY(nil, &at, buffer.count)
        }
        guard let key = decoded else { return false }
        defer { EVP_PKEY_free(key) }
        let wanted: UInt8
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_EC: wanted = 3
        case EVP_PKEY_RSA: wanted = 1
        default: return false
        }
        guard sct.algorithm == wanted, let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, sct.signature, sct.signature.count, message, message.count) == 1
    }
}
