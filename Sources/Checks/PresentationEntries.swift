import Reports

/// What was asked, how the connection went, and how the chain was served. Severities are DESIGN's.
extension Catalogue {
    static let presentationEntries: [CatalogueEntry] = [
        entry(
            .inputTarget, "The target is a host", .catenary("options"), .targetMalformed, .unknownOption,
            .valueMalformed, .instantMalformed, .durationMalformed, .thresholdMalformed, .nameMalformed,
            .optionConflict, .optionMissing, .unknownStore, .unknownClient, .unknownClientCertificate,
            .unknownProxy,
            .noCertificate, .pemTruncated, .base64Malformed,
            .pkcs7Malformed, .privateKeyRefused, .tooManyCertificates, .certificateMalformed,
            .certificateTooLarge),
        entry(.inputStores, "A trust store is asked for", .catenary("stores"), .noStore),
        entry(
            .inputCertificate, "Every certificate can be decoded", .rfc(5280, "4.1"),
            .certificateUndecodable),

        entry(
            .netResolve, "The name has an address", .catenary("probing"), .nameNotFound, .noAddress,
            .resolverFailed, .timeout),
        entry(
            .netConnect, "The address accepts a connection", .catenary("probing"), .connectionRefused,
            .connectionReset, .networkUnreachable, .noRoute, .timeout, .connectFailed),
        entry(
            .netHandshake, "The TLS handshake succeeds", .catenary("probing"), .notTLS, .alertReceived,
            .connectionClosed, .connectionReset, .timeout, .protocolError, .noCertificate,
            .certificatesTooLarge),
        entry(
            .netStartTLS, "The server offers TLS in its protocol", .catenary("probing"), .notOffered,
            .unexpectedReply, .injected, .timeout, .connectionClosed, .connectionReset),
        entry(
            .netEgress, "The address may be dialled", .catenary("probing"), .addressRefused,
            .destinationBusy),
        entry(
            .netProxy, "The proxy opens a tunnel", .rfc(9110, "9.3.6"), .proxyUnreachable, .proxyRefused,
            .proxyAuthentication, .proxyReplyMalformed, .timeout),

        entry(
            .tlsVersion, "The version of TLS is current", severity: .warning, .rfc(8996, "4"),
            .protocolObsolete),
        entry(
            .tlsSecurityLevel, "The handshake succeeds at libssl's own security level", severity: .warning,
            .catenary("probing"), .securityLevelLowered),
        entry(
            .tlsClientCertificate, "No client certificate is asked for", severity: .info,
            .rfc(8446, "4.3.2"), .clientCertificateRequested, .clientCertificateRequired,
            .clientCertificatePresented, .clientCertificateRefused),

        entry(
            .chainComplete, "Every intermediate is sent", .rfc(8446, "4.4.2"), .issuerNotSent, .issuerAbsent,
            .issuerNotFetched, .preloadUnknown),
        entry(
            .chainAIA, "Issuers that are not sent are where the certificates say", severity: .info,
            .rfc(5280, "4.2.2.1"), .issuerNotFetched, .addressRefused, .fetchedUndecodable, .fetchedUnrelated,
            .aiaLoop, .aiaExhausted),
        entry(
            .chainOrder, "Each certificate certifies the one before it", severity: .info,
            .rfc(8446, "4.4.2"), .outOfOrder),
        entry(
            .chainDuplicate, "No certificate is sent twice", severity: .info, .rfc(8446, "4.4.2"),
            .duplicateSent),
        entry(
            .chainUnrelated, "Nothing unrelated is sent", severity: .info, .rfc(8446, "4.4.2"),
            .unrelatedSent),
        entry(
            .chainAnchorSent, "No anchor is sent", severity: .info, .rfc(8446, "4.4.2"), .anchorSent),
        entry(
            .chainServes, "The end entity is the one expected", .rfc(8446, "4.4.2"), .otherCertificate),
        entry(
            .chainKey, "The private key is the end entity's", .rfc(8446, "4.4.3"), .keyMismatch),

        entry(
            .fleetPresentation, "Every address sends the same certificates", severity: .warning,
            .catenary("probing"), .presentationsDiffer),
        entry(
            .fleetVariants, "Whoever asks gets the same certificates", severity: .info,
            .catenary("probing"), .variantDiffers, .variantRefused),

        entry(
            .anchorOtherStore, "No other loaded store would trust the chain", kind: .client, severity: .info,
            .catenary("stores"), .trustedElsewhere),
        entry(
            .anchorStoreStale, "The lists of the stores asked for are recent", kind: .client, severity: .info,
            .catenary("trust data"), .storeStale),
    ]
}
