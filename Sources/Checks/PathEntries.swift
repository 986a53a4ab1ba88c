import Reports

/// What decides a path, for every store or for the stores of one client.
extension Catalogue {
    static let pathEntries: [CatalogueEntry] = [
        entry(.signature, .issuerFoundSignatureBad, .algorithmMismatch, .algorithmUnknown),
        entry(.issuer, .issuerAbsent, .issuerFoundExpired, .issuerNameMismatch, .pathNotFollowed),
        entry(
            .keyUsable, .keyUndecodable, .keyParametersExplicit, .keyExponentUnusable, .algorithmUnknown),
        entry(.algorithm, .keyTooSmall, .digestTooWeak, .algorithmUnknown),
        entry(.keyUsage, .keyCertSignAbsent, .keyUsageUnsuitable),
        entry(.basicConstraints, .notACA, .endEntityIsCA),
        entry(.pathLength, .pathLengthExceeded, .depthExceeded),
        entry(
            .nameConstraints, .nameNotPermitted, .nameExcluded, .nameConstraintsUnsupported,
            .nameConstraintsMalformed),
        entry(.extendedKeyUsage, .purposeNotAllowed),
        entry(.extensionsUnderstood, .criticalExtensionUnknown, .extensionMalformed, .proxyCertificate),
        entry(.policy, .policyNotSatisfied, .policyMalformed),
        entry(
            .budget, .stepsExhausted, .signaturesExhausted, .pathsExhausted, .depthExhausted,
            .certificatesExhausted, .nameConstraintsExhausted, .unspecified),

        entry(.leafTime, .validityEnded, .validityNotStarted, .timeMalformed),
        entry(.issuerTime, .validityEnded, .validityNotStarted, .timeMalformed),
        entry(.nameMatch, .nameMismatch, .namesAbsent),

        entry(.anchorFound, .anchorAbsent, .issuerFoundUntrusted, .selfSigned),
        entry(.anchorTime, .validityEnded, .validityNotStarted, .timeMalformed),
        entry(.keyIdentifier, .keyIdentifierMismatch, .authorityKeyMismatch, .authorityIssuerMismatch),
        entry(
            .transparency, .sctTooFew, .sctOperatorDiversity, .sctLogType, .sctLogUnknown, .sctLogRetired,
            .sctLogRejected, .sctLogPending, .sctSignatureBad, .sctInFuture,
            .sctAfterDistrust, .ctListStale),

        entry(.revocation, .revoked, .crlUnusable, .crlSignaturesExhausted, .crlAbsent, .notAsked),
    ]
}
