import COpenSSL
import JSON

/// The description of a certificate in a report, rendered once per certificate.
enum CertificateJSON {
    /// Names shown of one certificate; ten thousand SANs must not make a megabyte of every answer.
    static let namesShown = 1_000

    static func members(_ fields: Fields, der: [UInt8]) -> [UInt8] {
        var json = JSONWriter(reserving: 2048)
        json.beginObject()
        json.member("version", fields.version)
        name("subject", fields.subject, &json)
        name("issuer", fields.issuer, &json)
        json.member("serial", Hex.encode(fields.serial))
        time("not_before", fields.validFrom, &json)
        time("not_after", fields.validTo, &json)
        names(fields.extensions.subjectAltName ?? [], &json)
        json.key("key")
        json.beginObject()
        json.member("type", fields.key.typeName)
        if let bits = fields.key.bits { json.member("bits", bits) }
        if case .ec(let curve, _) = fields.key.kind { json.member("curve", curve) }
        json.endObject()
        json.member("signature_algorithm", signatureName(fields.outerAlgorithm))
        json.member("is_ca", fields.extensions.basicConstraints?.ca ?? false)
        extensions(fields.extensions, &json)
        json.member("spki_sha256", SHA256Digest(of: fields.key.der).hex)
        json.member("sha1", sha1(der))
        json.endObject()
        return Array(json.bytes.dropFirst().dropLast())
    }

    /// Usual name of an AlgorithmIdentifier, else its dotted OID.
    static func signatureName(_ algorithm: [UInt8]) -> String {
        var cursor = DERCursor(algorithm)
        guard let whole = try? cursor.next(Tag.sequence) else { return "unknown" }
        var inner = cursor.inside(whole)
        guard let element = try? inner.next(Tag.oid) else { return "unknown" }
        let oid = OID(content: Array(algorithm[element.content]))
        return OIDs.signatureNames[oid] ?? oid.description
    }

    static func sha1(_ der: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 20)
        _ = SHA1(der, der.count, &digest)
        return Hex.encode(digest)
    }

    private static func name(_ key: StaticString, _ name: DistinguishedName, _ json: inout JSONWriter) {
        json.key(key)
        json.beginObject()
        json.member("text", name.text)
        json.key("attributes")
        json.beginArray()
        for attribute in name.attributes {
            json.beginArray()
            json.value(attribute.type)
            json.value(attribute.value)
            json.endArray()
        }
        json.endArray()
        json.endObject()
    }

    private static func time(_ key: StaticString, _ time: CertificateTime, _ json: inout JSONWriter) {
        switch time {
        case .at(let instant): json.member(key, instant.description)
        case .malformed(let text): json.member(key, text)
        }
    }

    private static func names(_ all: [GeneralName], _ json: inout JSONWriter) {
        var (dns, ip, email, uri): ([String], [String], [String], [String]) = ([], [], [], [])
        for name in all.prefix(namesShown) {
            switch name {
            case .dns(let text): dns.append(text)
            case .ip(let octets): ip.append(IPAddress(octets: octets)?.text ?? Hex.encode(octets))
            case .email(let text): email.append(text)
            case .uri(let text): uri.append(text)
            case .directory, .other: break
            }
        }
        json.key("names")
        json.beginObject()
        json.member("dns", dns)
        json.member("ip", ip)
        json.member("email", email)
        json.member("uri", uri)
        if all.count > namesShown { json.member("omitted", all.count - namesShown) }
        json.endObject()
    }

    private static func extensions(_ all: Extensions, _ json: inout JSONWriter) {
        if let usage = all.keyUsage { json.member("key_usage", usage.names) }
        if let purposes = all.extendedKeyUsage {
            json.member("extended_key_usage", purposes.map { OIDs.purposeNames[$0] ?? $0.description })
        }
        if let ski = all.subjectKeyIdentifier { json.member("ski", Hex.encode(ski)) }
        if let aki = all.authorityKeyIdentifier?.keyID { json.member("aki", Hex.encode(aki)) }
        if !all.issuerURLs.isEmpty { json.member("aia", all.issuerURLs) }
        if !all.crlURLs.isEmpty { json.member("crl", all.crlURLs) }
        if !all.ocspURLs.isEmpty { json.member("ocsp", all.ocspURLs) }
        if !all.policies.isEmpty { json.member("policies", all.policies.map(\.description)) }
        guard !all.scts.isEmpty else { return }
        json.list("scts", all.scts) { sct, json in
            json.beginObject()
            json.member("log", Base64.encode(sct.log))
            json.member("timestamp", Instant(seconds: Int64(clamping: sct.milliseconds / 1000)).description)
            json.endObject()
        }
    }
}
