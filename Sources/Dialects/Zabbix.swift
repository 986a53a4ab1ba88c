import Certificates
import JSON
import Reports

/// The JSON of Zabbix agent 2's `web.certificate.get`, one line, so that its templates go on.
package enum Zabbix {
    package static func render(_ report: Report) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        let leaf = report.leaf.flatMap { report[$0] }
        if let leaf { write(leaf, &json) }
        json.key("result")
        json.beginObject()
        let (value, message) = result(report, leaf)
        json.member("value", value)
        json.member("message", message)
        json.endObject()
        if let leaf {
            json.member("sha1_fingerprint", leaf.sha1)
            json.member("sha256_fingerprint", leaf.sha256.hex)
        }
        json.endObject()
        json.newline()
        return json.bytes
    }

    private static func write(_ leaf: Certificate, _ json: inout JSONWriter) {
        json.key("x509")
        json.beginObject()
        json.member("version", leaf.version)
        json.member("serial_number", leaf.serialHex)
        json.member("signature_algorithm", signature(leaf.signatureAlgorithm))
        json.member("issuer", GoName.text(leaf.issuer, others: false))
        time("not_before", leaf.notBefore, &json)
        time("not_after", leaf.notAfter, &json)
        json.member("subject", GoName.text(leaf.subject, others: false))
        json.member("public_key_algorithm", leaf.key.typeName == "EC" ? "ECDSA" : leaf.key.typeName)
        json.member("alternative_names", leaf.dnsNames)
        json.endObject()
    }

    private static func time(_ name: StaticString, _ instant: Instant?, _ json: inout JSONWriter) {
        guard let instant else { return }
        json.key(name)
        json.beginObject()
        json.member("value", ShownTime.zeroPadded(instant))
        json.member("timestamp", instant.seconds)
        json.endObject()
    }

    /// Go's names: `RSA-SHA256` is `SHA256-RSA` there, `RSA-PSS` does not say its digest to us.
    private static func signature(_ name: String) -> String {
        let parts = name.split(separator: "-")
        guard parts.count == 2, ["RSA", "DSA"].contains(parts[0]), parts[1].contains(where: \.isNumber) else {
            return name
        }
        return "\(parts[1])-\(parts[0])"
    }

    /// `invalid` when no store asked for trusts it.
    private static func result(_ report: Report, _ leaf: Certificate?) -> (String, String) {
        guard report.stores.contains(where: { $0.trusted == true }) else {
            return ("invalid", "failed to verify certificate: \(ShownText.sentence(report.summary))")
        }
        if let leaf, leaf.issuer.der == leaf.subject.der {
            return (
                "valid-but-self-signed",
                "certificate verified successfully, but determined to be self signed"
            )
        }
        return ("valid", "certificate verified successfully")
    }
}
