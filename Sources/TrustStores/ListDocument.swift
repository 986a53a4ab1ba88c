import Certificates
import JSON

/// `logs.json`, `onecrl.json` and `blocked-keys.json`.
extension StoreDocument {
    func logs() throws(TrustStoreError) -> CTLogList {
        guard let entries = root["logs"]?.array, !entries.isEmpty else { throw missing("logs") }
        var logs = [CTLog]()
        for (at, entry) in entries.enumerated() {
            let place = "logs/\(at)"
            guard let object = entry.object else { throw missing(place) }
            logs.append(try log(object, at: place))
        }
        return CTLogList(
            version: try string("version"), published: try date(root, "published", at: ""), logs: logs)
    }

    private func log(_ object: JSONObject, at place: String) throws(TrustStoreError) -> CTLog {
        guard let name = object["name"]?.string, let runner = object["operator"]?.string,
            let kind = CTLog.Kind(rawValue: object["type"]?.string ?? "")
        else { throw missing("\(place)/type") }
        let key = try base64(object, "key", at: place)
        var states = [CTLog.Change]()
        for state in object["states"]?.array ?? [] {
            guard let change = state.object, let text = change["state"]?.string,
                let known = CTLog.State(rawValue: text)
            else { throw missing("\(place)/states") }
            states.append(CTLog.Change(known, since: try date(change, "since", at: "\(place)/states")))
        }
        var former = [CTLog.FormerOperator]()
        for entry in object["former_operators"]?.array ?? [] {
            guard let object = entry.object, let name = object["name"]?.string else {
                throw missing("\(place)/former_operators")
            }
            former.append(.init(name: name, until: try date(object, "until", at: place)))
        }
        var accepts: Range<Instant>?
        if let interval = object["accepts"]?.object {
            let from = try date(interval, "from", at: place)
            let to = try date(interval, "to", at: place)
            guard from < to else { throw missing("\(place)/accepts") }
            accepts = from..<to
        }
        let log = CTLog(
            key: key, name: name, operator: runner, formerOperators: former, kind: kind, states: states,
            accepts: accepts)
        guard log.id.bytes == (try base64(object, "id", at: place)) else { throw missing("\(place)/id") }
        return log
    }

    private func base64(
        _ object: JSONObject, _ name: String, at place: String
    ) throws(TrustStoreError) -> [UInt8] {
        guard let text = object[name]?.string, let bytes = Base64.decode(Array(text.utf8)[...]) else {
            throw missing("\(place)/\(name)")
        }
        return bytes
    }

    func blockLists() throws(TrustStoreError) -> [BlockList] {
        guard let entries = root["lists"]?.array, !entries.isEmpty else { throw missing("lists") }
        var out = [BlockList]()
        for (at, entry) in entries.enumerated() {
            guard let object = entry.object else { throw missing("lists/\(at)") }
            out.append(try blockList(object, at: "lists/\(at)"))
        }
        return out
    }

    /// A list with a kind of entry that is not known is refused: what it blocks would pass unseen.
    private func blockList(_ object: JSONObject, at place: String) throws(TrustStoreError) -> BlockList {
        guard let name = object["name"]?.string, let version = object["version"]?.string else {
            throw missing("\(place)/name")
        }
        var published: Instant?
        var clients = [String]()
        var pairs = Set<BlockList.IssuerSerial>()
        var subjects = [SHA256Digest: Set<SHA256Digest>]()
        var (keys, certificates) = (Set<SHA256Digest>(), Set<SHA256Digest>())
        for member in object.members {
            let spot = "\(place)/\(member.name)"
            switch member.name {
            case "name", "version": continue
            case "published": published = try date(object, "published", at: place)
            case "clients": clients = try strings(member.value, spot)
            case "keys": keys = try digests(member.value, spot)
            case "certificates": certificates = try digests(member.value, spot)
            case "issuers": pairs = try issuerSerials(member.value, spot)
            case "subject_keys":
                for entry in member.value.array ?? [] {
                    guard let subject = SHA256Digest(hex: entry.object?["subject_sha256"]?.string ?? ""),
                        let key = SHA256Digest(hex: entry.object?["key_sha256"]?.string ?? "")
                    else { throw missing(spot) }
                    subjects[key, default: []].insert(subject)
                }
            default: throw TrustStoreError(.malformed, file: file, "'\(spot)' is not known")
            }
        }
        return BlockList(
            name: name, version: version, published: published, clients: Set(clients.map(ClientName.init)),
            issuerSerials: pairs, subjectKeys: subjects, keys: keys, certificates: certificates)
    }

    private func digests(_ value: JSONValue, _ place: String) throws(TrustStoreError) -> Set<SHA256Digest> {
        let texts = try strings(value, place)
        let digests = texts.compactMap { SHA256Digest(hex: $0) }
        guard digests.count == texts.count else { throw missing(place) }
        return Set(digests)
    }

    private func issuerSerials(
        _ value: JSONValue, _ place: String
    ) throws(TrustStoreError) -> Set<BlockList.IssuerSerial> {
        guard let entries = value.array else { throw missing(place) }
        var out = Set<BlockList.IssuerSerial>()
        for entry in entries {
            guard let object = entry.object, let serials = object["serials"] else { throw missing(place) }
            let issuer = try base64(object, "issuer", at: place)
            for text in try strings(serials, place) {
                guard let serial = Hex.decode(text) else { throw missing(place) }
                out.insert(BlockList.IssuerSerial(issuer: issuer, serial: serial))
            }
        }
        return out
    }
}
