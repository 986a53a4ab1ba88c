import JSON

/// A request that could not be answered, as RFC 9457 problem details.
package struct Problem: Error, Sendable {
    /// Stable, snake_case.
    package var code: String
    package var status: Int
    package var title: String
    package var detail: String
    package var fields: [Field] = []
    /// Header fields that belong to the status, such as Allow.
    package var headers: [(name: String, value: String)] = []

    /// One offending part of the request.
    package struct Field: Sendable {
        package var code: String
        package var place: Place
        package var detail: String

        package enum Place: Sendable {
            /// RFC 6901, into the JSON body.
            case pointer(String)
            /// The name of a query parameter.
            case parameter(String)
            /// On the command line: a flag's option, or the input itself.
            case option(String)
            case body
        }

        package init(code: String, place: Place, detail: String) {
            (self.code, self.place, self.detail) = (code, place, detail)
        }
    }

    init(
        _ code: ProblemCode, _ detail: String, fields: [Field] = [],
        headers: [(name: String, value: String)] = []
    ) {
        (self.code, self.status, self.title) = (code.rawValue, code.status, code.title)
        (self.detail, self.fields, self.headers) = (detail, fields, headers)
    }

    init(code: String, status: Int, title: String, detail: String, fields: [Field]) {
        (self.code, self.status, self.title) = (code, status, title)
        (self.detail, self.fields) = (detail, fields)
    }

    /// The document, as `application/problem+json`, with a newline at its end.
    package func json(requestID: String?) -> [UInt8] {
        Self.document(
            code, title: title, detail: detail, status: status, requestID: requestID, fields: fields)
    }

    /// The same document where there is no HTTP status: the command line's, with the target it is about.
    package static func document(
        _ code: String, title: String, detail: String, status: Int? = nil, requestID: String? = nil,
        target: String? = nil, fields: [Field] = []
    ) -> [UInt8] {
        var out = JSONWriter(reserving: 512)
        out.beginObject()
        out.member("type", "about:blank")
        out.member("title", title)
        out.member("status", status)
        out.member("detail", detail)
        out.member("code", code)
        out.member("request_id", requestID)
        out.member("target", target)
        if !fields.isEmpty {
            out.list("errors", fields) { field, out in
                out.beginObject()
                out.member("code", field.code)
                switch field.place {
                case .pointer(let pointer): out.member("pointer", pointer)
                case .parameter(let name): out.member("parameter", name)
                case .option(let name): out.member("option", name)
                case .body: break
                }
                out.member("detail", field.detail)
                out.endObject()
            }
        }
        out.endObject()
        out.newline()
        return out.bytes
    }
}
