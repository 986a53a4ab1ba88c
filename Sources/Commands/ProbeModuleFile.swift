import Certificates
import Foundation
import HTTPAPI
import Reports
import Yams

/// `modules` of the configuration: blackbox_exporter's own grammar. What is not about TLS is taken where it
/// cannot change the answer, and refused where it would.
struct ProbeModuleFile {
    /// Of the configuration: `ca_file` is sought beside it.
    let path: String

    func modules(_ node: Node) throws(SettingsError) -> [String: ProbeModule] {
        guard let mapping = node.mapping else { throw error(node, "modules", "write NAME: {prober: tcp, …}") }
        var modules: [String: ProbeModule] = [:]
        for (key, value) in mapping {
            let name = key.string ?? ""
            guard !name.isEmpty else { throw error(key, "modules", "a module needs a name") }
            modules[name] = try module(value, "modules.\(name)")
        }
        return modules
    }

    private func module(_ node: Node, _ place: String) throws(SettingsError) -> ProbeModule {
        let members = try members(node, place, ["prober", "timeout", "tcp", "http"])
        guard let prober = members["prober"]?.string.flatMap(ProbeModule.Prober.init(rawValue:)) else {
            throw error(node, place, "prober is tcp or http; others have no TLS")
        }
        var module = ProbeModule(prober)
        if let timeout = members["timeout"] {
            guard let duration = timeout.string.flatMap(Self.duration) else {
                throw error(timeout, "\(place).timeout", "a time such as 5s, 500ms or 1m")
            }
            module.timeout = duration
        }
        switch prober {
        case .tcp:
            guard let tcp = members["tcp"] else { throw error(node, place, "a module without TLS") }
            try apply(tcp: tcp, "\(place).tcp", to: &module)
        case .http:
            if let http = members["http"] { try apply(http: http, "\(place).http", to: &module) }
        }
        return module
    }

    /// A dialogue of `query_response` that ends in `starttls` is one of ours, chosen by its first lines.
    private func apply(tcp node: Node, _ place: String, to module: inout ProbeModule) throws(SettingsError) {
        let members = try members(
            node, place, ["tls", "tls_config", "query_response"] + Self.ofAddresses)
        module.family = try family(members, place)
        if let config = members["tls_config"] { try apply(tls: config, "\(place).tls_config", to: &module) }
        if let dialogue = members["query_response"] {
            guard let startTLS = Self.startTLS(dialogue) else {
                throw error(
                    dialogue, "\(place).query_response",
                    "only dialogues of smtp, imap, pop3 and ftp that end in starttls are known")
            }
            module.startTLS = startTLS
        } else if members["tls"]?.bool != true {
            throw error(node, place, "tls: true is missing; a module without TLS has nothing to judge")
        }
    }

    /// What an HTTP request would need is not looked at: none is sent.
    private func apply(http node: Node, _ place: String, to module: inout ProbeModule) throws(SettingsError) {
        let ofRequests = [
            "valid_status_codes", "valid_http_versions", "method", "headers", "compression",
            "follow_redirects",
            "no_follow_redirects", "fail_if_ssl", "fail_if_not_ssl", "fail_if_body_matches_regexp",
            "fail_if_body_not_matches_regexp", "fail_if_header_matches", "fail_if_header_not_matches",
            "body", "body_size_limit",
        ]
        let members = try members(node, place, ["tls_config"] + Self.ofAddresses + ofRequests)
        module.family = try family(members, place)
        if let config = members["tls_config"] { try apply(tls: config, "\(place).tls_config", to: &module) }
    }

    private static let ofAddresses = ["preferred_ip_protocol", "ip_protocol_fallback"]

    private func family(_ members: [String: Node], _ place: String) throws(SettingsError) -> FamilyChoice {
        var choice = FamilyChoice()
        if let node = members["preferred_ip_protocol"] {
            guard let family = node.string.flatMap(FamilyChoice.Family.init(rawValue:)) else {
                throw error(node, "\(place).preferred_ip_protocol", "ip4 or ip6")
            }
            choice.preferred = family
        }
        if let node = members["ip_protocol_fallback"] {
            guard let fallback = node.bool else {
                throw error(node, "\(place).ip_protocol_fallback", "true or false")
            }
            choice.hasFallback = fallback
        }
        return choice
    }

    private func apply(tls node: Node, _ place: String, to module: inout ProbeModule) throws(SettingsError) {
        let members = try members(node, place, ["ca_file", "server_name", "insecure_skip_verify"])
        module.serverName = members["server_name"]?.string
        module.skipsVerification = members["insecure_skip_verify"]?.bool ?? false
        guard let file = members["ca_file"] else { return }
        let folder = URL(filePath: path).deletingLastPathComponent()
        guard let name = file.string, !name.isEmpty else {
            throw error(file, "\(place).ca_file", "takes a path")
        }
        let resolved = URL(filePath: name, relativeTo: folder).path
        let bytes = try InputFile.read(resolved, flag: "\(place).ca_file")
        do throws(Malformed) {
            module.anchors = try PostedCertificates.pem(bytes).decoded()
        } catch {
            throw SettingsError(source: "\(place).ca_file", detail: "\(resolved): \(error.detail)")
        }
    }

    private static func startTLS(_ node: Node) -> StartTLS? {
        let steps = (node.sequence.map(Array.init) ?? []).compactMap(\.mapping)
        guard steps.contains(where: { $0["starttls"]?.bool == true }) else { return nil }
        let sent = steps.compactMap { $0["send"]?.string?.uppercased() }
        if sent.contains(where: { $0.hasPrefix("EHLO") || $0.hasPrefix("HELO") }) { return .smtp }
        if sent.contains(where: { $0.hasPrefix("STLS") }) { return .pop3 }
        if sent.contains(where: { $0.hasPrefix("AUTH TLS") }) { return .ftp }
        if sent.contains(where: { $0.hasSuffix(" STARTTLS") }) { return .imap }
        return nil
    }

    /// Go's durations of one unit.
    static func duration(_ text: String) -> Duration? {
        let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let number = Double(text.dropLast(unit.suffix.count)), number.isFinite, number >= 0,
                number < 1e6
            else { return nil }
            return .seconds(number * unit.seconds)
        }
        return nil
    }

    private func members(
        _ node: Node, _ place: String, _ known: [String]
    ) throws(SettingsError) -> [String: Node] {
        guard let mapping = node.mapping else { throw error(node, place, "write `key: value`") }
        var members: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.string ?? ""
            guard known.contains(name) else {
                throw error(
                    key, place, "'\(name)' is not supported; there are \(known.joined(separator: ", "))")
            }
            members[name] = value
        }
        return members
    }

    private func error(_ node: Node, _ place: String, _ detail: String) -> SettingsError {
        SettingsError(source: "\(path):\(node.mark?.line ?? 1): \(place)", detail: detail)
    }
}
