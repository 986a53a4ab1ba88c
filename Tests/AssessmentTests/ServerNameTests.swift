import Assessment
import Certificates
import Egress
import Fixtures
import Logging
import Reports
import Testing
import TrustStores

/// From the text of a target to the server name that a real server hears: internationalised names as
/// A-labels, addresses never.
@Suite(.timeLimit(.minutes(2))) struct ServerNameTests {
    struct Case: Sendable {
        var host: String
        var options: [(String, String)] = []
        /// Nil: no server name.
        var heard: String?
    }

    static let cases = [
        Case(host: "server.test", heard: "server.test"),
        Case(host: "b\u{fc}cher.example", heard: "xn--bcher-kva.example"),
        // Decomposed, in capitals, with the last dot.
        Case(host: "BU\u{308}CHER.Example.", heard: "xn--bcher-kva.example"),
        Case(host: "XN--BCHER-KVA.example", heard: "xn--bcher-kva.example"),
        // Nontransitional: the sharp s stays.
        Case(host: "fa\u{df}.example", heard: "xn--fa-hia.example"),
        Case(host: "пример.example", heard: "xn--e1afmkfd.example"),
        // A Cyrillic letter among Latin ones is a name like another: the certificate tells whose.
        Case(host: "p\u{430}ypal.example", heard: "xn--pypal-4ve.example"),
        Case(host: "example。com", heard: "example.com"),
        Case(host: "127.0.0.1", heard: nil), Case(host: "[::1]", heard: nil),
        Case(host: "192.0.2.1", options: [("name", "b\u{fc}cher.example")], heard: "xn--bcher-kva.example"),
        Case(host: "[2001:db8::1]", options: [("sni", "fa\u{df}.example")], heard: "xn--fa-hia.example"),
        Case(host: "server.test", options: [("sni", "")], heard: nil),
        Case(host: "server.test", options: [("name", "192.0.2.1")], heard: "server.test"),
    ]

    private static func assessor() throws -> Assessor {
        let set = StoreSet([try AssessorTests.store("mozilla", StandardChains.root)])
        return try Assessor(
            stores: try CurrentStores(rules: StoreRules([])) { _ throws(TrustStoreError) in set },
            policy: EgressPolicy(.all), logger: Logger(label: "test"))
    }

    private static func check(_ options: [(String, String)]) async throws -> Report {
        let inputs = OptionInput.query(options + [("timeout", "30s")])
        return try await assessor().check(
            try OptionParser.parse(inputs, for: .check), given: Set(inputs.map(\.name)),
            now: AssessorTests.now, id: "id")
    }

    /// The port answers only those who name the certificate, so that it tells what was heard.
    @Test func heard() async throws {
        let names = Set(Self.cases.compactMap(\.heard)).sorted()
        let leaf = StandardChains.intermediate.leaf(names: names)
        let server = try await RealServer(.haproxy(), [leaf, StandardChains.intermediate.certificate])
        defer { server.stop() }
        for c in Self.cases {
            let report = try await Self.check(
                [("target", "\(c.host):10444"), ("address", server.address)] + c.options)
            #expect(report.target?.sni == c.heard, "\(c.host)")
            if c.heard == nil {
                let failure = report.findings.first { $0.check == .netHandshake }
                #expect(failure?.reason == .alertReceived, "\(c.host)")
                #expect(failure?.presented == "unrecognized_name", "\(c.host)")
            } else {
                #expect(report.handshake?.failedAt == nil, "\(c.host)")
                #expect(report.presented?.certificates.first == leaf.sha256, "\(c.host)")
            }
            if c.host.contains("cher.") { #expect(report.verdict == .trusted, "\(c.host)") }
        }
    }

    @Test("an IPv6 literal is dialled as it is") func literal() async throws {
        let presented = StandardChains.good().presented
        let server = try await OpenSSLServer(presented, address: "::1")
        let report = try await Self.check([("target", "[::1]:\(server.port)")])
        #expect(report.target?.host == "::1" && report.target?.address == "::1" && report.target?.sni == nil)
        #expect(report.presented?.certificates == presented.map(\.sha256))
    }

    @Test(
        "what is no host is refused before anything is asked",
        arguments: [
            "[fe80::1%25lo]:443", "[fe80::1%lo]:443", "fe80::1%lo", "a\u{200d}b.example", "-\u{fc}.example",
            "\u{fc}..example", "xn--\u{fc}.example", "\u{fc}*.example", "１２７.1", "127.1", "0x7f000001",
            "::ffff:127.1",
        ])
    func refused(_ host: String) throws {
        let error = #expect(throws: OptionErrors.self) {
            try OptionParser.parse(OptionInput.query([("target", host)]), for: .check)
        }
        #expect(error?.errors.map(\.code) == [.targetMalformed])
    }

    @Test("an address is no server name", arguments: ["192.0.2.1", "2001:db8::1"])
    func addressAsServerName(_ name: String) throws {
        let inputs = OptionInput.query([("target", "server.test"), ("sni", name)])
        let error = #expect(throws: OptionErrors.self) { try OptionParser.parse(inputs, for: .check) }
        #expect(error?.errors.map(\.pointer) == ["sni"])
    }
}
