import Reports

/// Of reasons that count for some clients alone.
extension ReasonText {
    static let clients: [Reason: ReasonText] = [
        .goodPathMissed: row(
            "{it} leads the client away from the good path, and it does not go back", .removeCertificate,
            "leave the certificate out of what is sent, or send it after the one of the good path"),
        .lifetimeOver398Days: row(
            "{it} is valid for more than 398 days", .reissue,
            "have it issued for 397 days at most"),
        .lifetimeOver825Days: row(
            "{it} is valid for more than 825 days", .reissue,
            "have it issued for 825 days at most"),
        .wildcardPublicSuffix: row(
            "only a wildcard directly below a public suffix makes {it} match", .changeName,
            "have it issued with the name itself"),
        .wildcardUnderscore: row(
            "only a wildcard in place of a label with an underscore makes {it} match", .changeName,
            "use a name without underscores, or have it issued with the name itself"),
        .intranetName: row(
            "{it} of a public CA is used for a name that is nobody's on the Internet", .changeName,
            "use a public name, or a certificate of a private CA"),
        .hostUnderscore: row(
            "the name asked for has an underscore, which the client does not allow in hosts", .changeName,
            "use a name without underscores"),
        .hostTrailingDot: row(
            "the name asked for ends with a dot, which the client compares", .changeName,
            "ask for the name without the dot"),
        .keyEd25519: row("the key of {it} is an Ed25519 key", .reissue, "make an ECDSA or RSA key"),
        .keyEd448: row("the key of {it} is an Ed448 key", .reissue, "make an ECDSA or RSA key"),
        .keyRSAPSS: row(
            "the key of {it} is for RSASSA-PSS alone", .reissue,
            "make a key of the kind rsaEncryption"),
        .keyP521: row("the key of {it} is on the curve P-521", .reissue, "make a key on P-256 or P-384"),
        .keyCurveUncommon: row(
            "the key of {it} is on a curve other than P-256, P-384 and P-521", .reissue,
            "make a key on P-256"),
        .keyRSABelow1024: row(
            "the RSA key of {it} has fewer than 1024 bits", .reissue,
            "make a key of RSA 2048 or P-256 at least"),
        .keyRSABelow2048: row(
            "the RSA key of {it} has fewer than 2048 bits", .reissue,
            "make a key of RSA 2048 or P-256 at least"),
        .digestMD5: row("{it} is signed with MD5 or older", .reissue, "have it issued with SHA-256"),
        .pathLengthSelfIssued: row(
            "{it} allows fewer intermediates below it than there are when self-issued ones count",
            .sendIntermediate, "use a shorter path"),
        .issuerNameCase: row(
            "the issuer in {it} and the issuer's subject differ in the case of letters", .reissue,
            "have it issued with the issuer's name as that has it"),
        .issuerNameSpace: row(
            "the issuer in {it} and the issuer's subject differ in white space", .reissue,
            "have it issued with the issuer's name as that has it"),
        .issuerNameEncoding: row(
            "the issuer in {it} and the issuer's subject are encoded differently", .reissue,
            "have it issued with the issuer's name as that has it"),
        .authorityKeyMismatch: row(
            "the authority key identifier of {it} names another key than its issuer's", .reissue,
            "have the certificate issued with the identifier of its issuer's key"),
        .authorityIssuerMismatch: row(
            "the authority key identifier of {it} names another certificate by issuer and serial", .reissue,
            "have the certificate issued without issuer and serial there"),
        .ekuAnyOnly: row(
            "the extended key usage of {it} allows any purpose and does not name this one", .reissue,
            "have it issued with the right extended key usage"),
        .ekuStepUpOnly: row(
            "the extended key usage of {it} has a step-up of Netscape or Microsoft in place of serverAuth",
            .reissue, "have it issued with serverAuth"),
        .ekuPurposeAbsent: row(
            "the extended key usage of {it} has neither the purpose nor any purpose", .reissue,
            "have it issued with the right extended key usage"),
        .digitalSignatureAbsent: row(
            "the key usage of {it} lacks digitalSignature", .reissue,
            "have it issued with digitalSignature"),
        .explicitPolicyUnmet: row(
            "{it} requires a certificate policy that does not hold over the path", .reissue,
            "have the certificates below it issued with the policy"),
        .policyConstraintsCritical: row(
            "{it} has critical policy constraints, which the client does not know", .sendIntermediate,
            "use a path without them"),
        .serialNegative: row("the serial number of {it} is negative", .reissue, "replace the certificate"),
        .serialZero: row("the serial number of {it} is zero", .reissue, "replace the certificate"),
        .serialTooLong: row(
            "the serial number of {it} has more than 20 octets", .reissue,
            "replace the certificate"),
        .basicConstraintsAbsent: row(
            "{it} issued a certificate and has no basic constraints", .sendIntermediate,
            "use a CA certificate with basic constraints"),
        .authorityFlagFalse: row(
            "{it} issued a certificate and says that it is no CA", .sendIntermediate,
            "use a CA as issuer"),
        .anchorIsEndEntity: row(
            "{it} is an end entity and the anchor itself", .addAnchor,
            "add its issuer as the anchor"),
        .anchorNotSelfIssued: row(
            "the anchor {it} is no root: it has another issuer", .addAnchor,
            "add the root as the anchor"),
        .sanNotCritical: row(
            "{it} has an empty subject and names that are not critical", .reissue,
            "have it issued with a critical subject alternative name"),
        .wildcardCoversExcluded: row(
            "a wildcard of {it} may stand for a name that its CA is excluded from", .changeName,
            "have it issued with the names themselves"),
        .addressUnconstrained: row(
            "{it} has an address and its CA permits only names of other kinds", .changeName,
            "leave the address out, or use another CA"),
        .validityEndsNow: row(
            "{it} is in the last second of its validity", .renew,
            "replace it with a current one"),
        .timeGeneralized: row(
            "{it} writes a time before 2050 as GeneralizedTime", .reissue,
            "replace the certificate"),
    ]
}
