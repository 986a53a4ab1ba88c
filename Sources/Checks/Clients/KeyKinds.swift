import Certificates
import Reports

extension ClientRule {
    /// Kinds and sizes of keys, each a reason of its own at every place. What libcrypto's security level 2
    /// refuses is `key_too_small`; a client that tolerates that has a bound of its own.
    ///
    /// Ran: Ed25519 is refused by Firefox and Chromium; RSA-1024 is accepted by both and by the JDK, 2047
    /// bits are refused by rustls; id-RSASSA-PSS keys (RFC 4055) and P-521 end entities find no signature
    /// scheme in browsers.
    static let key = ClientRule(
        .clientKey, "Keys are of kinds that the client has", .rfc(5280, "4.1.2.7"), .keyEd25519, .keyEd448,
        .keyRSAPSS, .keyP521, .keyCurveUncommon, .keyRSABelow1024, .keyRSABelow2048
    ) { context in
        .of(
            context.path.certificates.indices.flatMap { depth in
                let key = context.path.certificates[depth].key
                return reasons(key).map { reason, expected in
                    Failure(reason, at: depth, expected: expected, presented: key.display)
                }
            })
    }

    private static func reasons(_ key: PublicKeyInfo) -> [(Reason, String)] {
        switch key.kind {
        case .rsa(let bits, _, _):
            (bits < 1024 ? [(.keyRSABelow1024, "1024 bits or more")] : [])
                + (bits < 2048 ? [(.keyRSABelow2048, "2048 bits or more")] : [])
                + (key.algorithm == OIDs.rsaPSS ? [(.keyRSAPSS, "rsaEncryption")] : [])
        case .ec(curve: "P-256", _), .ec(curve: "P-384", _): []
        case .ec(curve: "P-521", _): [(.keyP521, "P-256 or P-384")]
        case .ec: [(.keyCurveUncommon, "P-256, P-384 or P-521")]
        case .ed25519: [(.keyEd25519, "RSA or ECDSA")]
        case .ed448: [(.keyEd448, "RSA or ECDSA")]
        // path.key_usable and profile.key speak of the rest.
        case .ecExplicit, .dsa, .unknown, .malformed: []
        }
    }
}
