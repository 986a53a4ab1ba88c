import Assessment
import HTTPAPI
import Reports
import Testing

@testable import Commands

/// Flag, then environment, then file, then default.
@Suite struct SettingsTests {
    @Test func precedence() throws {
        let file = try ConfigurationFile.parse("listen: 127.0.0.1:3\n", path: "c.yaml")
        func listen(_ flags: [String: [String]], _ environment: [String: String], _ file: ConfigurationFile?)
            throws
            -> String
        {
            try Settings.resolve(flags: flags, environment: environment, file: file).listen.description
        }
        #expect(try listen([:], [:], nil) == "127.0.0.1:8420")
        #expect(try listen([:], [:], file) == "127.0.0.1:3")
        #expect(try listen([:], ["CATENARY_LISTEN": "127.0.0.1:2"], file) == "127.0.0.1:2")
        #expect(
            try listen(["listen": ["127.0.0.1:1"]], ["CATENARY_LISTEN": "127.0.0.1:2"], file) == "127.0.0.1:1"
        )
    }

    @Test func file() throws {
        let text = """
            listen: "unix:/run/catenary.sock"
            log_format: json
            log_level: debug
            egress: public
            egress_allow: [10.0.0.0/8, "corp.example:443"]
            egress_deny: "*:25"
            egress_connections: 3
            egress_rate: 7
            proxies: {dmz: {url: "http://dmz.example:1"}, lab: "http://lab.example:2"}
            proxy: lab
            trust_stores: {corp: /etc/corp.pem}
            store_rules:
              - {match: "*.corp.example", stores: [corp]}
              - match: old.example
                warn: 10d
                critical: [2d, 5%]
            """
        let settings = try Settings.resolve(
            flags: [:], environment: [:], file: try ConfigurationFile.parse(text, path: "c.yaml"))
        #expect(settings.listen == .unix(path: "/run/catenary.sock"))
        #expect(settings.logFormat == .json && settings.logLevel == .debug)
        var network = NetworkSettings()
        try network.setEgress("public")
        try network.setAllowed(["10.0.0.0/8,corp.example:443"])
        try network.setDenied(["*:25"])
        try network.setConnections("3")
        try network.setRate("7")
        try network.setProxies(["dmz=http://dmz.example:1/", "lab=http://lab.example:2"])
        try network.setProxy("lab")
        #expect(settings.network == network && network != NetworkSettings())
        #expect(settings.trustStores.map(\.path) == ["/etc/corp.pem"])
        #expect(settings.storeRules.rules.map(\.match) == ["*.corp.example", "old.example"])
        #expect(settings.storeRules.rules.last?.critical == "2d,5%")
        for empty in ["", "# nothing\n", "---\n"] {
            #expect(try ConfigurationFile.parse(empty, path: "c.yaml").values.isEmpty)
        }
    }

    /// A mistake is told with its place.
    @Test(arguments: [
        ("listn: a", "c.yaml:1", "unknown key 'listn'"),
        ("listen: nowhere", "c.yaml:1: listen", "HOST:PORT"),
        ("\nlog_level: loud", "c.yaml:2: log_level", "is one of"),
        ("egress: some", "c.yaml:1: egress", "is one of all, public, none"),
        ("egress_allow: [10.0.0.1/8]", "c.yaml:1: egress_allow", "10.0.0.1/8 is no rule"),
        ("egress_deny: ['a.example,']", "c.yaml:1: egress_deny", " is no rule"),
        ("proxy: https://a:1", "c.yaml:1: proxy", "http://HOST:PORT"),
        ("proxy: http://u:p@a:1", "c.yaml:1: proxy", "http://HOST:PORT"),
        ("proxy: http://a", "c.yaml:1: proxy", "http://HOST:PORT"),
        ("proxy: lab", "c.yaml:1: proxy", "name of an entry of proxies"),
        ("proxies: {lab: {uri: a}}", "c.yaml:1: proxies", "write NAME: {url: URL"),
        ("proxies: {lab: http://a}", "c.yaml:1: proxies", "http://HOST:PORT"),
        ("proxies: {lab: {url: 'http://a:1', credentials: /no}}", "c.yaml:1: proxies", "cannot be read"),
        ("proxies: [lab]", "c.yaml:1: proxies", "write NAME=http://HOST:PORT"),
        ("proxies: ['a=http://a:1', 'a=http://b:1']", "c.yaml:1: proxies", "a is given twice"),
        ("proxy_credentials: /no", "c.yaml:1: proxy_credentials", "cannot be read"),
        ("egress_rate: 0", "c.yaml:1: egress_rate", "number from 1"),
        ("- a", "c.yaml", "key: value"),
        ("a: [", "c.yaml", "not YAML"),
        ("store_rules: {match: a}", "c.yaml: store_rules", "list of rules"),
        ("store_rules: [{match: a.example, store: [b]}]", "c.yaml:1: store_rules", "unknown key 'store'"),
        ("store_rules: [{match: a.example, warn: soon}]", "c.yaml:1: store_rules", "warn is one"),
        ("store_rules: [{stores: [b]}]", "c.yaml:1: store_rules", "match is missing"),
        ("trust_stores: {Bad Name: /a}", "c.yaml:1: trust_store", "name"),
    ])
    func mistakes(_ text: String, _ source: String, _ detail: String) throws {
        let error = #expect(throws: SettingsError.self) {
            try Settings.resolve(
                flags: [:], environment: [:], file: try ConfigurationFile.parse(text, path: "c.yaml"))
        }
        #expect(error?.source.hasPrefix(source) == true, "\(error?.description ?? "")")
        #expect(error?.detail.contains(detail) == true, "\(error?.description ?? "")")
    }

    /// Every setting of the table is a flag of `serve`, and is documented there.
    @Test func everySettingIsAFlag() {
        let help = Catenary.helpMessage(for: ServeCommand.self, columns: 1000)
        for setting in Setting.all {
            #expect(help.contains("--" + setting.key.replacing("_", with: "-")), "\(setting.key)")
        }
    }

    /// Every option of a request is a flag, but those that are files here, or that speak of a status line.
    @Test func everyOptionIsAFlag() {
        for (kind, help) in [
            (RequestKind.validate, Catenary.helpMessage(for: ValidateCommand.self, columns: 1000)),
            (.check, Catenary.helpMessage(for: CheckCommand.self, columns: 1000)),
        ] {
            let words = Set(help.split { $0.isWhitespace || "[],".contains($0) }.map(String.init))
            let others: Set = ["pem", "der", "pkcs7", "target", "host", "expect"]
            for row in OptionTable.rows where row.kinds.contains(kind) && !others.contains(row.name) {
                #expect(words.contains(row.flag), "\(row.name)")
            }
        }
    }

    @Test func dataFolders() {
        let places = DataFolder.candidates(
            executable: "/home/a/catenary/.build/x86_64-unknown-linux-gnu/release/catenary",
            workingDirectory: "/tmp")
        #expect(places.contains("/home/a/catenary/trust-store"))
        #expect(places.last == "/tmp/trust-store")
        let installed = DataFolder.candidates(executable: "/usr/bin/catenary", workingDirectory: "/")
        #expect(installed.first == "/usr/bin/../share/catenary/trust-store")
    }

    @Test(arguments: [
        ("127.0.0.1:8420", true), ("[::1]:80", true), ("localhost:0", true), ("unix:/run/a", true),
        ("0.0.0.0:8420", false), ("[::]:80", false), ("127.1:80", false), ("example.com:80", false),
    ])
    func loopback(_ text: String, _ expected: Bool) throws {
        #expect(try #require(ListenAddress(text)).isLoopback == expected)
    }

    @Test(arguments: ["", ":80", "a", "a:", "a:65536", "::1:80", "unix:", "a:-1"])
    func notAnAddress(_ text: String) { #expect(ListenAddress(text) == nil) }
}
