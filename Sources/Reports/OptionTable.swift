import Certificates

/// What a request is about; an option applies to some of them.
package enum RequestKind: String, Sendable, Hashable, CaseIterable { case validate, check, replay }

/// One option: its name, the requests that take it, what its value looks like, and how it is read.
package struct OptionRow: Sendable {
    package let name: String
    package let kinds: Set<RequestKind>
    /// A list may be given as an array or several times.
    package let isList: Bool
    /// For help and error messages.
    package let value: String
    package let help: String
    let read: @Sendable (OptionInput, inout OptionDraft) -> Void

    /// `--max-depth` for `max_depth`.
    package var flag: String { OptionTable.flag(name) }

    init(
        _ name: String, _ kinds: Set<RequestKind>, list: Bool = false, _ value: String, _ help: String,
        _ read: @escaping @Sendable (OptionInput, inout OptionDraft) -> Void
    ) {
        (self.name, self.kinds, self.isList) = (name, kinds, list)
        (self.value, self.help, self.read) = (value, help, read)
    }
}

/// Every option once: JSON bodies, query strings and flags are all read by it.
package enum OptionTable {
    private static let all = Set(RequestKind.allCases)

    package static let rows: [OptionRow] = [
        OptionRow("pem", [.validate], "PEM", "certificates in any order") { input, draft in
            draft.post(input) { text throws(Malformed) in .pem(Array(text.utf8)) }
        },
        OptionRow("der", [.validate], "BASE64", "one certificate") { input, draft in
            draft.post(input) { text throws(Malformed) in .der(try OptionValues.base64(text)) }
        },
        OptionRow("pkcs7", [.validate], "BASE64", "certificates as PKCS#7 in DER") { input, draft in
            draft.post(input) { text throws(Malformed) in .pkcs7(try OptionValues.base64(text)) }
        },
        OptionRow("name", all, list: true, "NAME", "DNS name or IP address that must match") {
            $1.list(\.options.names, $0, separated: false, OptionValues.name)
        },
        OptionRow("at", all, "INSTANT", "instant to judge for, RFC 3339; default now") {
            $1.set(\.options.at, $0, OptionValues.instant)
        },
        OptionRow("stores", all, list: true, "STORE,…", "trust stores, or all") {
            $1.list(\.options.stores, $0, separated: true, OptionValues.store)
        },
        OptionRow("anchors", all, "PEM", "further anchors, as the store named request") {
            $1.set(\.options.anchors, $0, OptionValues.certificates)
        },
        OptionRow(
            "clients", all, list: true, "CLIENT,…",
            "judge request and stores of your own as each of these clients"
        ) {
            $1.list(\.options.clients, $0, separated: true, OptionValues.client)
        },
        OptionRow("intermediates", all, "PEM", "certificates that count as sent") {
            $1.set(\.options.intermediates, $0, OptionValues.certificates)
        },
        OptionRow("crls", all, "PEM", "CRLs to use for this request") {
            $1.set(\.options.crls, $0, OptionValues.crls)
        },
        OptionRow("revocation", all, "off|soft|hard", "what no answer about revocation means; default off") {
            $1.set(\.options.revocation, $0, OptionValues.choice)
        },
        OptionRow(
            "aia", all, "true|false",
            "whether missing issuers may be fetched; default true for check"
        ) {
            $1.flag(\.options.aia, $0)
        },
        OptionRow("max_depth", all, "N", "largest number of intermediates, self-issued ones not counted") {
            $1.set(\.options.maxDepth, $0, number: true, OptionValues.depth)
        },
        OptionRow("policies", all, list: true, "OID,…", "acceptable certificate policies; default any") {
            $1.list(\.options.policies.acceptable, $0, separated: true, OptionValues.oid)
        },
        OptionRow("require_explicit_policy", all, "true|false", "a policy must hold over the whole path") {
            $1.flag(\.options.policies.requireExplicitPolicy, $0)
        },
        OptionRow("inhibit_policy_mapping", all, "true|false", "policy mappings do not count") {
            $1.flag(\.options.policies.inhibitPolicyMapping, $0)
        },
        OptionRow("inhibit_any_policy", all, "true|false", "anyPolicy in a certificate does not count") {
            $1.flag(\.options.policies.inhibitAnyPolicy, $0)
        },
        OptionRow("profile", all, "webpki|rfc5280", "what conforms speaks of; default webpki") {
            $1.set(\.options.profile, $0, OptionValues.choice)
        },
        OptionRow("purpose", all, "server|client|any", "what the certificate is for; default server") {
            $1.set(\.options.purpose, $0, OptionValues.choice)
        },
        OptionRow("warn", all, list: true, "21d,25%", "time to the first break that is a warning") {
            $1.thresholds(\.options.warn, $0)
        },
        OptionRow("critical", all, list: true, "7d,10%", "time to the first break that is critical") {
            $1.thresholds(\.options.critical, $0)
        },
        OptionRow("serves", all, "PEM|SHA-256", "certificate that the end entity must equal") {
            $1.set(\.options.serves, $0, OptionValues.digest)
        },
        OptionRow("reissue", all, "INSTANT", "when the next certificate is issued; default when due") {
            $1.set(\.options.reissue, $0, OptionValues.instant)
        },
        OptionRow("target", [.check], "HOST[:PORT]", "where to connect; https://HOST, smtp://HOST, … too") {
            $1.set(\.target, $0) { text throws(Malformed) in try TargetText(parsing: text) }
        },
        OptionRow("host", [.check], "HOST", "where to connect") {
            $1.set(\.host, $0, TargetText.host)
        },
        OptionRow("port", [.check], "PORT", "default 443") {
            $1.set(\.port, $0, number: true, OptionValues.port)
        },
        OptionRow(
            "address", [.check], "ADDRESS|all",
            "dial this address instead of resolving the host, or all of it"
        ) {
            $1.set(\.address, $0, OptionValues.address)
        },
        OptionRow("samples", [.check], "N", "handshakes with each address, 1 to 16; default 1") {
            $1.set(\.samples, $0, number: true, OptionValues.samples)
        },
        OptionRow("sni", [.check], "NAME", "server name to send; empty for none") {
            $1.set(\.sni, $0, OptionValues.serverName)
        },
        OptionRow("starttls", [.check], "PROTOCOL", "smtp, imap, …, or none; default by scheme and port") {
            $1.set(\.start, $0, OptionValues.start)
        },
        OptionRow(
            "variants", [.check], "true|false", "also without SNI, by kind of key, at the lowest version"
        ) {
            $1.flag(\.hasVariants, $0)
        },
        OptionRow("client_certificate", [.check], "NAME", "pair of the configuration to present when asked") {
            $1.set(\.clientCertificate, $0, OptionValues.clientCertificate)
        },
        OptionRow("proxy", [.check], "NAME", "proxy of the configuration to go through") {
            $1.set(\.proxy, $0, OptionValues.proxy)
        },
        OptionRow("timeout", [.check], "DURATION", "for everything together; default 8s, at most 60s") {
            $1.set(\.options.timeout, $0, OptionValues.timeout)
        },
        OptionRow("expect", all, "ok|trusted", "turn the answer into the status") {
            $1.set(\.options.expect, $0, OptionValues.choice as (String) throws(Malformed) -> Expectation)
        },
        OptionRow("include", all, list: true, "pem,bundle,evidence,…", "larger parts of the report") {
            $1.collect(\.options.include, $0, OptionValues.choice)
        },
        OptionRow("format", all, "json|text|csv|nagios|prometheus|zabbix|junit", "form of the answer") {
            $1.set(\.options.format, $0, OptionValues.choice as (String) throws(Malformed) -> Format)
        },
        OptionRow("fields", all, list: true, "MEMBER,…", "members of the report to keep") {
            $1.list(\.options.fields, $0, separated: true, OptionValues.field)
        },
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

    package static func row(_ name: String) -> OptionRow? { byName[name] }

    package static func flag(_ name: String) -> String {
        "--" + String(name.map { $0 == "_" ? "-" : $0 })
    }
}
