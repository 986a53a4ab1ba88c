import HTTPTypes
import Hummingbird
import JSON
import Reports

/// A request as the option parser left it, with what is needed to point at its parts.
struct ReadRequest: Sendable {
    var parsed: ParsedRequest
    /// Where each option stands, by its name.
    var pointers: [String: String]
    /// The option `format`, else what Accept prefers.
    var format: Format
}

/// From header, query and body to options.
struct RequestReading {
    let request: Request
    let query: Substring
    let limits: APILimits

    /// A body whose type is known and whose bytes are all there.
    struct Collected: Sendable {
        let form: BodyForm
        let bytes: [UInt8]
        /// Content-Type as it was given.
        let type: String
    }

    /// Content-Type as it was given, and without its parameters.
    var contentType: (given: String, type: String) {
        let given = request.headers[.contentType] ?? ""
        return (given, (given.split(separator: ";").first ?? "").trimmed.lowercased())
    }

    /// Nil when the method brings none.
    func collect(_ kind: RequestKind) async throws(Problem) -> Collected? {
        guard request.method == .post else { return nil }
        let (given, type) = contentType
        // A type that no body could mend is refused before the body is read.
        guard let form = BodyForm(type: type, kind: kind) else { throw Self.unsupported(given, kind) }
        let bytes = try await bytes()
        guard !bytes.isEmpty else { throw Self.empty(kind) }
        return Collected(form: form, bytes: bytes, type: given)
    }

    /// - Parameter target: of the path, still percent-encoded.
    func read(_ kind: RequestKind, target: String?, _ collected: Collected?) throws(Problem) -> ReadRequest {
        var inputs = try queryInputs()
        if let target {
            guard let text = QueryString.decode(target[...], plus: false) else {
                throw Problem(code: .targetMalformed, at: "target", "The path is not percent-encoded UTF-8.")
            }
            inputs.append(OptionInput(name: "target", value: .text([text]), pointer: "target"))
        }
        var posted: PostedCertificates?
        if let collected {
            switch try body(collected, kind) {
            case .options(let more): inputs += more
            case .certificates(let certificates): posted = certificates
            }
        }
        return try finish(try parse(inputs, kind, posted: posted), inputs)
    }

    func finish(_ parsed: ParsedRequest, _ inputs: [OptionInput]) throws(Problem) -> ReadRequest {
        guard let format = parsed.options.format ?? Negotiation.format(accept: request.headers[.accept])
        else {
            throw Problem(.notAcceptable, "A report is application/json or text/plain.")
        }
        let pointers = Dictionary(inputs.map { ($0.name, $0.pointer) }) { first, _ in first }
        return ReadRequest(parsed: parsed, pointers: pointers, format: format)
    }

    private func parse(
        _ inputs: [OptionInput], _ kind: RequestKind, posted: PostedCertificates?
    ) throws(Problem) -> ParsedRequest {
        let pointers = Dictionary(inputs.map { ($0.name, $0.pointer) }) { first, _ in first }
        do throws(OptionErrors) {
            var parsed = try OptionParser.parse(inputs, for: kind)
            if let posted {
                if parsed.posted != nil,
                    let name = ["pem", "der", "pkcs7"].first(where: { pointers[$0] != nil })
                {
                    throw OptionErrors([
                        OptionError(.optionConflict, at: name, "the body itself is the certificates already")
                    ])
                }
                parsed.posted = posted
            }
            return parsed
        } catch {
            throw Problem(error, pointers: pointers)
        }
    }

    func queryInputs() throws(Problem) -> [OptionInput] {
        do throws(QueryString.Malformed) {
            return OptionInput.query(try QueryString.parse(query))
        } catch {
            throw Problem(error)
        }
    }

    private enum Body {
        case options([OptionInput])
        case certificates(PostedCertificates)
    }

    private func body(_ collected: Collected, _ kind: RequestKind) throws(Problem) -> Body {
        let bytes = collected.bytes
        switch collected.form {
        case .json: return .options(OptionInput.body(try json(bytes)))
        case .pem: return .certificates(.pem(bytes))
        case .der: return .certificates(.der(bytes))
        case .pkcs7: return .certificates(.pkcs7(bytes))
        case .pemIfItIs:
            // curl --data-binary says application/x-www-form-urlencoded of whatever it sends.
            guard bytes.contains(Self.begin) else { throw Self.unsupported(collected.type, kind) }
            return .certificates(.pem(bytes))
        }
    }

    func bytes() async throws(Problem) -> [UInt8] {
        do {
            let buffer = try await request.body.collect(upTo: limits.body)
            return Array(buffer.readableBytesView)
        } catch let aborted as BodyAborted {
            throw aborted.problem
        } catch {
            throw Problem(.bodyMalformed, "The body did not arrive whole.")
        }
    }

    func json(_ bytes: [UInt8]) throws(Problem) -> JSONObject {
        do throws(JSONError) {
            let value = try JSONParser.parse(bytes, maxDepth: limits.jsonDepth)
            if case .object(let object) = value { return object }
        } catch {
            let detail = "\(error.code.rawValue) at offset \(error.offset)"
            throw Problem(
                .jsonMalformed, "The body is not valid JSON: \(detail).",
                fields: [
                    .init(
                        code: error.code.rawValue, place: .pointer(error.pointer),
                        detail: "At offset \(error.offset).")
                ])
        }
        throw Problem(
            .jsonMalformed, "The body is a JSON object of options, such as {\"pem\": \"-----BEGIN …\"}.",
            fields: [.init(code: "object_expected", place: .pointer(""), detail: "Not an object.")])
    }

    private static let begin = Array("-----BEGIN ".utf8)

    private static func empty(_ kind: RequestKind) -> Problem {
        switch kind {
        case .validate:
            Problem(.emptyBody, "Send certificates as body, or a JSON object with pem, der or pkcs7.")
        case .check: Problem(.emptyBody, "Send a JSON object of options, or GET /v1/check/{host}.")
        case .replay:
            Problem(.emptyBody, "Send a JSON object with evidence, or with a report that holds it.")
        }
    }

    private static func unsupported(_ given: String, _ kind: RequestKind) -> Problem {
        let seen = given.isEmpty ? "There is no Content-Type." : "The Content-Type does not apply here."
        switch kind {
        case .validate:
            return Problem(
                .mediaTypeUnsupported,
                "\(seen) For PEM send \"Content-Type: application/pem-certificate-chain\"; "
                    + "there are \(BodyForm.types.joined(separator: ", ")) too.",
                headers: [
                    (
                        "Accept-Post",
                        (["application/pem-certificate-chain"] + BodyForm.types).joined(separator: ", ")
                    )
                ])
        case .check, .replay:
            return Problem(
                .mediaTypeUnsupported, "\(seen) Send \"Content-Type: application/json\".",
                headers: [("Accept-Post", "application/json")])
        }
    }
}

/// What a body is, by its media type.
enum BodyForm {
    case json, pem, der, pkcs7, pemIfItIs

    static let types = [
        "application/x-pem-file", "text/plain", "application/pkix-cert", "application/pkcs7-mime",
        "application/json",
    ]

    init?(type: String, kind: RequestKind) {
        switch (type, kind) {
        case ("application/json", _): self = .json
        case ("application/pem-certificate-chain", .validate), ("application/x-pem-file", .validate),
            ("text/plain", .validate):
            self = .pem
        case ("application/pkix-cert", .validate): self = .der
        case ("application/pkcs7-mime", .validate): self = .pkcs7
        case ("application/x-www-form-urlencoded", .validate), ("", .validate): self = .pemIfItIs
        default: return nil
        }
    }
}

extension Problem {
    init(_ error: QueryString.Malformed) {
        let detail = "Not percent-encoded UTF-8."
        self.init(
            .queryMalformed, detail,
            fields: [
                Field(
                    code: ProblemCode.queryMalformed.rawValue,
                    place: .parameter(String(error.parameter.prefix(64))), detail: detail)
            ])
    }

    /// One offending option.
    init(code: OptionError.Code, at pointer: String, _ detail: String) {
        self.init(OptionErrors([OptionError(code, at: pointer, detail)]), pointers: [:])
    }

    /// - Parameter pointers: by option name; an error that names an option points to where it stands.
    init(_ errors: OptionErrors, pointers: [String: String]) {
        let first = errors.errors.first
        let code = first?.code ?? .valueMalformed
        let more = errors.errors.count - 1
        self.init(
            code: code.rawValue, status: code.status, title: code.title,
            detail: (first?.detail ?? "").sentence + (more > 0 ? " There are \(more) more errors." : ""),
            fields: errors.errors.map { error in
                let pointer = pointers[error.pointer] ?? error.pointer
                let place: Field.Place =
                    pointer.hasPrefix("/") ? .pointer(pointer) : pointer.isEmpty ? .body : .parameter(pointer)
                return Field(code: error.code.rawValue, place: place, detail: error.detail.sentence)
            })
    }
}

extension OptionError.Code {
    /// 400 for what is no option at all, 413 for too much, else 422: well-formed, but nothing can be done
    /// with it.
    fileprivate var status: Int {
        switch self {
        case .unknownOption, .optionConflict, .optionMissing: 400
        case .tooManyCertificates: 413
        default: 422
        }
    }

    fileprivate var title: String {
        switch self {
        case .unknownOption: "There is no such option"
        case .optionConflict: "Options exclude each other"
        case .optionMissing: "An option is missing"
        case .noCertificate: "There is no certificate"
        case .pemTruncated, .base64Malformed: "The PEM cannot be decoded"
        case .pkcs7Malformed: "The PKCS#7 cannot be decoded"
        case .certificateMalformed, .certificateTooLarge: "A certificate cannot be decoded"
        case .tooManyCertificates: "There are too many certificates"
        case .privateKeyRefused: "Private keys are not accepted"
        case .unknownStore: "There is no such trust store"
        case .unknownClientCertificate: "There is no such client certificate"
        case .unknownProxy: "There is no such proxy"
        case .unknownClient: "There is no such client"
        default: "An option cannot be read"
        }
    }
}

extension String {
    /// With a capital and a full stop.
    fileprivate var sentence: String {
        guard let first else { return self }
        return first.uppercased() + dropFirst() + (hasSuffix(".") ? "" : ".")
    }
}

extension Array where Element: Equatable {
    /// Whether `other` occurs in it.
    fileprivate func contains(_ other: [Element]) -> Bool {
        guard let first = other.first, other.count <= count else { return false }
        for start in 0...(count - other.count) where self[start] == first {
            if self[start..<start + other.count].elementsEqual(other) { return true }
        }
        return false
    }
}
