import Certificates

/// What a judgement wants fetched.
package struct Wanted: Sendable, Hashable {
    package enum Kind: String, Sendable { case issuer, ocsp, crl }

    package var kind: Kind
    /// As written in the certificate: http or https.
    package var url: String
    /// The certificate it is about: the one whose issuer is missing, or whose status is asked.
    package var certificate: SHA256Digest
    /// OCSPRequest as DER (RFC 6960 §4.1); nil for the others.
    package var request: [UInt8]?

    package init(kind: Kind, url: String, certificate: SHA256Digest, request: [UInt8]? = nil) {
        (self.kind, self.url, self.certificate, self.request) = (kind, url, certificate, request)
    }
}

/// What came of it. Part of the evidence, so that a replay needs no network.
package struct Fetched: Sendable, Equatable {
    package var wanted: Wanted
    package var result: Result<Octets, FetchFailure>
    /// When it was asked for, or asked again with success (RFC 9111 §4.3): a cached answer keeps its own.
    package var at: Instant

    package init(wanted: Wanted, result: Result<Octets, FetchFailure>, at: Instant) {
        (self.wanted, self.result, self.at) = (wanted, result, at)
    }
}

/// Why nothing usable came.
package struct FetchFailure: Error, Sendable, Equatable {
    package enum Code: String, Sendable, CaseIterable {
        /// Neither http nor https, or no URL at all.
        case unsupported
        /// The egress policy forbids the address, of the URL or of a redirect.
        case refused
        case resolve
        case connect
        case tls
        case timeout
        /// Any status but 200.
        case status
        case tooLarge = "too_large"
        case tooManyRedirects = "too_many_redirects"
        /// The bound on what one request may fetch came first.
        case budget
        case transfer
    }

    package var code: Code
    /// What was seen, such as the status line; for people.
    package var detail: String

    package init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }
}
