import Certificates
import JSON

/// Evidence as it is written: one JSON object, and the octets that it names by their SHA-256, each once.
package struct EvidenceDocument: Sendable {
    /// The object without its member `octets`.
    package let head: [UInt8]
    /// In the order in which the object first names them.
    package let octets: [Octets]

    package init(head: [UInt8], octets: [Octets]) { (self.head, self.octets) = (head, octets) }

    /// Names the whole: everything in `octets` is named in it by its own digest.
    package var id: SHA256Digest { SHA256Digest(of: head) }

    /// `head` with the member `octets`, as base64 by hex digest.
    package var json: [UInt8] {
        var json = JSONWriter(reserving: head.count + octets.reduce(64) { $0 + $1.count * 4 / 3 + 80 })
        json.beginObject()
        json.rawMembers(Array(head.dropFirst().dropLast()))
        json.key("octets")
        json.beginObject()
        for body in octets {
            json.key(body.sha256.hex)
            json.value(Base64.encode(body.array))
        }
        json.endObject()
        json.endObject()
        return json.bytes
    }
}

extension EvidenceRecord {
    package var document: EvidenceDocument {
        var writer = EvidenceWriter()
        writer.write(self)
        return EvidenceDocument(head: writer.json.bytes, octets: writer.octets)
    }
}

/// Writes a record, and collects the octets that it names.
private struct EvidenceWriter {
    var json = JSONWriter(reserving: 4_096)
    var octets: [Octets] = []
    private var known: Set<SHA256Digest> = []

    mutating func write(_ record: EvidenceRecord) {
        json.beginObject()
        json.member("schema", EvidenceRecord.schema)
        json.member("id", record.id)
        json.member("row", record.row)
        json.member("checked_at", record.checkedAt)
        json.member("at", record.at)
        write(record.rules)
        if let target = record.target { json.object("target") { target.writeMembers(&$0) } }
        json.member("stores", record.stores)
        json.member("stores_from", record.storesFrom.text)
        record.options.write(&json)
        name("anchors", record.options.anchors)
        name("intermediates", record.options.intermediates)
        name("crls", record.options.crls)
        json.member("fleet", record.isFleet)
        json.key("members")
        json.beginArray()
        for member in record.members { write(member) }
        json.endArray()
        json.key("variants")
        json.beginArray()
        for variant in record.variants { write(variant.evidence, of: variant.variant) }
        json.endArray()
        json.endObject()
    }

    private mutating func write(_ rules: RuleVersions) {
        json.object("rules") { json in
            json.member("program", rules.program)
            json.member("stores", rules.stores)
            json.member("clients", rules.clients)
            json.member("blocks", rules.blocks)
            json.member("ct_logs", rules.logs)
        }
    }

    private mutating func write(_ evidence: Evidence, of variant: Variant? = nil) {
        json.beginObject()
        json.member("variant", variant?.rawValue)
        json.member("source", evidence.source == .posted ? "posted" : "handshake")
        name("presented", evidence.presented)
        evidence.handshake?.writeAll(&json)
        json.member("stapled_ocsp", name(evidence.stapledOCSP))
        json.member("sct_list", name(evidence.sctList))
        if let failure = evidence.failure {
            json.object("failure") { json in
                json.member("check", failure.check.rawValue)
                json.member("reason", failure.reason.rawValue)
                json.member("presented", failure.presented)
                json.member("address", failure.address)
            }
        }
        json.member("addresses_left", evidence.addressesLeft)
        json.key("fetched")
        json.beginArray()
        for fetched in evidence.fetched { write(fetched) }
        json.endArray()
        json.endObject()
    }

    private mutating func write(_ fetched: Fetched) {
        json.beginObject()
        json.member("kind", fetched.wanted.kind.rawValue)
        json.member("url", fetched.wanted.url)
        json.member("certificate", fetched.wanted.certificate)
        json.member("request", name(fetched.wanted.request))
        json.member("at", fetched.at)
        switch fetched.result {
        case .success(let body):
            keep(body)
            json.member("body", body.sha256)
        case .failure(let failure):
            json.object("failure") { json in
                json.member("code", failure.code.rawValue)
                json.member("detail", failure.detail)
            }
        }
        json.endObject()
    }

    // MARK: Octets

    private mutating func keep(_ body: Octets) {
        if known.insert(body.sha256).inserted { octets.append(body) }
    }

    private mutating func name(_ bytes: [UInt8]?) -> SHA256Digest? {
        guard let bytes else { return nil }
        let body = Octets(bytes)
        keep(body)
        return body.sha256
    }

    private mutating func name(_ member: StaticString, _ list: [[UInt8]]) {
        let digests = list.compactMap { name($0) }
        json.member(member, digests)
    }
}

extension Handshake {
    /// Every member: a report shows some of them rounded or together.
    fileprivate func writeAll(_ json: inout JSONWriter) {
        json.key("handshake")
        json.beginObject()
        json.member("protocol", protocolVersion)
        json.member("cipher", cipher)
        json.member("group", group)
        json.member("alpn", alpn)
        json.member("address", address)
        json.member("sni", sni)
        json.list("timings", timings) { timing, json in
            json.beginObject()
            json.member("phase", timing.phase.rawValue)
            json.member("milliseconds", timing.milliseconds)
            json.endObject()
        }
        json.member("failed_at", failedAt?.rawValue)
        json.member("addresses_tried", addressesTried)
        json.member("proxy", proxy)
        if let clientCertificate {
            json.object("client_certificate") { json in
                json.member("required", clientCertificate.required)
                json.member("authorities", clientCertificate.authorities)
                json.member("presented", clientCertificate.presented)
                json.member("refused", clientCertificate.refused)
            }
        }
        json.member("client_certificate_name", clientCertificateName)
        if let firstAttempt {
            json.object("first_attempt") { json in
                json.member("protocol", firstAttempt.protocolVersion)
                json.member("reason", firstAttempt.reason.rawValue)
                json.member("presented", firstAttempt.presented)
            }
        }
        json.endObject()
    }
}

extension Options {
    /// The judged options by the names under which a request gives them, those left at their defaults, too:
    /// defaults may change. Certificates and CRLs stand elsewhere, by hash.
    fileprivate func write(_ json: inout JSONWriter) {
        json.key("options")
        json.beginObject()
        let names = names.map { name in
            switch name {
            case .dns(_, let given): given
            case .ip(_, let text): text
            }
        }
        json.member("name", names)
        json.member("clients", clients)
        json.member("profile", profile.rawValue)
        json.member("purpose", purpose.rawValue)
        json.member("revocation", revocation.rawValue)
        json.member("aia", aia)
        json.member("max_depth", maxDepth)
        if let acceptable = policies.acceptable { json.member("policies", acceptable) }
        json.member("require_explicit_policy", policies.requireExplicitPolicy)
        json.member("inhibit_policy_mapping", policies.inhibitPolicyMapping)
        json.member("inhibit_any_policy", policies.inhibitAnyPolicy)
        json.member("warn", warn.map(\.text))
        json.member("critical", critical.map(\.text))
        json.member("serves", serves)
        json.member("reissue", reissue)
        json.member("include", include.map(\.rawValue).sorted())
        json.endObject()
    }

    /// The names of the members above.
    static let recorded: Set<String> = [
        "name", "clients", "profile", "purpose", "revocation", "aia", "max_depth", "policies",
        "require_explicit_policy", "inhibit_policy_mapping", "inhibit_any_policy", "warn", "critical",
        "serves", "reissue", "include",
    ]
}

extension Threshold {
    /// As a request writes it.
    package var text: String {
        switch self {
        case .seconds(let seconds): return "\(seconds)s"
        case .percent(let share):
            // At most six places can be given, and no exponent.
            let millionths = Int64((share * 1_000_000).rounded())
            var places = Substring(String(1_000_000 + millionths % 1_000_000).dropFirst())
            while places.last == "0" { places.removeLast() }
            return "\(millionths / 1_000_000)" + (places.isEmpty ? "" : ".\(places)") + "%"
        }
    }
}
