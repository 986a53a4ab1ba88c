import Certificates
import JSON

// The parts of a report as JSON; each writes the shape that the report's contract gives it.

extension Finding {
    package func write(_ json: inout JSONWriter) {
        json.beginObject()
        json.member("check", check.rawValue)
        json.member("kind", kind.rawValue)
        json.member("status", status.rawValue)
        json.member("reason", reason.rawValue)
        json.member("severity", severity.rawValue)
        json.member("message", message)
        json.member("certificate", certificate)
        json.member("place", place?.rawValue)
        json.member("path", path)
        json.member("store", store)
        json.member("address", address)
        json.member("expected", expected)
        json.member("presented", presented)
        json.member("reference", reference)
        json.member("effective_from", effectiveFrom)
        if let native {
            json.object("native") { json in
                json.member("code", Int(native.code))
                json.member("name", native.name)
            }
        }
        if let fix { json.object("fix", fix.writeMembers) }
        json.endObject()
    }
}

extension Fix {
    func writeMembers(_ json: inout JSONWriter) {
        json.member("action", action.rawValue)
        json.member("text", text)
    }
}

extension Target {
    func writeMembers(_ json: inout JSONWriter) {
        json.member("host", host)
        json.member("port", Int(port))
        json.member("address", address)
        json.member("sni", sni)
        json.member("starttls", startTLS?.rawValue)
    }
}

extension StoreAnswer {
    func write(_ json: inout JSONWriter) {
        json.beginObject()
        json.member("version", version)
        json.member("published", published)
        json.key("trusted")
        json.value(orNull: trusted)
        json.member("basis", basis.rawValue)
        json.member("completes", completes.rawValue)
        json.member("path", path)
        json.member("until", until)
        json.list("reasons", reasons) { reason, json in
            json.beginObject()
            json.member("check", reason.check.rawValue)
            json.member("reason", reason.reason.rawValue)
            json.member("certificate", reason.certificate)
            json.member("path", reason.path)
            json.endObject()
        }
        json.endObject()
    }
}

extension Path {
    func write(_ json: inout JSONWriter) {
        json.beginObject()
        json.member("certificates", certificates)
        json.member("anchor", anchor)
        json.member("stores", stores)
        json.member("valid", valid)
        json.member("from", from)
        json.member("until", until)
        if !notSent.isEmpty { json.member("not_sent", notSent) }
        json.list("findings", findings) { $0.write(&$1) }
        json.endObject()
    }
}

extension Presented {
    func write(_ json: inout JSONWriter) {
        json.key("presented")
        json.beginObject()
        json.member("certificates", certificates)
        json.key("complete")
        json.value(orNull: complete)
        json.member("in_order", inOrder)
        json.member("duplicates", duplicates)
        json.member("unrelated", unrelated)
        json.list("missing", missing) { issuer, json in
            json.beginObject()
            json.member("subject", issuer.subject)
            json.member("sha256", issuer.sha256)
            json.member("url", issuer.url)
            json.endObject()
        }
        json.member("anchor_sent", anchorSent)
        json.endObject()
    }
}

extension Handshake {
    func write(_ json: inout JSONWriter) {
        json.key("handshake")
        json.beginObject()
        json.member("protocol", protocolVersion)
        json.member("cipher", cipher)
        json.member("group", group)
        json.member("alpn", alpn)
        writeTimings(&json)
        json.member("failed_at", failedAt?.rawValue)
        json.member("addresses", addressesTried)
        json.member("proxy", proxy)
        if let firstAttempt {
            json.list("attempts", [false, true]) { isSecond, json in
                json.beginObject()
                json.member("security_level", isSecond ? "lowest" : "default")
                json.member("protocol", isSecond ? protocolVersion : firstAttempt.protocolVersion)
                if !isSecond {
                    json.member("reason", firstAttempt.reason.rawValue)
                    json.member("presented", firstAttempt.presented)
                }
                json.endObject()
            }
        }
        if clientCertificate != nil || clientCertificateName != nil {
            json.key("client_certificate")
            json.beginObject()
            json.member("name", clientCertificateName)
            json.member("requested", clientCertificate != nil)
            json.member("required", clientCertificate?.required ?? false)
            json.member("presented", clientCertificate?.presented ?? false)
            json.member("refused", clientCertificate?.refused ?? false)
            json.member("authorities", clientCertificate?.authorities ?? [])
            json.endObject()
        }
        json.endObject()
    }
}

extension Handshake {
    /// Milliseconds, to the microsecond; a phase that was tried again counts as one.
    private func writeTimings(_ json: inout JSONWriter) {
        json.key("timings")
        json.beginObject()
        for phase in [Phase.resolve, .connect, .starttls, .handshake] {
            let spent = timings.filter { $0.phase == phase }.map(\.milliseconds)
            guard !spent.isEmpty else { continue }
            json.key(phase.rawValue)
            json.value((spent.reduce(0, +) * 1_000).rounded() / 1_000)
        }
        json.endObject()
    }
}

extension JSONWriter {
    mutating func member(_ name: StaticString, _ instant: Instant?) {
        if let instant { member(name, instant.description) }
    }

    mutating func member(_ name: StaticString, _ digest: SHA256Digest?) {
        if let digest { member(name, digest.hex) }
    }

    mutating func member(_ name: StaticString, _ digests: [SHA256Digest]) {
        list(name, digests) { $1.value($0.hex) }
    }

    mutating func value(orNull flag: Bool?) {
        if let flag { value(flag) } else { null() }
    }
}
