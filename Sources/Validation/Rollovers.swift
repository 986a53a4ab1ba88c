import COpenSSL
import Certificates
import PathBuilding

/// Stand-ins for a path that libcrypto does not follow to its end.
///
/// A self-issued certificate without key identifiers (a CA that certifies its new key with its old one)
/// counts as self-signed for libcrypto, which then looks no further. The stand-in names another serial number
/// as its issuer's, so it does not; all else is the same. Signatures are checked apart, on the real
/// certificates.
struct Rollovers: ~Copyable {
    /// End entity first; owned.
    let chain: [OpaquePointer]

    /// Nil when no certificate of the path is such a one.
    init?(_ path: CandidatePath) {
        let last = path.certificates.count - 1
        var isOne = false
        var made: [OpaquePointer] = []
        for (depth, certificate) in path.certificates.enumerated() {
            let pointer = certificate.withX509 { x509 -> OpaquePointer? in
                let takenForSelfSigned = X509_get_extension_flags(x509) & UInt32(EXFLAG_SS) != 0
                guard depth < last, takenForSelfSigned, certificate.version == 3 else {
                    return X509_up_ref(x509) == 1 ? x509 : nil
                }
                isOne = true
                return Self.standIn(x509)
            }
            if let pointer { made.append(pointer) }
        }
        chain = made
        guard isOne, made.count == path.certificates.count else { return nil }
    }

    deinit { chain.forEach { X509_free($0) } }

    private static func standIn(_ x509: OpaquePointer) -> OpaquePointer? {
        guard let copy = X509_dup(x509) else { return nil }
        var critical: Int32 = 0
        let known = X509_get_ext_d2i(x509, NID_authority_key_identifier, &critical, nil)
        guard let identifier = known?.assumingMemoryBound(to: AUTHORITY_KEYID.self) ?? AUTHORITY_KEYID_new()
        else {
            X509_free(copy)
            return nil
        }
        defer { AUTHORITY_KEYID_free(identifier) }
        let own = X509_get0_serialNumber(x509)
        ASN1_INTEGER_free(identifier.pointee.serial)
        identifier.pointee.serial = ASN1_INTEGER_new()
        ASN1_INTEGER_set(identifier.pointee.serial, 1)
        if ASN1_INTEGER_cmp(own, identifier.pointee.serial) == 0 {
            ASN1_INTEGER_set(identifier.pointee.serial, 2)
        }
        let flag = UInt(X509V3_ADD_REPLACE)
        guard X509_add1_ext_i2d(copy, NID_authority_key_identifier, identifier, max(critical, 0), flag) == 1
        else {
            X509_free(copy)
            return nil
        }
        return copy
    }
}
