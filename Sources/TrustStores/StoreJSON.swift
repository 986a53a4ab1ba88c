import Certificates
import JSON

/// Stores as `GET /v1/trust-stores` and `catenary stores` show them.
package enum StoreJSON {
    /// Every store, each version in a row of its own.
    package static func list(_ set: StoreSet) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("default")
        json.beginArray()
        for name in set.defaultNames { json.value(name) }
        json.endArray()
        json.key("items")
        json.beginArray()
        for store in set.all {
            json.beginObject()
            head(store, &json)
            json.endObject()
        }
        json.endArray()
        end(&json)
        return json.bytes
    }

    /// One store, and what its client does with where that is known from.
    package static func store(_ store: TrustStore, in set: StoreSet) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        head(store, &json)
        if let client = set.clients[store.client] { behaviour(client, &json) }
        json.key("blocks")
        json.beginArray()
        for list in set.blocks(for: store.client) {
            json.beginObject()
            json.member("name", list.name)
            json.member("version", list.version)
            json.member("published", list.published?.description)
            json.member("entries", list.count)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// The anchors, by hash; only those whose notAfter is not later than `until` where it is given.
    package static func anchors(_ store: TrustStore, until: Instant? = nil) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("name", store.name)
        json.member("version", store.version)
        json.member("published", store.published?.description)
        json.key("items")
        json.beginArray()
        for anchor in store.anchors {
            if let until, let end = anchor.certificate.notAfter, end > until { continue }
            write(anchor, &json)
        }
        json.endArray()
        end(&json)
        return json.bytes
    }

    /// Lists say where they go on; these are whole.
    private static func end(_ json: inout JSONWriter) {
        json.key("next")
        json.null()
        json.endObject()
    }

    private static func head(_ store: TrustStore, _ json: inout JSONWriter) {
        json.member("name", store.name)
        json.member("version", store.version)
        json.member("published", store.published?.description)
        json.member("origin", store.origin.rawValue)
        json.member("basis", store.basis.rawValue)
        json.member("client", store.client.text)
        json.member("completes", store.completes.rawValue)
        json.member("anchors", store.anchors.count)
        json.member("conditioned", store.anchors.count { !$0.conditions.isEmpty })
    }

    private static func behaviour(_ client: Client, _ json: inout JSONWriter) {
        json.key("behaviour")
        json.beginObject()
        json.member("title", client.title)
        for (name, reasons) in [
            ("tolerates", client.tolerates), ("refuses", client.refuses), ("unknown", client.unknown),
        ] {
            json.key(name)
            json.beginArray()
            for reason in reasons { json.value(reason) }
            json.endArray()
        }
        json.key("sources")
        json.beginArray()
        for source in client.sources {
            json.beginObject()
            json.member("fact", source.fact)
            json.member("how", source.how)
            json.member("source", source.source)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func write(_ anchor: Anchor, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("sha256", anchor.certificate.sha256.hex)
        json.member("subject", anchor.certificate.subject.text)
        if let end = anchor.certificate.notAfter { json.member("not_after", end.description) }
        if let dates = anchor.checksDates { json.member("checks_anchor_dates", dates) }
        if let checks = anchor.checksConstraints { json.member("checks_anchor_constraints", checks) }
        json.key("conditions")
        json.beginArray()
        for condition in anchor.conditions { write(condition, &json) }
        json.endArray()
        json.endObject()
    }

    private static func write(_ condition: AnchorCondition, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("type", condition.type)
        switch condition {
        case .distrustAfter(let date), .notBeforeAfter(let date):
            json.member("not_before_after", date.description)
        case .distrustAnyUseAfter(let date): json.member("after", date.description)
        case .permittedDNSNames(let names): write(names, "names", &json)
        case .constraintSets(let sets):
            json.key("sets")
            json.beginArray()
            for set in sets { write(set, &json) }
            json.endArray()
        case .blocked: break
        case .notUnderstood: json.member("understood", false)
        }
        json.endObject()
    }

    private static func write(_ set: ConstraintSet, _ json: inout JSONWriter) {
        json.beginObject()
        for (name, date) in [
            ("sct_not_after", set.sctNotAfter), ("sct_all_after", set.sctAllAfter),
            ("validity_starts_not_after", set.validityStartsNotAfter),
            ("validity_starts_after", set.validityStartsAfter),
        ] {
            guard let date else { continue }
            json.key(name)
            json.value(Instant(seconds: date / 1000).description)
        }
        if let version = set.minVersion { json.member("min_version", version.description) }
        if let version = set.maxVersionExclusive {
            json.member("max_version_exclusive", version.description)
        }
        if let names = set.permittedDNSNames { write(names, "permitted_dns_names", &json) }
        if !set.notUnderstood.isEmpty { write(set.notUnderstood, "not_understood", &json) }
        json.endObject()
    }

    private static func write(_ names: [String], _ member: String, _ json: inout JSONWriter) {
        json.key(member)
        json.beginArray()
        for name in names { json.value(name) }
        json.endArray()
    }
}
