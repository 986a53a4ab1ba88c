import Assessment
import HTTPAPI
import Logging
import TrustStores

/// How this process runs: what its flags, its environment and its file say, the defaults filled in.
struct Settings: Sendable, Equatable {
    var listen = ListenAddress.standard
    /// Nil: looked for (`DataFolder`).
    var trustStoreFolder: String?
    var trustStores: [OperatorStore] = []
    var storeRules = StoreRules()
    var network = NetworkSettings()
    var modules = ProbeModules.standard
    var logFormat = LogFormat.text
    var logLevel = Logger.Level.info
}

enum LogFormat: String, Sendable, CaseIterable { case json, text }

/// A setting that cannot be used: which, where it came from, and why.
struct SettingsError: Error, Equatable, CustomStringConvertible {
    var source: String
    var detail: String

    var description: String { "\(source): \(detail)" }
}

/// One setting under its four names. A list given at one level replaces the whole list of the level below.
struct Setting: Sendable {
    /// In the YAML file; with `-` for `_` and two dashes it is the flag.
    let key: String
    let help: String
    /// As the documentation shows it.
    let standard: String
    /// False: only in the file.
    let hasFlag: Bool
    let apply: @Sendable (inout Settings, [String]) throws(Reason) -> Void

    struct Reason: Error { var text: String }

    var environment: String { "CATENARY_" + key.uppercased() }

    init(
        _ key: String, _ help: String, standard: String, hasFlag: Bool = true,
        apply: @escaping @Sendable (inout Settings, [String]) throws(Reason) -> Void
    ) {
        (self.key, self.help, self.standard) = (key, help, standard)
        (self.hasFlag, self.apply) = (hasFlag, apply)
    }
}

extension Setting {
    /// Every setting there is but `store_rules` and `modules`, which only the file can hold.
    static let all: [Setting] = general + network

    private static let general: [Setting] = [
        Setting("listen", "HOST:PORT, [V6]:PORT or unix:PATH", standard: "127.0.0.1:8420") {
            (settings, values) throws(Reason) in
            guard let listen = ListenAddress(try single(values)) else {
                throw Reason(text: "write HOST:PORT, [V6]:PORT or unix:PATH")
            }
            settings.listen = listen
        },
        Setting(
            "trust_store_dir", "folder of the shipped trust data",
            standard: "beside the program, its share folder, or ./trust-store"
        ) { (settings, values) throws(Reason) in settings.trustStoreFolder = try single(values) },
        Setting(
            "trust_store", "NAME=PATH: a store of your own, a PEM file or a folder of them", standard: "none"
        ) {
            (settings, values) throws(Reason) in
            settings.trustStores = []
            for value in values {
                do throws(TrustStoreError) {
                    settings.trustStores.append(try OperatorStore(parsing: value))
                } catch {
                    throw Reason(text: error.description)
                }
            }
        },
        Setting("log_format", "json or text, on standard error", standard: "text") {
            (settings, values) throws(Reason) in settings.logFormat = try choice(values)
        },
        Setting("log_level", "trace, debug, info, notice, warning, error or critical", standard: "info") {
            (settings, values) throws(Reason) in settings.logLevel = try choice(values)
        },
    ]

    private static let network: [Setting] = [
        network(
            "egress", "what may be dialled when no rule speaks of it: all, public or none",
            standard: "all; public when the API listens beyond loopback"
        ) { (network, value) throws(NetworkSettings.Malformed) in try network.setEgress(value) },
        network(
            list: "egress_allow", "addresses, blocks and names that may be dialled whatever the base says"
        ) { (network, values) throws(NetworkSettings.Malformed) in try network.setAllowed(values) },
        network(
            list: "egress_deny",
            "addresses, blocks and names that may not be dialled; stronger than egress_allow"
        ) { (network, values) throws(NetworkSettings.Malformed) in try network.setDenied(values) },
        network(
            "egress_connections", "connections to one address at once",
            standard: "64, on loopback without limit"
        ) { (network, value) throws(NetworkSettings.Malformed) in try network.setConnections(value) },
        network(
            "egress_rate", "new connections to one address in a second",
            standard: "100, on loopback without limit"
        ) { (network, value) throws(NetworkSettings.Malformed) in try network.setRate(value) },
        network(list: "proxies", "NAME=URL or NAME=URL,CREDENTIALS: proxies that requests may name") {
            (network, values) throws(NetworkSettings.Malformed) in try network.setProxies(values)
        },
        network("proxy", "http://HOST:PORT, or a name of proxies: every probe goes through it by CONNECT") {
            (network, value) throws(NetworkSettings.Malformed) in try network.setProxy(value)
        },
        network("proxy_credentials", "file with one line, user:password, for the proxy") {
            (network, value) throws(NetworkSettings.Malformed) in try network.setProxyCredentials(value)
        },
        network("fetch_cache", "folder where fetched issuers and CRLs are kept", standard: "none: in memory")
        {
            (network, value) throws(NetworkSettings.Malformed) in try network.setFetchCache(value)
        },
        network(
            list: "client_certificates", "NAME=CERTIFICATES,KEY: PEM files that requests may name"
        ) { (network, values) throws(NetworkSettings.Malformed) in try network.setClientCertificates(values)
        },
    ]

    /// One of exactly one value.
    private static func network(
        _ key: String, _ help: String, standard: String = "none",
        set: @escaping @Sendable (inout NetworkSettings, String) throws(NetworkSettings.Malformed) -> Void
    ) -> Setting {
        Setting(key, help, standard: standard) { (settings, values) throws(Reason) in
            let value = try single(values)
            do throws(NetworkSettings.Malformed) {
                try set(&settings.network, value)
            } catch {
                throw Reason(text: error.text)
            }
        }
    }

    private static func network(
        list key: String, _ help: String,
        set: @escaping @Sendable (inout NetworkSettings, [String]) throws(NetworkSettings.Malformed) -> Void
    ) -> Setting {
        Setting(key, help, standard: "none") { (settings, values) throws(Reason) in
            do throws(NetworkSettings.Malformed) {
                try set(&settings.network, values)
            } catch {
                throw Reason(text: error.text)
            }
        }
    }

    private static func single(_ values: [String]) throws(Reason) -> String {
        guard values.count == 1, let value = values.first, !value.isEmpty else {
            throw Reason(text: "takes exactly one value")
        }
        return value
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ values: [String]
    ) throws(Reason) -> Choice {
        guard let choice = Choice(rawValue: try single(values)) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Reason(text: "is one of \(choices)")
        }
        return choice
    }
}

extension Settings {
    /// Flag, then environment, then file, then default.
    ///
    /// - Parameters:
    ///   - flags: the values given, by key; a key that was not given is absent.
    ///   - environment: several values of a list are separated by `;`.
    static func resolve(
        flags: [String: [String]], environment: [String: String], file: ConfigurationFile?
    ) throws(SettingsError) -> Settings {
        var settings = Settings()
        for setting in Setting.all {
            let source: String
            let values: [String]
            if let given = flags[setting.key], !given.isEmpty {
                (source, values) = ("--" + setting.key.replacing("_", with: "-"), given)
            } else if let given = environment[setting.environment], !given.isEmpty {
                (source, values) = (setting.environment, given.split(separator: ";").map(String.init))
            } else if let given = file?.values[setting.key] {
                (source, values) = (file?.source(of: setting.key) ?? setting.key, given)
            } else {
                continue
            }
            do throws(Setting.Reason) {
                try setting.apply(&settings, values)
            } catch {
                throw SettingsError(source: source, detail: error.text)
            }
        }
        if let file {
            settings.storeRules = file.storeRules
            settings.modules = .standard.merging(file.modules)
        }
        return settings
    }
}
