import NIOHTTP1

/// What a request's header must be before anyone looks at its route (RFC 9110, RFC 9112).
enum HeadRules {
    static func problem(with head: HTTPRequestHead, limits: APILimits) -> Problem? {
        guard head.version.major == 1 else {
            return Problem(.versionUnsupported, "This server speaks HTTP/1.1.")
        }
        if case .RAW(let method) = head.method {
            return Problem(.methodUnknown, "\"\(method.prefix(32))\" is no method that this server knows.")
        }
        guard head.uri.utf8.count <= limits.target else {
            return Problem(
                .targetTooLong,
                "The request target may have \(limits.target) octets. Send the options as JSON body.")
        }
        // RFC 9112 §3.2: a server must refuse a request without Host, or with more than one.
        let hosts = head.headers["Host"].count
        guard hosts == 1 || (hosts == 0 && head.version.minor == 0) else {
            return Problem(
                .hostInvalid, hosts == 0 ? "The Host field is missing." : "There are \(hosts) Host fields.")
        }
        return framing(head) ?? body(head, limits: limits)
    }

    /// RFC 9112 §6.1 and §6.3: anything that two parsers could read in two ways is refused.
    private static func framing(_ head: HTTPRequestHead) -> Problem? {
        let codings = head.headers["Transfer-Encoding"]
        guard !codings.isEmpty else { return nil }
        guard head.version.minor >= 1 else {
            return Problem(.requestMalformed, "Transfer-Encoding does not exist in HTTP/1.0.")
        }
        guard head.headers["Content-Length"].isEmpty else {
            return Problem(.requestMalformed, "Transfer-Encoding and Content-Length exclude each other.")
        }
        guard codings.count == 1, codings[0].lowercased() == "chunked" else {
            return Problem(.transferCodingUnknown, "The only transfer coding is chunked.")
        }
        return nil
    }

    private static func body(_ head: HTTPRequestHead, limits: APILimits) -> Problem? {
        if let length = head.headers.first(name: "Content-Length").flatMap({ Int($0) }), length > limits.body
        {
            return .bodyTooLarge(limit: limits.body)
        }
        if let coding = head.headers.first(name: "Content-Encoding"), coding.lowercased() != "identity" {
            return Problem(
                .contentCodingUnsupported, "Bodies are read as they are, without Content-Encoding.",
                headers: [("Accept-Encoding", "identity")])
        }
        let expectations = head.headers["Expect"]
        guard expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else {
            return Problem(.expectationUnknown, "The only expectation is 100-continue.")
        }
        return nil
    }

    static func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        head.version.minor >= 1 && !head.headers["Expect"].isEmpty
    }

    /// HTTP/1.0 connections end with their answer: nobody needs more of them.
    static func keepsAlive(_ head: HTTPRequestHead) -> Bool { head.version.minor >= 1 && head.isKeepAlive }

    /// What NIO's parser refuses before there is a header.
    static func problem(parsing error: HTTPParserError, limits: APILimits) -> Problem {
        switch error {
        case .headerOverflow:
            Problem(
                .headerTooLarge,
                "A header may have \(limits.header) octets in \(limits.headerFields) fields."
            )
        case .invalidVersion: Problem(.versionUnsupported, "This server speaks HTTP/1.1.")
        case .invalidMethod:
            Problem(.methodUnknown, "The request line starts with no method that this server knows.")
        case .invalidEOFState: Problem(.requestMalformed, "The connection ended within the header.")
        default: Problem(.requestMalformed, "The request cannot be read: \(error).")
        }
    }
}
