import Reports

/// What a reason means and what to do about it: the prose beside the code. `{it}` is the certificate's name.
package struct ReasonText: Sendable {
    package let meaning: String
    package let fix: Fix?
    /// The meaning around each “{it}”.
    private let parts: [String]

    package func message(_ certificate: String, expected: String?, presented: String?) -> String {
        var out = parts.joined(separator: "“\(certificate)”")
        switch (expected, presented) {
        case (let e?, let p?): out += " (expected \(e); presented: \(p))"
        case (let e?, nil): out += " (expected \(e))"
        case (nil, let p?): out += " (\(p))"
        case (nil, nil): break
        }
        return out
    }

    /// The meaning without a certificate at hand, as the catalogue says it.
    package var general: String { parts.joined(separator: "the certificate") }

    package static func of(_ reason: Reason) -> ReasonText {
        table[reason] ?? ReasonText(meaning: reason.rawValue.replacing("_", with: " "), fix: nil)
    }

    init(meaning: String, fix: Fix?) {
        (self.meaning, self.fix) = (meaning, fix)
        parts = meaning.split(separator: "{it}", omittingEmptySubsequences: false).map(String.init)
    }

    static func row(_ meaning: String, _ action: Fix.Action, _ text: String) -> ReasonText {
        ReasonText(meaning: meaning, fix: Fix(action, text))
    }

    static let table: [Reason: ReasonText] = {
        var all: [Reason: ReasonText] = [:]
        for part in [
            requests, rows, network, presentation, path, times, transparency, profile, conditions, clients,
        ] {
            all.merge(part) { first, _ in first }
        }
        return all
    }()

    private static let conditions: [Reason: ReasonText] = [
        .issuedAfterDistrust: row(
            "the store does not accept what was issued under {it} so late", .reissue,
            "have the certificate issued by another CA"),
        .distrusted: row(
            "the store accepts nothing under {it} any more", .reissue,
            "have the certificate issued by another CA"),
        .anchorBlocked: row(
            "the store lists {it} and never accepts it", .reissue, "have the certificate issued by another CA"
        ),
        .certificateBlocked: row(
            "{it} is in a list of blocked certificates", .reissue, "have the certificate issued by another CA"
        ),
        .constraintsNotMet: row(
            "the chain does not meet what the store demands under {it}", .reissue,
            "have the certificate issued under another anchor"),
        .constraintsUnknown: ReasonText(
            meaning: "it could not be established whether the chain meets what the store demands under {it}",
            fix: nil),
        .conditionUnknown: ReasonText(
            meaning: "the store puts a condition on {it} that is not understood here", fix: nil),
        .notTrustedNow: ReasonText(meaning: "the store does not trust the chain now", fix: nil),
    ]

    private static let requests: [Reason: ReasonText] = [
        .targetMalformed: row(
            "the target is not a host", .checkRequest, "write host, host:port or [address]:port"),
        .noStore: row("no trust store was asked for", .checkRequest, "name stores, or post anchors"),
        .certificateUndecodable: row(
            "a certificate cannot be decoded", .checkServer, "replace it: it is damaged or no certificate"),
        .notAsked: ReasonText(meaning: "not asked for", fix: nil),
        .notEstablished: ReasonText(meaning: "could not be established", fix: nil),
    ]

    /// Of a row of a scan; the codes are those of problems.
    private static let rows: [Reason: ReasonText] = [
        .unknownOption: row(
            "an option of the row does not exist or does not apply", .checkRequest,
            "correct the option's name or leave it out"),
        .valueMalformed: row(
            "a value of the row is not of the option's kind", .checkRequest, "correct the value"),
        .instantMalformed: row(
            "an instant of the row is not RFC 3339", .checkRequest, "write it as 2026-11-24T13:59:00Z"),
        .durationMalformed: row(
            "a duration of the row cannot be read", .checkRequest, "write it as 90s, 12h or 30d"),
        .thresholdMalformed: row(
            "a threshold of the row cannot be read", .checkRequest, "write it as 21d, 12h or 25%"),
        .nameMalformed: row(
            "a name of the row is neither a DNS name nor an IP address", .checkRequest, "correct the name"),
        .optionConflict: row(
            "options of the row exclude each other", .checkRequest, "leave one of them out"),
        .optionMissing: row(
            "the row says neither a target nor certificates", .checkRequest, "add target, host or pem"),
        .unknownClientCertificate: row(
            "the service has no such client certificate", .checkRequest, "name one of --client-certificates"),
        .unknownProxy: row(
            "the service has no such proxy", .checkRequest, "name an entry of --proxies"),
        .unknownClient: row(
            "no client of that name is known", .checkRequest, "name one of those that the answer lists"),
        .unknownStore: row(
            "the row asks for a trust store that is not loaded", .checkRequest,
            "see the stores that are loaded, or load it"),
        .pemTruncated: row(
            "a PEM block of the row has no matching END line", .checkRequest, "send the whole PEM"),
        .base64Malformed: row(
            "the row holds what should be base64 and is not", .checkRequest, "encode it again"),
        .pkcs7Malformed: row(
            "the row's PKCS#7 cannot be decoded", .checkRequest, "export the certificates again"),
        .privateKeyRefused: row(
            "the row holds a private key", .checkRequest,
            "send certificates only, and treat the key as exposed"),
        .tooManyCertificates: row(
            "the row holds more certificates than a request may", .checkRequest, "send fewer certificates"),
        .certificateMalformed: row(
            "a certificate of the row is not X.509", .checkRequest, "export the certificate again"),
        .certificateTooLarge: row(
            "a certificate of the row is larger than any real one", .checkRequest,
            "check what the row brings"),
    ]

    private static let network: [Reason: ReasonText] = [
        .nameNotFound: row("the name does not resolve", .checkServer, "check the name and its DNS zone"),
        .noAddress: row("the name has no address", .checkServer, "add an A or AAAA record"),
        .resolverFailed: row(
            "the name servers did not answer properly", .checkServer, "check the name servers"),
        .timeout: row("no answer in time", .checkServer, "check the host, its firewall, or raise timeout"),
        .connectionRefused: row(
            "the connection was refused", .checkServer, "start the service or check the port"),
        .connectionReset: row(
            "the connection was reset", .checkServer, "check what stands in front of the service"),
        .connectionClosed: row(
            "the server closed the connection during the handshake", .checkServer,
            "check the service's log, its SNI rules and its TLS versions"),
        .networkUnreachable: row("there is no route to the address", .checkServer, "check the network"),
        .noRoute: row(
            "this host has no route to addresses of that family", .checkServer,
            "give this host IPv6 or ask from another one"),
        .presentationsDiffer: row(
            "the addresses of the name do not all send the same certificates", .checkServer,
            "install the same certificates on every address, and reload those that serve an old one"),
        .connectFailed: row("the connection failed", .checkServer, "check the host and the port"),
        .notOffered: row(
            "the server does not offer TLS in this protocol", .checkServer,
            "switch STARTTLS on, or check the protocol and the port"),
        .unexpectedReply: row(
            "the server does not answer as its protocol wants", .checkServer,
            "check that starttls names the protocol of this port"),
        .injected: row(
            "plain text came after the server's consent to TLS", .checkServer,
            "update the server: it, or something on the way, lets plain text pass for protected text"),
        .notTLS: row("the server does not speak TLS on this port", .checkServer, "check the port"),
        .alertReceived: row(
            "the server ended the handshake with an alert", .checkServer, "check its TLS settings"),
        .protocolError: row("the TLS handshake failed", .checkServer, "check the server's TLS settings"),
        .noCertificate: row("the server sent no certificate", .checkServer, "configure a certificate"),
        .certificatesTooLarge: row(
            "the server's certificate message is too large", .removeCertificate, "send only the chain"),
        .addressRefused: row(
            "the egress policy of this service does not let it connect there", .checkRequest,
            "if it is meant, start the service with --egress-allow and the address, its block or its name"),
        .destinationBusy: row(
            "this service probes the address as often as it may, and no turn came in time", .checkRequest,
            "ask again later, raise timeout, or raise --egress-connections or --egress-rate"),
        .proxyUnreachable: row(
            "the proxy of this service cannot be reached", .checkRequest, "check --proxy and the proxy itself"
        ),
        .proxyRefused: row(
            "the proxy of this service opens no tunnel to the address", .checkRequest,
            "check the rules of the proxy, and whether it reaches the host"),
        .proxyAuthentication: row(
            "the proxy of this service wants other credentials", .checkRequest,
            "start the service with --proxy-credentials"),
        .proxyReplyMalformed: row(
            "the proxy of this service does not answer as an HTTP proxy", .checkRequest,
            "check that --proxy names an HTTP proxy"),
        .protocolObsolete: row(
            "the server speaks an obsolete version of TLS", .checkServer, "enable TLS 1.2 and TLS 1.3"),
        .securityLevelLowered: row(
            "only a second attempt got here, with versions, algorithms and key sizes that clients refuse",
            .checkServer, "enable TLS 1.2 or TLS 1.3 with current cipher suites, groups and key sizes"),
        .clientCertificateRequested: ReasonText(
            meaning: "the server asks for a client certificate", fix: nil),
        .clientCertificateRequired: ReasonText(meaning: "the server demands a client certificate", fix: nil),
        .clientCertificatePresented: ReasonText(
            meaning: "the server asked for a client certificate and took ours", fix: nil),
        .clientCertificateRefused: row(
            "the server asked for a client certificate and refused ours", .checkServer,
            "check that the pair is of a CA that the server takes and has not expired"),
        .variantDiffers: row(
            "the server sends other certificates when it is asked in another way", .checkServer,
            "renew and install the certificates of every kind of key and of the default host together"),
        .variantRefused: ReasonText(
            meaning: "the server sends no certificate when it is asked without a name", fix: nil),
    ]

    private static let path: [Reason: ReasonText] = [
        .issuerAbsent: row(
            "the issuer of {it} is neither sent nor an anchor of any store", .sendIntermediate,
            "send the issuing intermediate, or add the private CA as a trust store"),
        .issuerFoundSignatureBad: row(
            "the issuer of {it} is known, but its key does not verify the signature", .reissue,
            "the certificate was altered or issued by another CA of this name: replace it"),
        .issuerFoundUntrusted: row(
            "the chain ends at {it}, which is no anchor of the stores asked for", .addAnchor,
            "add it as a trust store if it is yours, else have the certificate issued by a trusted CA"),
        .issuerFoundExpired: row("the issuer of {it} has expired", .sendIntermediate, "send its successor"),
        .issuerNameMismatch: row("the issuer of {it} has another name", .reissue, "replace the certificate"),
        .keyIdentifierMismatch: row(
            "the key identifiers of {it} and its issuer differ", .reissue,
            "have the certificate issued with the identifier of its issuer's key"),
        .keyUndecodable: row("the public key of {it} cannot be decoded", .reissue, "replace the certificate"),
        .keyParametersExplicit: row(
            "the key of {it} spells out its curve, which lets anybody forge for it", .reissue,
            "make a key on a named curve"),
        .keyExponentUnusable: row(
            "the RSA key of {it} lets anybody forge for it", .reissue, "make a new key with exponent 65537"),
        .keyTooSmall: row(
            "the key of {it} is too short", .reissue, "make a key of RSA 2048 or P-256 at least"),
        .digestTooWeak: row("{it} is signed with a broken digest", .reissue, "have it issued with SHA-256"),
        .algorithmUnknown: row(
            "libcrypto does not know the algorithm of {it}, so nothing is established", .checkServer,
            "judge it with a newer OpenSSL"),
        .algorithmMismatch: row(
            "{it} names two different signature algorithms", .reissue, "replace the certificate"),
        .keyCertSignAbsent: row(
            "{it} issued a certificate, but its key usage lacks keyCertSign", .sendIntermediate,
            "use an issuer that may sign certificates"),
        .keyUsageUnsuitable: row(
            "the key usage of {it} does not allow the purpose", .reissue,
            "have it issued with digitalSignature or keyEncipherment"),
        .notACA: row("{it} issued a certificate but is no CA", .sendIntermediate, "use a CA as issuer"),
        .basicConstraintsInvalid: row(
            "the basic constraints of {it} contradict the rest", .reissue, "replace the certificate"),
        .pathLengthExceeded: row(
            "{it} allows fewer intermediates below it than there are", .sendIntermediate, "use a shorter path"
        ),
        .depthExceeded: row(
            "the path is longer than allowed", .checkRequest, "raise max_depth or shorten the path"),
        .nameNotPermitted: row(
            "a name of {it} lies outside what its CA is permitted", .changeName,
            "use a name within the constraint"),
        .nameExcluded: row("a name of {it} is excluded by its CA", .changeName, "use another name or CA"),
        .nameConstraintsUnsupported: row(
            "{it} falls under a name constraint of a kind that is not supported", .reissue, "use another CA"),
        .nameConstraintsMalformed: row(
            "the name constraints of {it} are malformed", .reissue, "replace the CA certificate"),
        .purposeNotAllowed: row(
            "the extended key usage of {it} does not allow the purpose", .reissue,
            "have it issued with the right extended key usage"),
        .extensionMalformed: row("an extension of {it} is malformed", .reissue, "replace the certificate"),
        .criticalExtensionUnknown: row(
            "{it} has a critical extension that is not understood", .reissue, "have it issued without it"),
        .policyMalformed: row("the policies of {it} are malformed", .reissue, "replace the certificate"),
        .policyNotSatisfied: row(
            "no acceptable policy holds over the whole path", .checkRequest, "check the policies asked for"),
        .proxyCertificate: row("{it} is a proxy certificate", .reissue, "use an end entity certificate"),
        .pathNotFollowed: row(
            "libcrypto judged another chain than the one asked for", .checkServer,
            "send certificates with key identifiers"),
        .unspecified: ReasonText(meaning: "libcrypto gave up without saying why", fix: nil),
        .revoked: row("{it} is revoked", .reissue, "replace the certificate"),
        .crlSignaturesExhausted: row(
            "whether a CRL for {it} is signed was not found out within the budget", .checkServer,
            "supply fewer CRLs and issuers of one name"),
        .crlUnusable: row("a CRL for {it} cannot be used", .checkServer, "supply a valid CRL"),
        .crlAbsent: ReasonText(meaning: "no CRL for {it}", fix: nil),
        .stepsExhausted: budget("search steps"),
        .signaturesExhausted: budget("signature checks"),
        .pathsExhausted: budget("paths"),
        .depthExhausted: budget("intermediates in one path"),
        .certificatesExhausted: budget("certificates"),
        .nameConstraintsExhausted: budget("comparisons of names with constraints"),
        .anchorAbsent: row(
            "no trust anchor is known for the chain", .addAnchor, "add the CA as a trust store"),
        .selfSigned: row(
            "{it} is self-signed and no anchor of the stores asked for", .addAnchor,
            "use a certificate of a CA, or add this one as a trust store"),
    ]

    private static func budget(_ what: String) -> ReasonText {
        row("the search used up its budget of \(what)", .removeCertificate, "send only the chain")
    }

    private static let times: [Reason: ReasonText] = [
        .validityEnded: row("{it} has expired", .renew, "replace it with a current one"),
        .validityNotStarted: row(
            "{it} is not yet valid", .checkClock, "check the clocks, or wait until it is valid"),
        .timeMalformed: row("a date of {it} is malformed", .reissue, "replace the certificate"),
        .nameMismatch: row(
            "{it} is not for this name", .changeName,
            "use a certificate that carries the name, or another name"),
        .namesAbsent: row(
            "{it} carries no subject alternative name", .reissue, "have it issued with the name in its SAN"),
    ]

    private static let transparency: [Reason: ReasonText] = [
        .sctTooFew: row(
            "{it} carries fewer valid SCTs than the client requires", .reissue,
            "have it issued by a CA that logs it, with its SCTs embedded"),
        .sctOperatorDiversity: row(
            "the SCTs of {it} come from too few log operators", .reissue,
            "have it issued with SCTs of logs of different operators"),
        .sctLogType: row(
            "no SCT of {it} comes from an RFC 6962 log", .reissue,
            "have it issued with an SCT of such a log"),
        .sctLogUnknown: ReasonText(
            meaning: "SCTs of {it} come from logs that are not in the log list", fix: nil),
        .sctLogRetired: row(
            "the log of an SCT of {it} is retired", .reissue, "have it issued with SCTs of current logs"),
        .sctLogRejected: row(
            "the log of an SCT of {it} is rejected", .reissue, "have it issued with SCTs of current logs"),
        .sctLogPending: row(
            "the log of an SCT of {it} is not yet accepted", .reissue,
            "have it issued with SCTs of current logs"),
        .sctSignatureBad: row(
            "the signature of an SCT of {it} does not verify", .reissue, "have it issued with valid SCTs"),
        .sctInFuture: row(
            "an SCT of {it} is of a later time", .checkClock, "check the clocks, or wait until then"),
        .sctAfterDistrust: row(
            "SCTs of {it} are later than the date from which the store distrusts its anchor", .reissue,
            "have the certificate issued by another CA"),
        .ctListStale: ReasonText(
            meaning: "the log list is too old to judge SCTs by: newer trust data is needed", fix: nil),
    ]

    private static let profile: [Reason: ReasonText] = [
        .lifetimeTooLong: row(
            "{it} is valid for longer than its time of issuance allows", .reissue,
            "have it issued for a shorter time"),
        .ekuNotServerOnly: row(
            "{it} is for servers and for other purposes", .reissue,
            "have it issued for serverAuth alone, and another one for clients"),
        .revocationSourceAbsent: row(
            "{it} names neither a CRL nor an OCSP responder and is not short-lived", .reissue,
            "have it issued with a CRL distribution point, or for a few days"),
        .sanAbsent: row("{it} has no subject alternative name", .reissue, "have it issued with one"),
        .sanEmpty: row("the subject alternative name of {it} is empty", .reissue, "replace the certificate"),
        .sanCriticality: row(
            "the subject alternative name of {it} is critical or not against RFC 5280", .reissue,
            "critical exactly when the subject is empty"),
        .nameSyntax: row("a name of {it} is malformed", .reissue, "use letters, digits and hyphens"),
        .subjectEmpty: row("the subject of {it} is empty", .reissue, "replace the certificate"),
        .issuerEmpty: row("the issuer of {it} is empty", .reissue, "replace the certificate"),
        .serialInvalid: row("the serial number of {it} is not allowed", .reissue, "replace the certificate"),
        .keyNotAllowed: row(
            "the key of {it} is of a kind that the profile does not allow", .reissue,
            "make a key of an allowed kind"),
        .ekuAbsent: row("{it} has no extended key usage", .reissue, "have it issued with serverAuth"),
        .ekuCritical: row(
            "the extended key usage of {it} is critical", .reissue, "have it issued non-critical"),
        .ekuAny: row("{it} allows any purpose", .reissue, "have it issued with serverAuth alone"),
        .authorityKeyIdentifierAbsent: row(
            "{it} has no authority key identifier", .reissue, "have it issued with one"),
        .authorityIssuerPresent: row(
            "the authority key identifier of {it} names an issuer and a serial number", .reissue,
            "have it issued with a key identifier alone"),
        .subjectKeyIdentifierAbsent: row(
            "{it} has no subject key identifier", .reissue, "have it issued with one"),
        .extensionCriticality: row(
            "an extension of {it} is critical or not against RFC 5280", .reissue, "replace the certificate"),
        .extensionMisplaced: row(
            "{it} carries an extension that only CAs may", .reissue, "replace the certificate"),
        .keyUsageAbsent: row("{it} is a CA without key usage", .reissue, "replace the CA certificate"),
        .endEntityIsCA: row(
            "{it} is an end entity and a CA at once", .reissue, "use an end entity certificate"),
        .ekuForbidden: row(
            "{it} is a root with an extended key usage", .reissue, "limit intermediates, not the root"),
        .commonNameForm: row(
            "the common name of {it} is a host written in another form than its SAN's", .reissue,
            "leave the common name out, or copy a name of the SAN"),
        .versionTooLow: row("{it} is not of version 3", .reissue, "replace the certificate"),
    ]
}
