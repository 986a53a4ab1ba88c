import Certificates
import Reports

extension Check {
    /// A key that anybody can sign for is no key. With RSA exponent 1 every forgery verifies (RFC 8017 §3.1
    /// asks for an odd e of at least 3); explicit EC parameters may move the generator (RFC 5480 §2.1.1
    /// forbids them). libcrypto accepts the first, and the second when the profile is not strict. Holds for
    /// anchors as well.
    static let keyUsable = Check(
        id: .pathKeyUsable, title: "Public keys are usable", kind: .path, reference: .rfc(5280, "4.1.2.7")
    ) { context in
        .of(
            context.path.certificates.indices.compactMap { depth in
                failure(of: context.path.certificates[depth], at: depth)
            })
    }

    private static func failure(of certificate: Certificate, at depth: Int) -> Failure? {
        switch certificate.key.kind {
        case .rsa(_, let oddModulus, let exponent):
            let value = exponent.count == 1 ? Int(exponent[0]) : exponent.isEmpty ? 0 : Int.max
            guard value >= 3, (exponent.last ?? 0) & 1 == 1, oddModulus else {
                return Failure(
                    .keyExponentUnusable, at: depth,
                    expected: "an odd modulus and an odd exponent of 3 or more",
                    presented: oddModulus ? "exponent 0x\(Hex.encode(exponent))" : "an even modulus")
            }
        case .ecExplicit:
            return Failure(
                .keyParametersExplicit, at: depth, expected: "a named curve",
                presented: "explicit parameters",
                native: LibcryptoTable.native(94))
        case .malformed:
            return Failure(.keyUndecodable, at: depth, native: LibcryptoTable.native(6))
        case .ec, .ed25519, .ed448, .dsa, .unknown:
            break
        }
        guard !certificate.isKeyDecodable else { return nil }
        // A key of an algorithm that libcrypto does not have (ML-DSA before 3.5) says nothing about the path.
        let known = certificate.key.kind != .unknown
        return Failure(
            known ? .keyUndecodable : .algorithmUnknown, at: depth, status: known ? .failed : .notEstablished,
            presented: certificate.key.display, native: LibcryptoTable.native(6))
    }
}
