import Reports

extension ReasonText {
    static let presentation: [Reason: ReasonText] = [
        .issuerNotSent: row(
            "the chain is incomplete: the issuer of {it} is not sent", .sendIntermediate,
            "send the missing intermediate after the certificate it issued"),
        .issuerNotFetched: row(
            "the issuer of {it} is not sent and was not fetched", .checkRequest,
            "let it be fetched with aia=true, or send it"),
        .preloadUnknown: ReasonText(
            meaning: "{it} is not sent, and it is not known whether this client has it preloaded", fix: nil),
        .fetchedUndecodable: row(
            "what is at the address that {it} names for its issuer is no certificate", .sendIntermediate,
            "send the intermediate; its address is the CA's to mend"),
        .fetchedUnrelated: row(
            "no certificate at the address that {it} names for its issuer has issued it", .sendIntermediate,
            "send the intermediate; its address is the CA's to mend"),
        .aiaLoop: row(
            "the addresses of issuers lead from {it} back to where they came from, and to no anchor",
            .sendIntermediate, "send the intermediates up to an anchor"),
        .aiaExhausted: ReasonText(
            meaning: "there are more addresses of issuers than are asked for one chain", fix: nil),
        .outOfOrder: row(
            "the certificates are not in order: each should certify the one before it", .reorder,
            "send the end entity first, then each issuer"),
        .duplicateSent: row("{it} is sent more than once", .removeCertificate, "send it once"),
        .unrelatedSent: row("{it} belongs to no path of this chain", .removeCertificate, "do not send it"),
        .anchorSent: row("{it} is self-signed and need not be sent", .removeCertificate, "do not send it"),
        .otherCertificate: row(
            "the end entity is not the certificate that was expected", .checkServer,
            "reload the service, or check which certificate it is configured with"),
        .keyMismatch: row(
            "the private key does not belong to {it}", .checkServer,
            "install the key that the certificate was issued for, or have it reissued"),
        .trustedElsewhere: ReasonText(meaning: "another loaded store would trust this chain", fix: nil),
        .storeStale: ReasonText(
            meaning: "the list of this store was published more than 180 days ago", fix: nil),
    ]
}
