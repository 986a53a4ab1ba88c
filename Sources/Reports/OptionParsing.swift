import Certificates
import JSON

/// A request whose options are all well-formed.
package struct ParsedRequest: Sendable, Equatable {
    package var options: Options
    /// From `pem`, `der` or `pkcs7`; nil when the body itself is the certificates.
    package var posted: PostedCertificates?
    /// For a check.
    package var endpoint: Endpoint?

    package init(options: Options, posted: PostedCertificates? = nil, endpoint: Endpoint? = nil) {
        (self.options, self.posted, self.endpoint) = (options, posted, endpoint)
    }

    /// How many certificates the request may still bring.
    package var certificatesLeft: Int {
        PostedCertificates.limit - options.anchors.count - options.intermediates.count
    }
}

package enum OptionParser {
    /// Reads options from wherever they came, and finds everything that is wrong with them.
    ///
    /// A check without `name` seeks its host. Whether the stores exist is not known here, and no certificate
    /// is parsed yet.
    package static func parse(
        _ inputs: [OptionInput], for kind: RequestKind
    ) throws(OptionErrors) -> ParsedRequest {
        try parse(inputs, for: kind, over: OptionDraft())
    }

    /// The options of a replay: those recorded, and over them what `inputs` say.
    package static func parse(
        _ inputs: [OptionInput], over recorded: Options
    ) throws(OptionErrors) -> ParsedRequest {
        try parse(inputs, for: .replay, over: OptionDraft(options: recorded))
    }

    /// - Parameter shared: what was read before; what `inputs` say counts more.
    static func parse(
        _ inputs: [OptionInput], for kind: RequestKind, over shared: OptionDraft
    ) throws(OptionErrors) -> ParsedRequest {
        var draft = shared
        let seen = read(inputs, for: kind, into: &draft)
        let endpoint = kind == .check ? draft.endpoint(pointers: seen) : nil
        if draft.options.anchors.count + draft.options.intermediates.count > PostedCertificates.limit {
            let detail = "anchors and intermediates are more than \(PostedCertificates.limit) certificates"
            let pointer = seen["intermediates"] ?? ""
            draft.errors.append(OptionError(.tooManyCertificates, at: pointer, detail))
        }
        try draft.check()
        if draft.options.names.isEmpty, let endpoint { draft.options.names = [endpoint.host] }
        return ParsedRequest(options: draft.options, posted: draft.posted, endpoint: endpoint)
    }

    /// Reads each input into the draft, with what is wrong with it; returns where each option stands.
    static func read(
        _ inputs: [OptionInput], for kind: RequestKind, into draft: inout OptionDraft
    ) -> [String: String] {
        var seen: [String: String] = [:]
        for input in inputs {
            guard draft.errors.count < OptionErrors.limit else { break }
            guard let row = OptionTable.row(input.name), row.kinds.contains(kind) else {
                draft.errors.append(unknown(input, kind))
                continue
            }
            if let first = seen.updateValue(input.pointer, forKey: input.name) {
                let detail = "\(input.name) is given already at \(first)"
                draft.errors.append(OptionError(.optionConflict, at: input.pointer, detail))
                continue
            }
            row.read(input, &draft)
        }
        return seen
    }

    private static func unknown(_ input: OptionInput, _ kind: RequestKind) -> OptionError {
        let known = OptionTable.row(input.name) != nil
        let detail =
            known
            ? "\(input.name) does not apply to \(kind.rawValue)"
            : "there is no option \(Malformed.shown(input.name))"
        return OptionError(.unknownOption, at: input.pointer, detail)
    }
}

/// What has been read so far, and what was wrong with it.
struct OptionDraft: Sendable {
    var options = Options()
    var posted: PostedCertificates?
    var target: TargetText?
    var host: ReferenceIdentifier?
    var port: UInt16?
    var address: AddressChoice?
    var samples: Int?
    var sni: String?
    var start: TransportStart?
    var hasVariants = false
    var clientCertificate: String?
    var proxy: String?
    var errors: [OptionError] = []

    func check() throws(OptionErrors) {
        guard errors.isEmpty else { throw OptionErrors(Array(errors.prefix(OptionErrors.limit))) }
    }

    mutating func set<Value>(
        _ path: WritableKeyPath<OptionDraft, Value>, _ input: OptionInput, number: Bool = false,
        _ read: (String) throws(Malformed) -> Value
    ) {
        do throws(OptionError) {
            let item = try input.single(number: number)
            if let value = self.value(item, read) { self[keyPath: path] = value }
        } catch {
            errors.append(error)
        }
    }

    /// JSON true or false, or their texts.
    mutating func flag(_ path: WritableKeyPath<OptionDraft, Bool>, _ input: OptionInput) {
        if case .json(.bool(let value)) = input.value {
            self[keyPath: path] = value
        } else {
            set(path, input, OptionValues.flag)
        }
    }

    mutating func flag(_ path: WritableKeyPath<OptionDraft, Bool?>, _ input: OptionInput) {
        if case .json(.bool(let value)) = input.value {
            self[keyPath: path] = value
        } else {
            set(path, input) { text throws(Malformed) in try OptionValues.flag(text) }
        }
    }

    mutating func post(_ input: OptionInput, _ read: (String) throws(Malformed) -> PostedCertificates) {
        guard posted == nil else {
            let detail = "only one of pem, der and pkcs7 can be given"
            errors.append(OptionError(.optionConflict, at: input.pointer, detail))
            return
        }
        set(\.posted, input) { text throws(Malformed) in try read(text) }
    }

    mutating func list<Element>(
        _ path: WritableKeyPath<OptionDraft, [Element]>, _ input: OptionInput, separated: Bool,
        _ read: (String) throws(Malformed) -> Element
    ) {
        if let elements = elements(input, separated: separated, read) { self[keyPath: path] = elements }
    }

    mutating func list<Element>(
        _ path: WritableKeyPath<OptionDraft, [Element]?>, _ input: OptionInput, separated: Bool,
        _ read: (String) throws(Malformed) -> Element
    ) {
        if let elements = elements(input, separated: separated, read) { self[keyPath: path] = elements }
    }

    mutating func collect<Element>(
        _ path: WritableKeyPath<OptionDraft, Set<Element>>, _ input: OptionInput,
        _ read: (String) throws(Malformed) -> Element
    ) {
        if let elements = elements(input, separated: true, read) { self[keyPath: path] = Set(elements) }
    }

    /// One threshold or several; none would leave the state without a rule.
    mutating func thresholds(_ path: WritableKeyPath<OptionDraft, [Threshold]>, _ input: OptionInput) {
        guard let thresholds = elements(input, separated: true, OptionValues.threshold) else { return }
        if thresholds.isEmpty {
            errors.append(
                OptionError(.thresholdMalformed, at: input.pointer, "\(input.name) has no threshold"))
        } else {
            self[keyPath: path] = thresholds
        }
    }

    /// Nil when an element was bad; every bad one is an error of its own.
    private mutating func elements<Element>(
        _ input: OptionInput, separated: Bool, _ read: (String) throws(Malformed) -> Element
    ) -> [Element]? {
        let list = input.list(separated: separated)
        errors += list.errors
        let values = list.items.compactMap { value($0, read) }
        return list.errors.isEmpty && values.count == list.items.count ? values : nil
    }

    private mutating func value<Value>(
        _ item: OptionInput.Item, _ read: (String) throws(Malformed) -> Value
    ) -> Value? {
        do throws(Malformed) {
            return try read(item.text)
        } catch {
            errors.append(OptionError(error.code, at: item.pointer, error.detail))
            return nil
        }
    }

    /// `target`, or `host` and `port`; a port may stand in one of them only.
    mutating func endpoint(pointers: [String: String]) -> Endpoint? {
        if let target = pointers["target"], let host = pointers["host"] {
            errors.append(OptionError(.optionConflict, at: host, "host is given already by \(target)"))
            return nil
        }
        if target?.port != nil, let pointer = pointers["port"] {
            errors.append(OptionError(.optionConflict, at: pointer, "the target names a port already"))
            return nil
        }
        if target?.scheme != nil, let pointer = pointers["starttls"] {
            errors.append(
                OptionError(.optionConflict, at: pointer, "the target's scheme says how TLS begins already"))
            return nil
        }
        guard let host = target?.host ?? host else {
            if pointers["target"] == nil, pointers["host"] == nil {
                errors.append(OptionError(.optionMissing, at: "", "there is no target: give target or host"))
            }
            return nil
        }
        let start = target?.scheme?.start ?? start
        let port = target?.port ?? port ?? target?.scheme?.port ?? start?.startTLS?.port ?? 443
        if address == .all, let samples, samples > OptionValues.maximumSamplesOfEach {
            let most = "samples is at most \(OptionValues.maximumSamplesOfEach) with address=all"
            errors.append(OptionError(.optionConflict, at: pointers["samples"] ?? "samples", most))
        }
        var endpoint = Endpoint(host: host, port: port, sni: sni)
        endpoint.startTLS = start == nil ? StartTLS.implied(by: port) : start?.startTLS
        if case .one(let literal)? = address { endpoint.address = literal }
        endpoint.isFleet = address == .all
        endpoint.samples = samples ?? 1
        endpoint.hasVariants = hasVariants
        endpoint.clientCertificate = clientCertificate
        endpoint.proxy = proxy
        return endpoint
    }
}
