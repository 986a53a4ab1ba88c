import HTTPTypes
import Hummingbird

/// What goes back: a status, bytes and their type.
struct Answer: Sendable {
    var status: Int
    var type: String
    var body: ByteBuffer
    var headers: [(name: String, value: String)] = []
    /// In place of the body, for answers whose length is not known when they begin.
    var stream: Stream?

    typealias Stream = @Sendable (inout any ResponseBodyWriter) async throws -> Void

    init(type: String, headers: [(name: String, value: String)], stream: @escaping Stream) {
        self.init(type: type, [], headers: headers)
        self.stream = stream
    }

    init(_ status: Int = 200, type: String, _ bytes: [UInt8], headers: [(name: String, value: String)] = []) {
        (self.status, self.type, self.headers) = (status, type, headers)
        body = ByteBuffer(bytes: bytes)
    }

    init(_ problem: Problem, requestID: String) {
        self.init(
            problem.status, type: "application/problem+json", problem.json(requestID: requestID),
            headers: problem.headers + [("Cache-Control", "no-store")])
    }

    /// The response; for HEAD the same header without the body (RFC 9110 §9.3.2).
    func response(requestID: String, headOnly: Bool) -> Response {
        var fields = HTTPFields()
        fields.reserveCapacity(headers.count + 6)
        fields[.contentType] = type
        if stream == nil { fields[.contentLength] = String(body.readableBytes) }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        fields[.requestID] = requestID
        fields[.xContentTypeOptions] = "nosniff"
        let content = stream.map { ResponseBody($0) } ?? ResponseBody(byteBuffer: body)
        return Response(
            status: .init(code: status), headers: fields, body: headOnly ? ResponseBody() : content)
    }
}

extension HTTPField.Name {
    /// Constants that are tokens, so the fallback is never taken.
    static let requestID = HTTPField.Name("X-Request-Id") ?? .from
    static let scrapeTimeout = HTTPField.Name("X-Prometheus-Scrape-Timeout-Seconds") ?? .from
}
