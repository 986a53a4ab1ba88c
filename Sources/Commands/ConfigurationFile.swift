import Assessment
import Foundation
import HTTPAPI
import Reports
import TrustStores
import Yams

/// What the YAML file of `--config` says. A key that is not known is an error: a typo must not mean a
/// default.
struct ConfigurationFile: Sendable, Equatable {
    let path: String
    /// By the settings' keys.
    private(set) var values: [String: [String]] = [:]
    private(set) var storeRules = StoreRules()
    private(set) var modules: [String: ProbeModule] = [:]
    private var lines: [String: Int] = [:]

    func source(of key: String) -> String { "\(path):\(lines[key] ?? 1): \(key)" }

    /// A configuration is written by hand; more than this is another file.
    private static let limit = 4 << 20

    static func read(_ path: String) throws(SettingsError) -> ConfigurationFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SettingsError(source: path, detail: "the file cannot be read")
        }
        guard data.count <= limit, let text = String(data: data, encoding: .utf8) else {
            throw SettingsError(source: path, detail: "not UTF-8 text of at most \(limit) octets")
        }
        return try parse(text, path: path)
    }

    static func parse(_ text: String, path: String) throws(SettingsError) -> ConfigurationFile {
        var file = ConfigurationFile(path: path)
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw SettingsError(source: path, detail: "not YAML: \(error)")
        }
        guard let root, root != Node("", Tag(.null)), !root.isEmptyScalar else { return file }
        guard let mapping = root.mapping else {
            throw SettingsError(source: path, detail: "write settings as `key: value`")
        }
        for (key, value) in mapping {
            let name = key.string ?? ""
            let line = key.mark?.line ?? 1
            file.lines[name] = line
            if name == "store_rules" {
                file.storeRules = try rules(value, path: path)
            } else if name == "modules" {
                file.modules = try ProbeModuleFile(path: path).modules(value)
            } else if name == "client_certificates", value.mapping != nil {
                file.values[name] = try identities(value, source: file.source(of: name))
            } else if name == "proxies", value.mapping != nil {
                file.values[name] = try proxies(value, source: file.source(of: name))
            } else if let setting = Setting.all.first(where: { $0.key == name }) {
                file.values[setting.key] = try texts(value, source: file.source(of: name))
            } else if name == "trust_stores" {
                file.lines["trust_store"] = line
                file.values["trust_store"] = try pairs(value, source: file.source(of: name))
            } else {
                let known = (Setting.all.map(\.key) + ["trust_stores", "store_rules", "modules"]).sorted()
                throw SettingsError(
                    source: "\(path):\(line)",
                    detail: "unknown key '\(name)'; there are \(known.joined(separator: ", "))")
            }
        }
        return file
    }

    private static func texts(_ node: Node, source: String) throws(SettingsError) -> [String] {
        if let text = node.scalar?.string { return [text] }
        guard let sequence = node.sequence else {
            throw SettingsError(source: source, detail: "takes a value or a list of values")
        }
        var out: [String] = []
        for item in sequence {
            guard let text = item.scalar?.string else {
                throw SettingsError(source: source, detail: "takes a list of plain values")
            }
            out.append(text)
        }
        return out
    }

    /// `trust_stores: {corp: /etc/corp.pem}`, as `NAME=PATH`.
    private static func pairs(_ node: Node, source: String) throws(SettingsError) -> [String] {
        guard let mapping = node.mapping else { return try texts(node, source: source) }
        var out: [String] = []
        for (name, path) in mapping {
            guard let name = name.scalar?.string, let path = path.scalar?.string else {
                throw SettingsError(source: source, detail: "write NAME: PATH")
            }
            out.append("\(name)=\(path)")
        }
        return out
    }

    /// `client_certificates: {NAME: {certificate: PATH, key: PATH}}`, as `NAME=PATH,PATH`.
    private static func identities(_ node: Node, source: String) throws(SettingsError) -> [String] {
        var out: [String] = []
        for (name, pair) in node.mapping ?? [:] {
            guard let name = name.scalar?.string, let members = pair.mapping, members.count == 2,
                let certificate = members["certificate"]?.scalar?.string,
                let key = members["key"]?.scalar?.string
            else { throw SettingsError(source: source, detail: "write NAME: {certificate: PATH, key: PATH}") }
            out.append("\(name)=\(certificate),\(key)")
        }
        return out
    }

    /// `proxies: {NAME: {url: URL, credentials: PATH}}` or `{NAME: URL}`, as `NAME=URL,PATH`.
    private static func proxies(_ node: Node, source: String) throws(SettingsError) -> [String] {
        var out: [String] = []
        for (name, proxy) in node.mapping ?? [:] {
            let members = proxy.mapping
            let (url, path) = (members?["url"] ?? proxy, members?["credentials"])
            guard let name = name.scalar?.string, let url = url.scalar?.string,
                members.map({ $0.count == (path == nil ? 1 : 2) }) ?? true, path == nil || path?.scalar != nil
            else { throw SettingsError(source: source, detail: "write NAME: {url: URL, credentials: PATH}") }
            out.append("\(name)=\(url)" + (path?.scalar.map { ",\($0.string)" } ?? ""))
        }
        return out
    }

    private static func rules(_ node: Node, path: String) throws(SettingsError) -> StoreRules {
        guard let sequence = node.sequence else {
            throw SettingsError(source: "\(path): store_rules", detail: "takes a list of rules")
        }
        var rules: [StoreRule] = []
        for item in sequence {
            let source = "\(path):\(item.mark?.line ?? 1): store_rules"
            guard let mapping = item.mapping else {
                throw SettingsError(source: source, detail: "a rule is `{match: HOST, stores: [NAME]}`")
            }
            var members: [String: [String]] = [:]
            for (key, value) in mapping {
                let name = key.string ?? ""
                guard ["match", "stores", "profile", "warn", "critical"].contains(name) else {
                    throw SettingsError(
                        source: source,
                        detail: "unknown key '\(name)'; there are match, stores, profile, warn, critical")
                }
                members[name] = try texts(value, source: source)
            }
            for name in ["warn", "critical"] {
                guard let texts = members[name], Thresholds.parse(texts.joined(separator: ",")) == nil else {
                    continue
                }
                throw SettingsError(source: source, detail: "\(name) is one or several of 30d, 12h, 25%")
            }
            guard let match = members["match"]?.first else {
                throw SettingsError(source: source, detail: "match is missing")
            }
            do {
                rules.append(
                    try StoreRule(
                        match: match, stores: members["stores"], profile: members["profile"]?.first,
                        warn: members["warn"]?.joined(separator: ","),
                        critical: members["critical"]?.joined(separator: ",")))
            } catch {
                throw SettingsError(source: source, detail: error.detail)
            }
        }
        do {
            return try StoreRules(rules)
        } catch {
            throw SettingsError(source: "\(path): store_rules", detail: error.detail)
        }
    }
}

extension Node {
    /// A file of nothing but comments.
    fileprivate var isEmptyScalar: Bool { scalar?.string.isEmpty == true }
}
