import Certificates
import JSON

/// Stores as `GET /v1/trust-stores` and `catenary stores` show them.
package enum StoreJSON {
    /// Every store, each version in a row of its own.
    package static func list(_ set: StoreSet) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("default", set.defaultNames)
        json.list("items", set.all) { store, json in
            json.beginObject()
            head(store, &json)
            json.endObject()
        }
        end(&json)
        return json.bytes
    }

    /// One store, and what its client does with where that is known from.
    package static func store(_ store: TrustStore, in set: StoreSet) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        head(store, &json)
        if let client = set.clients[store.client] { behaviour(client, &json) }
        json.list("blocks", set.blocks(for: store.client)) { list, json in
            json.beginObject()
            json.member("name", list.name)
            json.member("version", list.version)
            json.member("published", list.published?.description)
            json.member("entries", list.count)
            json.endObject()
        }
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
        let listed = store.anchors.filter { anchor in
            guard let until, let end = anchor.certificate.notAfter else { return true }
            return end <= until
        }
        json.list("items", listed) { write($0, &$1) }
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
        json.member("basis_reason", store.basisReason)
        json.member("client", store.client.text)
        json.member("completes", store.completes.rawValue)
        json.member("anchors", store.anchors.count)
        json.member("conditioned", store.anchors.count { !$0.conditions.isEmpty })
    }

    private static func behaviour(_ client: Client, _ json: inout JSONWriter) {
        json.key("behaviour")
        json.beginObject()
        json.member("title", client.title)
        json.member("builds", client.builds.rawValue)
        json.member("tolerates", client.tolerates.map(\.description))
        json.member("refuses", client.refuses.map(\.description))
        json.member("unknown", client.unknown.map(\.description))
        json.list("sources", client.sources) { source, json in
            json.beginObject()
            json.member("fact", source.fact)
            json.member("how", source.how)
            json.member("source", source.source)
            json.endObject()
        }
        json.endObject()
    }

    private static func write(_ anchor: Anchor, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("sha256", anchor.certificate.sha256.hex)
        json.member("subject", anchor.certificate.subject.text)
        json.member("not_after", anchor.certificate.notAfter?.description)
        json.member("checks_anchor_dates", anchor.checksDates)
        json.member("checks_anchor_constraints", anchor.checksConstraints)
        json.list("conditions", anchor.conditions) { write($0, &$1) }
        json.endObject()
    }

    private static func write(_ condition: AnchorCondition, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("type", condition.type)
        switch condition {
        case .distrustAfter(let date), .notBeforeAfter(let date):
            json.member("not_before_after", date.description)
        case .distrustAnyUseAfter(let date): json.member("after", date.description)
        case .permittedDNSNames(let names): json.member("names", names)
        case .constraintSets(let sets): json.list("sets", sets) { write($0, &$1) }
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
        json.member("min_version", set.minVersion?.description)
        json.member("max_version_exclusive", set.maxVersionExclusive?.description)
        if let names = set.permittedDNSNames { json.member("permitted_dns_names", names) }
        if !set.notUnderstood.isEmpty { json.member("not_understood", set.notUnderstood) }
        json.endObject()
    }
}
