import Certificates
import Reports

extension ClientRule {
    /// Digests of signatures below the anchor. `digest_too_weak` is libcrypto's for SHA-1 and older; the JDK
    /// tolerates SHA-1 under added anchors and refuses MD5 and MD2 always
    /// (`jdk.certpath.disabledAlgorithms`).
    static let digest = ClientRule(
        .clientDigest, "Signatures have a digest that the client has", .rfc(5280, "4.1.1.2"), .digestMD5
    ) { context in
        .of(
            signedDepths(context).compactMap { depth in
                let algorithm = context.path.certificates[depth].signatureAlgorithm
                guard algorithm.hasSuffix("MD5") || algorithm.hasSuffix("MD2") else { return nil }
                return Failure(
                    .digestMD5, at: depth, expected: "a digest such as SHA-256", presented: algorithm)
            })
    }

    /// Nobody looks at the anchor's own signature.
    private static func signedDepths(_ context: PathContext) -> Range<Int> {
        context.path.end == .anchor
            ? 0..<context.path.certificates.count - 1 : context.path.certificates.indices
    }
}
