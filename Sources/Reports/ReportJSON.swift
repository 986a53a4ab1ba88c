import Certificates
import JSON

extension Report {
    /// The members of a report, in the order written; `fields` names some of them.
    package enum Member: String, Sendable, CaseIterable {
        case schema, id, row
        case checkedAt = "checked_at"
        case at, target, names
        case storesFrom = "stores_from"
        case verdict, conforms, state, thresholds, summary, leaf
        case firstBreak = "first_break"
        case renewal, findings, checks, stores, breaks, paths
        case nearMiss = "near_miss"
        case presented, fleet, variants, bundle, certificates, handshake, transparency
        case notChecked = "not_checked"
        case trace, evidence
    }

    /// The report as one line of JSON. Absent members are left out, but `conforms`, `stores{}.trusted` and
    /// `presented.complete`, whose null says that nobody could tell.
    ///
    /// - Parameter fields: names of members to keep; empty: all.
    package func json(fields: [String] = []) -> [UInt8] {
        let kept = Set(fields)
        var json = JSONWriter(
            reserving: 2_048 + certificates.reduce(0) { $0 + $1.certificate.renderedJSON.count })
        json.beginObject()
        for member in Member.allCases where kept.isEmpty || kept.contains(member.rawValue) {
            write(member, &json)
        }
        json.endObject()
        json.newline()
        return json.bytes
    }

    private func write(_ member: Member, _ json: inout JSONWriter) {
        switch member {
        case .schema: json.member("schema", Self.schema)
        case .id: json.member("id", id)
        case .row: json.member("row", row)
        case .checkedAt: json.member("checked_at", checkedAt)
        case .at: json.member("at", at)
        case .target: writeTarget(&json)
        case .names: if target == nil, !names.isEmpty { json.member("names", names.map(\.text)) }
        case .storesFrom: json.member("stores_from", storesFrom.text)
        case .verdict: json.member("verdict", verdict.rawValue)
        case .conforms:
            json.key("conforms")
            json.value(orNull: conforms)
        case .state: json.member("state", state.rawValue)
        case .thresholds:
            json.key("thresholds")
            json.beginObject()
            json.member("warn_seconds", thresholds.warnSeconds)
            json.member("critical_seconds", thresholds.criticalSeconds)
            json.endObject()
        case .summary: json.member("summary", summary)
        case .leaf: writeLeaf(&json)
        case .firstBreak: firstBreak?.write(at: at, &json)
        case .renewal: renewal?.write(&json)
        case .findings: json.list("findings", findings) { $0.write(&$1) }
        case .checks: writeChecks(&json)
        case .stores: writeStores(&json)
        case .breaks: json.list("breaks", breaks) { $0.write(&$1) }
        case .paths: json.list("paths", paths) { $0.write(&$1) }
        case .nearMiss: nearMiss?.write(&json)
        case .presented: presented?.write(&json)
        case .bundle: bundle?.write(&json)
        case .fleet: fleet?.write(at: at, &json)
        case .variants: if !variants.isEmpty { json.list("variants", variants) { $0.write(&$1) } }
        case .certificates: writeCertificates(&json)
        case .handshake: handshake?.write(&json)
        case .transparency: transparency?.write(&json)
        case .notChecked:
            json.list("not_checked", notChecked) { item, json in
                json.beginObject()
                json.member("check", item.check)
                json.member("reason", item.reason)
                json.member("message", item.message)
                json.endObject()
            }
        case .trace: if includes.contains(.trace), let trace { json.member("trace", trace) }
        case .evidence:
            if includes.contains(.evidence), let evidence {
                json.key("evidence")
                json.raw(evidence.document.json)
            } else {
                json.member("evidence", keptEvidence)
            }
        }
    }

    private func writeTarget(_ json: inout JSONWriter) {
        guard let target else { return }
        json.object("target") { json in
            target.writeMembers(&json)
            json.member("names", names.map(\.text))
        }
    }

    /// The end entity in short; `names` are those of its SAN in one list, by kind.
    private func writeLeaf(_ json: inout JSONWriter) {
        guard let leaf, let certificate = self[leaf] else { return }
        json.key("leaf")
        json.beginObject()
        json.member("sha256", leaf)
        json.member("subject", certificate.subject.text)
        json.member(
            "names",
            certificate.dnsNames
                + certificate.ipAddresses.map { IPAddress(octets: $0)?.text ?? Hex.encode($0) })
        json.member("issuer", certificate.issuer.text)
        json.member("serial", certificate.serialHex)
        json.member("not_before", certificate.notBefore)
        json.member("not_after", certificate.notAfter)
        json.member("lifetime_seconds", certificate.lifetime)
        json.endObject()
    }

    private func writeChecks(_ json: inout JSONWriter) {
        json.key("checks")
        json.beginObject()
        json.member("passed", checks.passed)
        json.member("not_applicable", checks.notApplicable)
        if includes.contains(.checks) {
            json.list("list", checks.list) { outcome, json in
                json.beginObject()
                json.member("check", outcome.check.rawValue)
                json.member("status", outcome.status.rawValue)
                json.member("reason", outcome.reason?.rawValue)
                json.endObject()
            }
        }
        json.endObject()
    }

    private func writeStores(_ json: inout JSONWriter) {
        json.key("stores")
        json.beginObject()
        for store in stores {
            json.key(store.name)
            store.write(&json)
        }
        json.endObject()
    }

    private func writeCertificates(_ json: inout JSONWriter) {
        json.key("certificates")
        json.beginObject()
        for described in certificates {
            let certificate = described.certificate
            let sha256 = certificate.sha256.hex
            json.key(sha256)
            json.beginObject()
            json.member("sha256", sha256)
            json.member("role", described.role.rawValue)
            json.rawMembers(certificate.renderedJSON)
            if includes.contains(.pem) { json.member("pem", PEM.encode(certificate.der)) }
            json.endObject()
        }
        json.endObject()
    }
}
