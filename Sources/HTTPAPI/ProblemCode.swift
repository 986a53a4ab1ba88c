/// The stable codes of problems that the HTTP layer itself finds; those of options come from the option
/// parser. Append-only.
package enum ProblemCode: String, Sendable, CaseIterable {
    // the connection and the header
    case requestMalformed = "request_malformed"
    case hostInvalid = "host_invalid"
    case transferCodingUnknown = "transfer_coding_unknown"
    case methodUnknown = "method_unknown"
    case versionUnsupported = "version_unsupported"
    case expectationUnknown = "expectation_unknown"
    case targetTooLong = "target_too_long"
    case headerTooLarge = "header_too_large"
    case headerTimeout = "header_timeout"
    case bodyTooLarge = "body_too_large"
    case bodyTimeout = "body_timeout"
    case bodyMalformed = "body_malformed"
    case contentCodingUnsupported = "content_coding_unsupported"
    // the route
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case notAcceptable = "not_acceptable"
    case mediaTypeUnsupported = "media_type_unsupported"
    // the body
    case emptyBody = "empty_body"
    case jsonMalformed = "json_malformed"
    case queryMalformed = "query_malformed"
    case tooManyRows = "too_many_rows"
    // the server
    case notReady = "not_ready"
    case openapiAbsent = "openapi_absent"
    case internalError = "internal_error"

    var status: Int {
        switch self {
        case .requestMalformed, .hostInvalid, .bodyMalformed, .emptyBody, .jsonMalformed, .queryMalformed: 400
        case .notFound, .openapiAbsent: 404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .headerTimeout, .bodyTimeout: 408
        case .bodyTooLarge, .tooManyRows: 413
        case .targetTooLong: 414
        case .contentCodingUnsupported, .mediaTypeUnsupported: 415
        case .expectationUnknown: 417
        case .headerTooLarge: 431
        case .internalError: 500
        case .transferCodingUnknown, .methodUnknown: 501
        case .notReady: 503
        case .versionUnsupported: 505
        }
    }

    var title: String {
        switch self {
        case .requestMalformed: "The request is not HTTP/1.1"
        case .hostInvalid: "A request names exactly one host"
        case .transferCodingUnknown: "The transfer coding is not known"
        case .methodUnknown: "The method is not known"
        case .versionUnsupported: "The version of HTTP is not supported"
        case .expectationUnknown: "The expectation cannot be met"
        case .targetTooLong: "The request target is too long"
        case .headerTooLarge: "The header is too large"
        case .headerTimeout: "The header did not arrive in time"
        case .bodyTooLarge: "The body is too large"
        case .bodyTimeout: "The body did not arrive in time"
        case .bodyMalformed: "The body broke off or is wrongly framed"
        case .contentCodingUnsupported: "Send the body without Content-Encoding"
        case .notFound: "There is nothing here"
        case .methodNotAllowed: "The method does not apply here"
        case .notAcceptable: "The answer has no form that you accept"
        case .mediaTypeUnsupported: "The Content-Type does not apply here"
        case .emptyBody: "The body is empty"
        case .jsonMalformed: "The body is not valid JSON"
        case .queryMalformed: "The query string is not valid"
        case .tooManyRows: "There are too many targets"
        case .notReady: "The server is not ready"
        case .openapiAbsent: "The API description was not installed"
        case .internalError: "The server failed"
        }
    }
}
