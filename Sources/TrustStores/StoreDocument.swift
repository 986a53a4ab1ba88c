import Certificates
import JSON

/// The JSON files of the trust data folder. Members that are not known are left alone, but in an anchor:
/// there they could be a restriction.
struct StoreDocument {
    /// Members are only ever added to schema 1; what needs another number this program cannot read.
    static let schema = 1

    let file: String
    let root: JSONObject

    init(_ bytes: [UInt8], file: String) throws(TrustStoreError) {
        self.file = file
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes)
        } catch {
            throw TrustStoreError(
                .malformed, file: file, "not JSON: \(error.code.rawValue) at byte \(error.offset)")
        }
        guard let root = value.object else {
            throw TrustStoreError(.malformed, file: file, "not a JSON object")
        }
        self.root = root
        guard let schema = root["schema"]?.int else { throw missing("schema") }
        guard schema == Self.schema else {
            throw TrustStoreError(
                .malformed, file: file, "schema \(schema); this program reads schema \(Self.schema)")
        }
    }

    func missing(_ member: String) -> TrustStoreError {
        TrustStoreError(.malformed, file: file, "'\(member)' is missing or not what it must be")
    }

    func string(_ member: String) throws(TrustStoreError) -> String {
        guard let text = root[member]?.string, !text.isEmpty else { throw missing(member) }
        return text
    }

    func strings(_ member: String) throws(TrustStoreError) -> [String] {
        guard let value = root[member] else { return [] }
        return try strings(value, member)
    }

    func strings(_ value: JSONValue, _ member: String) throws(TrustStoreError) -> [String] {
        guard let array = value.array else { throw missing(member) }
        let texts = array.compactMap(\.string)
        guard texts.count == array.count else { throw missing(member) }
        return texts
    }

    func client() throws(TrustStoreError) -> Client {
        guard let completes = Client.Completion(rawValue: try string("completes")) else {
            throw missing("completes")
        }
        var sources = [Client.Source]()
        for entry in root["sources"]?.array ?? [] {
            guard let fact = entry.object?["fact"]?.string, let how = entry.object?["how"]?.string,
                let source = entry.object?["source"]?.string
            else { throw missing("sources") }
            sources.append(Client.Source(fact: fact, how: how, source: source))
        }
        var builds = Client.Building.all
        if root["builds"] != nil {
            guard let known = Client.Building(rawValue: try string("builds")) else { throw missing("builds") }
            builds = known
        }
        return Client(
            name: ClientName(try string("name")), title: try string("title"), completes: completes,
            builds: builds, tolerates: try rules("tolerates"), refuses: try rules("refuses"),
            unknown: try rules("unknown"), sources: sources)
    }

    /// An entry that cannot be read is an error: left out, a certificate might pass that its client refuses.
    private func rules(_ member: String) throws(TrustStoreError) -> [ClientEntry] {
        var out = [ClientEntry]()
        for (at, text) in try strings(member).enumerated() {
            guard let rule = ClientEntry(parsing: text) else {
                throw TrustStoreError(
                    .malformed, file: file,
                    "\(member)/\(at) is not reason[@place][@public|private][+reason[@place]]")
            }
            out.append(rule)
        }
        return out
    }

    func store(
        clients: [ClientName: Client], certificates: [SHA256Digest: Certificate]
    ) throws(TrustStoreError) -> TrustStore {
        let name = try string("name")
        try StoreName.check(name, file: file)
        guard let published = Instant(rfc3339: try string("published")) else { throw missing("published") }
        guard let basis = TrustStore.Basis(rawValue: try string("basis")) else { throw missing("basis") }
        let clientName = ClientName(try string("client"))
        guard let client = clients[clientName] else {
            throw TrustStoreError(.clientUnknown, file: file, "no client '\(clientName)' in clients/")
        }
        guard let entries = root["anchors"]?.array else { throw missing("anchors") }
        guard !entries.isEmpty else { throw TrustStoreError(.empty, file: file, "no anchor in it") }
        var anchors = [Anchor]()
        var seen = Set<SHA256Digest>()
        for (at, entry) in entries.enumerated() {
            let anchor = try self.anchor(entry, at: "anchors/\(at)", certificates)
            guard seen.insert(anchor.certificate.sha256).inserted else {
                throw TrustStoreError(.malformed, file: file, "anchors/\(at) is listed twice")
            }
            anchors.append(anchor)
        }
        var version: ClientVersion?
        if root["client_version"] != nil {
            guard let parsed = ClientVersion(try string("client_version")) else {
                throw missing("client_version")
            }
            version = parsed
        }
        var isNewest = true
        if let value = root["newest"] {
            guard let bool = value.bool else { throw missing("newest") }
            isNewest = bool
        }
        return TrustStore(
            name: name, version: try string("version"), published: published, origin: .shipped,
            client: client, clientVersion: version, basis: basis, basisReason: root["basis_reason"]?.string,
            anchors: anchors, former: try former(), isNewestCandidate: isNewest)
    }

    private func former() throws(TrustStoreError) -> [FormerAnchor] {
        guard let value = root["former"] else { return [] }
        guard let entries = value.array else { throw missing("former") }
        var out = [FormerAnchor]()
        for entry in entries {
            guard let object = entry.object, let hex = object["sha256"]?.string,
                let digest = SHA256Digest(hex: hex), let version = object["last_version"]?.string
            else { throw missing("former") }
            out.append(
                FormerAnchor(
                    sha256: digest, lastVersion: version,
                    conditions: try conditions(object["conditions"] ?? .array([]), at: "former")))
        }
        return out
    }

    private func anchor(
        _ entry: JSONValue, at place: String, _ certificates: [SHA256Digest: Certificate]
    ) throws(TrustStoreError) -> Anchor {
        guard let object = entry.object, let hex = object["sha256"]?.string,
            let digest = SHA256Digest(hex: hex)
        else { throw missing("\(place)/sha256") }
        guard let certificate = certificates[digest] else {
            throw TrustStoreError(.malformed, file: file, "roots.pem lacks the certificate \(digest)")
        }
        var purposes: [String]?
        var conditions = [AnchorCondition]()
        var (dates, constraints): (Bool?, Bool?)
        for member in object.members {
            switch member.name {
            case "sha256": continue
            case "purposes": purposes = try strings(member.value, "\(place)/purposes")
            case "conditions":
                conditions += try self.conditions(member.value, at: "\(place)/conditions")
            case "checks_anchor_dates", "checks_anchor_constraints":
                guard let bool = member.value.bool else { throw missing("\(place)/\(member.name)") }
                if member.name == "checks_anchor_dates" { dates = bool } else { constraints = bool }
            default: conditions.append(.notUnderstood(type: member.name))
            }
        }
        return Anchor(
            certificate: certificate, purposes: purposes, conditions: conditions, checksDates: dates,
            checksConstraints: constraints)
    }
}
