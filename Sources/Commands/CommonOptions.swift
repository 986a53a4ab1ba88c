import ArgumentParser
import Assessment

/// The settings that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(help: "YAML file of settings; an unknown key is an error.")
    var config: String?

    @Option(help: "NAME=PATH: a trust store of your own, a PEM file or a folder of them. Repeatable.")
    var trustStore: [String] = []

    @Option(help: "Folder of the shipped trust data.")
    var trustStoreDir: [String] = []

    @Option(
        help: """
            all, public or none: what may be dialled when no rule speaks of it. Default all; public when the \
            API listens beyond loopback. Metadata addresses never.
            """)
    var egress: [String] = []

    @Option(
        help: """
            What may be dialled all the same: 10.0.0.0/8, 192.0.2.7:443, [fd00::/8]:443, corp.example \
            (and all below it), *:8443, comma-separated. Repeatable.
            """)
    var egressAllow: [String] = []

    @Option(help: "What may not be dialled, as --egress-allow, which is weaker. Repeatable.")
    var egressDeny: [String] = []

    @Option(help: "Connections to one address at once. Default 64, on loopback without limit.")
    var egressConnections: [String] = []

    @Option(help: "New connections to one address in a second. Default 100, on loopback without limit.")
    var egressRate: [String] = []

    @Option(
        help: """
            NAME=CERTIFICATES,KEY: PEM files of a pair that --client-certificate NAME presents. Repeatable.
            """)
    var clientCertificates: [String] = []

    @Option(
        help: "NAME=http://HOST:PORT or NAME=http://HOST:PORT,CREDENTIALS: a proxy with a name. Repeatable.")
    var proxies: [String] = []

    @Option(help: "http://HOST:PORT, or a name of --proxies, that every probe goes through by CONNECT.")
    var proxy: [String] = []

    @Option(help: "File with one line, user:password, for the proxy.")
    var proxyCredentials: [String] = []

    @Option(help: "Folder where fetched issuers and CRLs are kept. Default none: in memory.")
    var fetchCache: [String] = []

    @Option(help: "json or text, on standard error. Default text.")
    var logFormat: [String] = []

    @Option(help: "trace, debug, info, notice, warning, error or critical. Default info.")
    var logLevel: [String] = []

    private var flags: [String: [String]] {
        [
            "trust_store": trustStore, "trust_store_dir": trustStoreDir, "log_format": logFormat,
            "log_level": logLevel, "egress": egress, "egress_allow": egressAllow, "egress_deny": egressDeny,
            "egress_connections": egressConnections, "egress_rate": egressRate,
            "client_certificates": clientCertificates, "proxy": proxy, "proxies": proxies,
            "proxy_credentials": proxyCredentials, "fetch_cache": fetchCache,
        ]
    }

    /// Without loading anything.
    func settings() throws(SettingsError) -> Settings {
        try Engine.settings(flags: flags, configuration: config)
    }

    func engine(quiet: Bool, more: [String: [String]] = [:]) throws(SettingsError) -> Engine {
        try Engine(flags: flags.merging(more) { _, new in new }, configuration: config, quiet: quiet)
    }

    /// For commands that end with their answer, run by somebody who may dial what this machine may.
    func assessor() throws -> Assessor {
        try Usage.check { () throws(SettingsError) in
            try engine(quiet: true).assessor(allowsPrivate: true)
        }
    }
}

/// A mistake of whoever typed the command, in the parser's own form.
enum Usage {
    static func check<Value>(_ body: () throws(SettingsError) -> Value) throws -> Value {
        do throws(SettingsError) {
            return try body()
        } catch {
            throw ValidationError(error.description)
        }
    }
}
