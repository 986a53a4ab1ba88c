import Reports

/// What a store or its client decides for itself.
extension Catalogue {
    static let storeEntries: [CatalogueEntry] = [
        entry(
            .anchorDistrusted, "The anchor's conditions are met", kind: .client,
            .catenary("store conditions"), .issuedAfterDistrust, .distrusted, .anchorBlocked,
            .nameNotPermitted, .constraintsNotMet, .constraintsUnknown, .conditionUnknown),
        entry(
            .clientPathBuilding, "The client finds the good path among what was sent", kind: .client,
            .rfc(4158, "2.4"), .goodPathMissed),
        entry(
            .revocationBlocked, "No certificate of the path is in a list of blocked ones", kind: .client,
            .catenary("block lists"), .certificateBlocked),
        entry(
            .renewalRefused, "The next certificate will be accepted", severity: .warning,
            .catenary("renewal"), .issuedAfterDistrust, .distrusted, .constraintsNotMet, .validityEnded,
            .validityNotStarted, .goodPathMissed, .notTrustedNow),
    ]
}
