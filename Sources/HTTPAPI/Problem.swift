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
        var out = JSONWriter(reserving: 512)
        out.beginObject()
        out.member("type", "about:blank")
        out.member("title", title)
        out.member("status", status)
        out.member("detail", detail)
        out.member("code", code)
        out.member("request_id", requestID)
        if !fields.isEmpty {
            out.key("errors")
            out.beginArray()
            for field in fields {
                out.beginObject()
                out.member("code", field.code)
                switch field.place {
                case .pointer(let pointer): out.member("pointer", pointer)
                case .parameter(let name): out.member("parameter", name)
                case .body: break
                }
                out.member("detail", field.detail)
                out.endObject()
            }
            out.endArray()
        }
        out.endObject()
        out.newline()
        return out.bytes
    }
}
