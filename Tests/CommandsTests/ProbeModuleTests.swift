import Fixtures
import HTTPAPI
import Reports
import Testing

@testable import Commands

/// `modules` in blackbox_exporter's grammar.
@Suite struct ProbeModuleTests {
    @Test func modules() throws {
        let folder = try TemporaryFolder()
        let root = Authority.root("Module Root").certificate
        try folder.write("corp.pem", root.pem)
        let text = """
            modules:
              internal:
                prober: tcp
                timeout: 1500ms
                tcp:
                  tls: true
                  tls_config: {ca_file: corp.pem, server_name: db.corp.example, insecure_skip_verify: true}
              smtp:
                prober: tcp
                tcp:
                  query_response:
                    - {expect: "^220"}
                    - {send: "EHLO prober\\r"}
                    - {send: "STARTTLS"}
                    - {starttls: true}
              web: {prober: http, http: {valid_status_codes: [200], tls_config: {server_name: www.example}}}
              four: {prober: tcp, tcp: {tls: true, preferred_ip_protocol: ip4, ip_protocol_fallback: false}}
              six: {prober: http, http: {ip_protocol_fallback: false}}
            """
        let file = try ConfigurationFile.parse(text, path: folder.path + "/c.yaml")
        let modules = try Settings.resolve(flags: [:], environment: [:], file: file).modules
        var inner = ProbeModule(.tcp)
        (inner.timeout, inner.serverName) = (.milliseconds(1500), "db.corp.example")
        (inner.anchors, inner.skipsVerification) = ([root.der], true)
        #expect(modules["internal"] == inner)
        #expect(modules["smtp"]?.startTLS == .smtp)
        #expect(modules["web"]?.serverName == "www.example")
        #expect(modules["web"]?.family == FamilyChoice(.ip6))
        #expect(modules["four"]?.family == FamilyChoice(.ip4, hasFallback: false))
        #expect(modules["six"]?.family == FamilyChoice(.ip6, hasFallback: false))
        // The standard ones are still there.
        #expect(modules["http_2xx"] == ProbeModule(.http))
    }

    static let faults: [(text: String, where: String, what: String)] = [
        ("modules: 3", "modules", "write NAME"),
        ("modules: {a: {prober: icmp}}", "modules.a", "prober is tcp or http"),
        ("modules: {a: {prober: tcp}}", "modules.a", "without TLS"),
        ("modules: {a: {prober: tcp, tcp: {}}}", "modules.a.tcp", "tls: true is missing"),
        ("modules: {a: {prober: tcp, timeout: soon}}", "modules.a.timeout", "a time such as"),
        (
            "modules: {a: {prober: http, http: {tls_config: {cert_file: x}}}}", "tls_config",
            "'cert_file' is not"
        ),
        ("modules: {a: {prober: http, http: {preferred_ip_protocol: ip5}}}", "preferred_ip", "ip4 or ip6"),
        ("modules: {a: {prober: http, http: {ip_protocol_fallback: maybe}}}", "fallback", "true or false"),
        ("modules: {a: {prober: http, http: {tls_config: {ca_file: nix.pem}}}}", "ca_file", "cannot be read"),
        ("modules: {a: {prober: tcp, tcp: {query_response: [{send: HELO}]}}}", "query_response", "starttls"),
    ]

    @Test(arguments: faults) func fault(_ text: String, _ place: String, _ detail: String) {
        #expect {
            try ConfigurationFile.parse(text, path: "/nowhere/c.yaml")
        } throws: { error in
            guard let error = error as? SettingsError else { return false }
            return error.source.contains(place) && error.detail.contains(detail)
        }
    }
}
