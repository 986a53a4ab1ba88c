import Certificates
import Reports

extension Check {
    /// TLS BR 6.1.5: RSA of 2048 bits and more, a multiple of 8; P-256, P-384, P-521; no DSA. Ed25519 is not
    /// in the BR, and is left to the clients.
    static let keyPolicy = Check(
        id: .profileKey, title: "Key types and sizes are of the allowed kinds", kind: .profile,
        reference: .baseline("6.1.5"), severity: .warning, profiles: [.webpki]
    ) { context in
        .of(
            context.path.certificates.indices.compactMap { depth in
                let key = context.path.certificates[depth].key
                guard !isAllowed(key.kind) else { return nil }
                return Failure(
                    .keyNotAllowed, at: depth, expected: "RSA 2048 or more, P-256, P-384, P-521, Ed25519",
                    presented: key.display)
            })
    }

    private static func isAllowed(_ kind: PublicKeyInfo.Kind) -> Bool {
        switch kind {
        case .rsa(let bits, _, _): bits >= 2048 && bits % 8 == 0
        case .ec(let curve, _): ["P-256", "P-384", "P-521"].contains(curve)
        case .ed25519, .unknown: true
        case .ecExplicit, .ed448, .dsa, .malformed: false
        }
    }
}
