import Certificates
import JSON

extension EvidenceRecord {
    /// Handshakes of one check: sixteen addresses four times, or one address sixteen times.
    private static let memberLimit = Endpoint.maximumAddresses * OptionValues.maximumSamplesOfEach

    /// Reads what `EvidenceDocument` wrote. Strict: unknown members, octets that are not those of their name
    /// and whatever else does not fit is an error, the first one found.
    ///
    /// - Parameter pointer: where the value stands in what was given.
    package init(_ value: JSONValue, at pointer: String) throws(EvidenceError) {
        let placed = PlacedValue(value: value, pointer: pointer)
        // Before the members: those of a later schema need not be known.
        guard let schema = placed.value.object?["schema"] else {
            throw EvidenceError(.malformed, at: pointer, "this is no evidence: the member schema is missing")
        }
        guard schema.int == Self.schema else {
            throw EvidenceError(
                .schemaUnknown, at: pointer + "/schema", "schema \(Self.schema) is understood here")
        }
        let object = try StrictObject(
            placed,
            [
                "schema", "id", "row", "checked_at", "at", "rules", "target", "stores", "stores_from",
                "options",
                "anchors", "intermediates", "crls", "fleet", "members", "variants", "octets",
            ])
        let octets = try OctetTable(object.required("octets"))
        self.init(
            id: try object.required("id").identifier(),
            checkedAt: try object.required("checked_at").instant(),
            at: try object.required("at").instant(), stores: try object.required("stores").strings(),
            storesFrom: StoresFrom(try object.required("stores_from").string()),
            options: try Self.options(object, octets), rules: try RuleVersions(object.required("rules")),
            members: try object.required("members").list(limit: Self.memberLimit) {
                member throws(EvidenceError) in try Evidence(member, octets)
            },
            isFleet: try object.required("fleet").bool(),
            variants: try object.required("variants").list(limit: Variant.allCases.count) {
                variant throws(EvidenceError) in
                VariantEvidence(
                    try StrictObject(variant, Evidence.names.union(["variant"])).required("variant").choice(),
                    try Evidence(variant, octets, more: ["variant"]))
            })
        row = try object.optional("row")?.count()
        target = try object.optional("target").map { target throws(EvidenceError) in try Target(target) }
        guard isFleet ? !members.isEmpty : members.count == 1 else {
            let wanted = isFleet ? "one or more" : "one"
            throw EvidenceError(
                .malformed, at: pointer + "/members", "there are \(members.count), not \(wanted)")
        }
    }

    /// Evidence, or a report's that was made with `include=evidence`; and where it stands.
    package static func find(
        in value: JSONValue, at pointer: String
    ) throws(EvidenceError) -> (EvidenceRecord, place: String) {
        guard let report = value.object, report["verdict"] != nil else {
            return (try EvidenceRecord(value, at: pointer), pointer)
        }
        let place = pointer + "/evidence"
        guard let evidence = report["evidence"], evidence.object != nil else {
            throw EvidenceError(
                .incomplete, at: place, "the report holds no evidence; ask for it with include=evidence")
        }
        return (try EvidenceRecord(evidence, at: place), place)
    }

    private static func options(
        _ object: StrictObject, _ octets: OctetTable
    ) throws(EvidenceError) -> Options {
        let placed = try object.required("options")
        let given = try StrictObject(placed, Options.recorded)
        var options: Options
        do throws(OptionErrors) {
            options = try OptionParser.parse(
                OptionInput.body(given.object, at: placed.pointer), for: .replay
            ).options
        } catch {
            let first = error.errors.first
            throw EvidenceError(
                .malformed, at: first?.pointer ?? placed.pointer, first?.detail ?? "cannot be read")
        }
        options.anchors = try octets.list(object.required("anchors"), limit: PostedCertificates.limit)
        options.intermediates = try octets.list(
            object.required("intermediates"), limit: PostedCertificates.limit)
        options.crls = try octets.list(object.required("crls"), limit: OptionValues.crlLimit)
        return options
    }
}

/// Octets by their digests, each compared with its name.
private struct OctetTable {
    /// Certificates, responses and CRLs of one check: sixteen addresses with sixty each.
    private static let limit = 1_000
    private var all: [SHA256Digest: Octets] = [:]

    init(_ placed: PlacedValue) throws(EvidenceError) {
        guard let object = placed.value.object else { throw placed.malformed("an object") }
        guard object.members.count <= Self.limit else {
            throw EvidenceError(
                .tooLarge, at: placed.pointer, "\(object.members.count) bodies; the limit is \(Self.limit)")
        }
        for member in object.members {
            let pointer = "\(placed.pointer)/\(JSONPointer.token(member.name))"
            guard let name = SHA256Digest(hex: member.name) else {
                throw EvidenceError(.malformed, at: pointer, "octets are named by their SHA-256 in hex")
            }
            let text = Array(try PlacedValue(value: member.value, pointer: pointer).string().utf8)
            guard let bytes = Base64.decode(text[...]) else {
                throw EvidenceError(.malformed, at: pointer, "not base64 (RFC 4648, section 4)")
            }
            let body = Octets(bytes)
            guard body.sha256 == name else {
                throw EvidenceError(
                    .hashMismatch, at: pointer, "the SHA-256 of these octets is \(body.sha256)")
            }
            all[name] = body
        }
    }

    func body(_ placed: PlacedValue) throws(EvidenceError) -> Octets {
        let digest = try placed.digest()
        guard let body = all[digest] else {
            throw EvidenceError(.incomplete, at: placed.pointer, "octets holds none of this SHA-256")
        }
        return body
    }

    func bytes(_ placed: PlacedValue?) throws(EvidenceError) -> [UInt8]? {
        guard let placed else { return nil }
        return try body(placed).array
    }

    func list(_ placed: PlacedValue, limit: Int) throws(EvidenceError) -> [[UInt8]] {
        try placed.list(limit: limit) { element throws(EvidenceError) in try body(element).array }
    }
}

extension PlacedValue {
    /// What may stand in a path and in a log: as ids are made here, and a client's own of the same letters.
    fileprivate func identifier() throws(EvidenceError) -> String {
        let text = try string()
        let isFine = text.utf8.allSatisfy { c in
            switch c {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard (1...64).contains(text.utf8.count), isFine else {
            throw malformed("1 to 64 of letters, digits, '-', '_' and '.'")
        }
        return text
    }
}

extension StoresFrom {
    fileprivate init(_ text: String) {
        switch text {
        case "request": self = .request
        case "default": self = .default
        default: self = .rule(text)
        }
    }
}

extension RuleVersions {
    fileprivate init(_ placed: PlacedValue) throws(EvidenceError) {
        let object = try StrictObject(placed, ["program", "stores", "clients", "blocks", "ct_logs"])
        self.init(
            program: try object.required("program").string(), stores: try object.required("stores").string(),
            clients: try object.required("clients").string(), blocks: try object.required("blocks").string(),
            logs: try object.optional("ct_logs")?.string())
    }
}

extension Target {
    fileprivate init(_ placed: PlacedValue) throws(EvidenceError) {
        let object = try StrictObject(placed, ["host", "port", "address", "sni", "starttls"])
        let port = try object.required("port")
        guard let number = UInt16(exactly: try port.count()) else { throw port.malformed("a port") }
        self.init(
            host: try object.required("host").string(), port: number,
            address: try object.optional("address")?.string(), sni: try object.optional("sni")?.string(),
            startTLS: try object.optional("starttls")?.choice())
    }
}

extension Evidence {
    fileprivate static let names: Set = [
        "source", "presented", "handshake", "stapled_ocsp", "sct_list", "failure", "addresses_left",
        "fetched",
    ]

    fileprivate init(
        _ placed: PlacedValue, _ octets: OctetTable, more: Set<String> = []
    ) throws(EvidenceError) {
        let object = try StrictObject(placed, Self.names.union(more))
        self.init()
        let source = try object.required("source")
        switch try source.string() {
        case "posted": self.source = .posted
        case "handshake": self.source = .handshake
        default: throw source.malformed("posted or handshake")
        }
        presented = try octets.list(object.required("presented"), limit: PostedCertificates.limit)
        handshake = try object.optional("handshake").map { value throws(EvidenceError) in try Handshake(value)
        }
        stapledOCSP = try octets.bytes(object.optional("stapled_ocsp"))
        sctList = try octets.bytes(object.optional("sct_list"))
        failure = try object.optional("failure").map { value throws(EvidenceError) in try ProbeFailure(value)
        }
        addressesLeft = try object.optional("addresses_left")?.count()
        fetched = try object.required("fetched").list { value throws(EvidenceError) in
            try Fetched(value, octets)
        }
    }
}

extension Fetched {
    fileprivate init(_ placed: PlacedValue, _ octets: OctetTable) throws(EvidenceError) {
        let object = try StrictObject(
            placed, ["kind", "url", "certificate", "request", "at", "body", "failure"])
        let result: Result<Octets, FetchFailure>
        switch (object.optional("body"), object.optional("failure")) {
        case (let body?, nil): result = .success(try octets.body(body))
        case (nil, let failure?):
            let failure = try StrictObject(failure, ["code", "detail"])
            result = .failure(
                FetchFailure(
                    try failure.required("code").choice(), try failure.required("detail").string()))
        default:
            throw EvidenceError(.malformed, at: placed.pointer, "there is either a body or a failure")
        }
        self.init(
            wanted: Wanted(
                kind: try object.required("kind").choice(), url: try object.required("url").string(),
                certificate: try object.required("certificate").digest(),
                request: try octets.bytes(object.optional("request"))),
            result: result, at: try object.required("at").instant())
    }
}

extension ProbeFailure {
    fileprivate init(_ placed: PlacedValue) throws(EvidenceError) {
        let object = try StrictObject(placed, ["check", "reason", "presented", "address"])
        self.init(
            check: try object.required("check").choice(), reason: try object.required("reason").choice(),
            presented: try object.optional("presented")?.string(),
            address: try object.optional("address")?.string())
    }
}

extension Handshake {
    fileprivate init(_ placed: PlacedValue) throws(EvidenceError) {
        let object = try StrictObject(
            placed,
            [
                "protocol", "cipher", "group", "alpn", "address", "sni", "timings", "failed_at",
                "addresses_tried", "proxy", "client_certificate", "client_certificate_name", "first_attempt",
            ])
        self.init()
        protocolVersion = try object.optional("protocol")?.string()
        cipher = try object.optional("cipher")?.string()
        group = try object.optional("group")?.string()
        alpn = try object.optional("alpn")?.string()
        address = try object.optional("address")?.string()
        sni = try object.optional("sni")?.string()
        timings = try object.required("timings").list { value throws(EvidenceError) in
            let timing = try StrictObject(value, ["phase", "milliseconds"])
            return Timing(
                phase: try timing.required("phase").choice(),
                milliseconds: try timing.required("milliseconds").double())
        }
        failedAt = try object.optional("failed_at")?.choice()
        addressesTried = try object.required("addresses_tried").strings()
        proxy = try object.optional("proxy")?.string()
        clientCertificateName = try object.optional("client_certificate_name")?.string()
        if let value = object.optional("client_certificate") {
            let asked = try StrictObject(value, ["required", "authorities", "presented", "refused"])
            var request = ClientCertificateRequest(
                required: try asked.required("required").bool(),
                authorities: try asked.required("authorities").strings())
            request.presented = try asked.required("presented").bool()
            request.refused = try asked.required("refused").bool()
            clientCertificate = request
        }
        if let value = object.optional("first_attempt") {
            let attempt = try StrictObject(value, ["protocol", "reason", "presented"])
            firstAttempt = FailedAttempt(
                protocolVersion: try attempt.optional("protocol")?.string(),
                reason: try attempt.required("reason").choice(),
                presented: try attempt.optional("presented")?.string())
        }
    }
}
