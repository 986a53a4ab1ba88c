import Certificates
import JSON

/// The vocabulary of anchors' conditions (docs/trust-data.md).
extension StoreDocument {
    func conditions(_ value: JSONValue, at place: String) throws(TrustStoreError) -> [AnchorCondition] {
        guard let list = value.array else { throw missing(place) }
        var out = [AnchorCondition]()
        for entry in list { out.append(try condition(entry, at: place)) }
        return out
    }

    /// A condition with a member more than we know is not the condition that we know.
    private func condition(_ value: JSONValue, at place: String) throws(TrustStoreError) -> AnchorCondition {
        guard let object = value.object, let type = object["type"]?.string else {
            throw missing("\(place)/type")
        }
        let members = Set(object.members.map(\.name)).subtracting(["type"])
        switch (type, members) {
        case ("distrust_after", ["not_before_after"]):
            return .distrustAfter(try date(object, "not_before_after", at: place))
        case ("not_before_after", ["not_before_after"]):
            return .notBeforeAfter(try date(object, "not_before_after", at: place))
        case ("distrust_any_use_after", ["after"]):
            return .distrustAnyUseAfter(try date(object, "after", at: place))
        case ("permitted_dns_names", ["names"]):
            return .permittedDNSNames(try strings(object["names"] ?? .null, "\(place)/names"))
        case ("blocked", []): return .blocked
        case ("constraint_sets", ["sets"]):
            guard let sets = object["sets"]?.array, !sets.isEmpty else { throw missing("\(place)/sets") }
            var out = [ConstraintSet]()
            for set in sets { out.append(try constraintSet(set, at: "\(place)/sets")) }
            return .constraintSets(out)
        default: return .notUnderstood(type: type)
        }
    }

    private func constraintSet(_ value: JSONValue, at place: String) throws(TrustStoreError) -> ConstraintSet
    {
        guard let object = value.object else { throw missing(place) }
        var out = ConstraintSet()
        for member in object.members {
            switch member.name {
            case "sct_not_after": out.sctNotAfter = try milliseconds(object, member.name, at: place)
            case "sct_all_after": out.sctAllAfter = try milliseconds(object, member.name, at: place)
            case "validity_starts_not_after":
                out.validityStartsNotAfter = try milliseconds(object, member.name, at: place)
            case "validity_starts_after":
                out.validityStartsAfter = try milliseconds(object, member.name, at: place)
            case "min_version": out.minVersion = try version(member, at: place)
            case "max_version_exclusive": out.maxVersionExclusive = try version(member, at: place)
            case "permitted_dns_names":
                out.permittedDNSNames = try strings(member.value, "\(place)/\(member.name)")
            default: out.notUnderstood.append(member.name)
            }
        }
        return out
    }

    private func version(
        _ member: JSONObject.Member, at place: String
    ) throws(TrustStoreError) -> ClientVersion {
        guard let text = member.value.string, let version = ClientVersion(text) else {
            throw missing("\(place)/\(member.name)")
        }
        return version
    }

    private func milliseconds(
        _ object: JSONObject, _ name: String, at place: String
    ) throws(TrustStoreError) -> Int64 {
        try date(object, name, at: place).seconds * 1000
    }

    func date(_ object: JSONObject, _ name: String, at place: String) throws(TrustStoreError) -> Instant {
        guard let text = object[name]?.string, let date = Instant(rfc3339: text) else {
            throw missing("\(place)/\(name)")
        }
        return date
    }
}
