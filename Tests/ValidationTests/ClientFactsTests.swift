import Certificates
import Checks
import Foundation
import JSON
import Reports
import Testing
import TrustStores

@testable import Validation

/// Facts measured by running real programs on generated chains, judged under the client of each program and
/// compared cell by cell. `clients/differences.json` lists the cells in which we say something else, and why.
@Suite struct ClientFactsTests {
    struct Cell: Hashable, CustomStringConvertible {
        let fact: String
        let column: String
        var description: String { "\(fact) under \(column)" }
    }

    struct Chain {
        let id: String
        let name: ReferenceIdentifier
        let at: Instant
        let sent: [[UInt8]]
        let anchors: [Certificate]
    }

    /// The column of the facts that each client is held against; a programme's list makes its anchors public.
    static let columns: [(column: String, client: String, origin: TrustStore.Origin)] = [
        ("java25", "java", .custom), ("java25_shipped", "java", .shipped), ("firefox", "firefox", .custom),
        ("chromium", "chrome", .custom), ("gnutls", "gnutls", .custom), ("go", "go", .custom),
        ("openssl", "openssl", .custom), ("curl", "curl", .custom), ("curl", "libcrypto", .custom),
        ("node", "node", .custom), ("rustls", "rustls", .custom),
    ]

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let folder = repository.appending(path: "Tests/Fixtures/clients")

    static func json(_ name: String) throws -> JSONValue {
        try JSONParser.parse(Array(Data(contentsOf: folder.appending(path: name))))
    }

    static func chains() throws -> [Chain] {
        let lines = try String(contentsOf: folder.appending(path: "chains.jsonl"), encoding: .utf8)
        return try lines.split(separator: "\n").map { line in
            let object = try #require(try JSONParser.parse(Array(line.utf8)).object)
            func text(_ member: String) throws -> String { try #require(object[member]?.string) }
            return Chain(
                id: try text("id"), name: try ReferenceIdentifier(parsing: try text("name")),
                at: try #require(Instant(rfc3339: try text("at"))),
                sent: try PEM.decode(Array(try text("pem").utf8), limit: 20),
                anchors: try PEM.decode(Array(try text("anchors").utf8), limit: 20).map {
                    try Certificate.parse(der: $0)
                })
        }
    }

    /// Accepted or refused, by fact and column; what was not tried is left out.
    static func measured() throws -> [Cell: Bool] {
        var out: [Cell: Bool] = [:]
        for fact in try #require(try json("facts.json").object?["facts"]?.array) {
            let id = try #require(fact.object?["id"]?.string)
            for member in fact.object?["results"]?.object?.members ?? [] {
                guard let accepted = member.value.object?["accepted"]?.bool else { continue }
                out[Cell(fact: id, column: member.name)] = accepted
            }
        }
        return out
    }

    func answer(_ chain: Chain, _ client: Client, _ origin: TrustStore.Origin) -> StoreAnswer? {
        let store = TrustStore(
            name: origin == .shipped ? "java" : "corp", origin: origin, client: client, basis: .membership,
            anchors: chain.anchors.map { Anchor(certificate: $0) })
        var evidence = Evidence()
        evidence.presented = chain.sent
        evidence.source = .handshake
        var options = Options()
        options.names = [chain.name]
        let validator = Validator(stores: StoreSet([store], clients: [client]), cache: cache)
        return validator.judge(
            Question(
                evidence: evidence, options: options, stores: [store], storesFrom: .request, at: chain.at,
                checkedAt: chain.at, id: "1")
        ).stores.first
    }

    /// Listed cells, each with its reason.
    static func differences() throws -> [Cell: String] {
        var out: [Cell: String] = [:]
        for group in try #require(try json("differences.json").array) {
            let reason = try #require(group.object?["reason"]?.string)
            for member in try #require(group.object?["cells"]?.object?.members) {
                for client in try #require(member.value.array) {
                    let cell = Cell(fact: member.name, column: try #require(client.string))
                    #expect(out.updateValue(reason, forKey: cell) == nil, "\(cell) is listed twice")
                }
            }
        }
        return out
    }

    /// A difference that is not listed fails, and so does a listed one that differs no longer.
    @Test func everyCell() throws {
        let clients = try TrustStoreLoader(folder: Self.repository.path + "/trust-store").clients()
        let measured = try Self.measured()
        var listed = try Self.differences()
        var compared = 0
        for chain in try Self.chains() {
            for (column, name, origin) in Self.columns {
                guard let accepted = measured[Cell(fact: chain.id, column: column)] else { continue }
                let client = try #require(clients[ClientName(name)])
                let answer = answer(chain, client, origin)
                compared += 1
                let cell = Cell(fact: chain.id, column: name + (origin == .shipped ? "@public" : ""))
                let differs = answer?.trusted != accepted
                let reasons = (answer?.reasons ?? []).map(\.reason.rawValue)
                let isListed = listed.removeValue(forKey: cell) != nil
                #expect(
                    differs == isListed,
                    "\(cell): measured \(accepted), ours \(answer?.trusted as Any) by \(reasons)")
            }
        }
        #expect(listed.isEmpty, "of no chain: \(listed.keys)")
        #expect(compared == 1510)
    }

    /// What the data of a client speaks of exists, has a source, and stands in one list only.
    @Test func theDataOfTheClients() throws {
        let clients = try TrustStoreLoader(folder: Self.repository.path + "/trust-store").clients()
        #expect(clients.count >= 13)
        for client in clients.values {
            let entries = client.tolerates + client.refuses + client.unknown
            #expect(Set(entries).count == entries.count, "\(client.name)")
            for term in entries.flatMap({ [$0.term] + $0.together }) {
                #expect(Reason(rawValue: term.reason) != nil, "\(client.name): \(term.reason)")
            }
            // What is a matter of form to libcrypto counts for nobody unless it is refused.
            for entry in client.unknown {
                let kinds = Catalogue.entries(of: entry.term.reason).map(\.kind)
                #expect(kinds.contains { $0 == .path || $0 == .client }, "\(client.name): \(entry)")
            }
            for entry in client.tolerates + client.refuses {
                let source = client.sources.first { $0.fact == entry.description }
                #expect(source?.source.isEmpty == false, "\(client.name): \(entry) has no source")
            }
            for fact in ["completes", "builds"] {
                #expect(client.sources.contains { $0.fact == fact }, "\(client.name): \(fact)")
            }
        }
    }

    /// Clients that cannot be run here, as their sources and their makers say: `null` where neither does.
    @Test(arguments: [
        (
            "android", TrustStore.Origin.shipped,
            [
                "anchor_expired": true, "anchor_notyet": true, "anchor_eku_email": true,
                "anchor_is_int": true,
                "int_eku_client": true, "int_eku_nssgc": true, "leaf_eku_any": true, "leaf_eku_nssgc": true,
                "leaf_eku_client": false, "rsa1024_leaf": true, "rsa1024_int": true, "ed25519_leaf": false,
                "ed25519_int": false, "md5_leaf": false, "sha1_leaf": nil, "leaf_is_ca": true,
            ] as [String: Bool?]
        ),
        (
            "apple", .shipped,
            [
                "base_rsa": true, "leaf_eku_absent": false, "leaf_eku_any": false, "leaf_eku_nssgc": false,
                "int_eku_client": false, "int_eku_any": true, "int_eku_nssgc": false, "rsa1024_leaf": false,
                "rsa1024_int": false, "sha1_leaf": false, "val_400": false, "anchor_rsa1024": nil,
                "ed25519_leaf": nil,
            ]
        ),
        (
            "apple", .custom,
            [
                "leaf_eku_absent": true, "leaf_eku_any": nil, "int_eku_any": nil, "rsa1024_leaf": false,
                "val_400": true, "val_830": false,
            ]
        ),
    ]) func fromTheirSources(_ name: String, _ origin: TrustStore.Origin, _ expected: [String: Bool?]) throws
    {
        let clients = try TrustStoreLoader(folder: Self.repository.path + "/trust-store").clients()
        let client = try #require(clients[ClientName(name)])
        let chains = Dictionary(uniqueKeysWithValues: try Self.chains().map { ($0.id, $0) })
        for (id, trusted) in expected {
            let answer = answer(try #require(chains[id]), client, origin)
            let reasons = (answer?.reasons ?? []).map(\.reason.rawValue)
            #expect(answer?.trusted == trusted, "\(id) under \(name), \(origin): \(reasons)")
        }
    }

    /// The JDK tolerates an expired anchor only when what is sent is one path in order.
    @Test func anExpiredAnchorAndOneOrderedPath() throws {
        let clients = try TrustStoreLoader(folder: Self.repository.path + "/trust-store").clients()
        let java = try #require(clients[ClientName("java")])
        var chain = try #require(try Self.chains().first { $0.id == "anchor_expired" })
        #expect(answer(chain, java, .custom)?.trusted == true)
        let stranger = try #require(try Self.chains().first { $0.id == "base_ec" }).sent[1]
        chain = Chain(
            id: chain.id, name: chain.name, at: chain.at, sent: chain.sent + [stranger],
            anchors: chain.anchors)
        let refused = answer(chain, java, .custom)
        #expect(refused?.trusted == false)
        #expect(refused?.reasons.map(\.reason) == [.validityEnded])
    }

    /// The finding names what leads the client astray, and shows the good path.
    @Test func aMissedPath() throws {
        let clients = try TrustStoreLoader(folder: Self.repository.path + "/trust-store").clients()
        let chain = try #require(try Self.chains().first { $0.id == "cross_untrusted_first" })
        for name in ["curl", "node", "openssl", "gnutls"] {
            let answer = answer(chain, try #require(clients[ClientName(name)]), .custom)
            // What is known of GnuTLS is how it builds, not that it does so always.
            #expect(answer?.trusted == (name == "gnutls" ? nil : false) && answer?.path == 0)
            #expect(answer?.reasons.map(\.reason) == [.goodPathMissed], "\(name)")
            // The cross-sign, sent second.
            #expect(answer?.reasons.first?.certificate == SHA256Digest(of: chain.sent[1]))
        }
    }

    /// Who accepts my private chain: the request's anchors under each client, beside a store of one's own,
    /// whose anchors are no other store to anybody.
    @Test func clientsOfOneRequest() throws {
        let clients = try TrustStoreLoader(folder: Self.repository.path + "/trust-store").clients()
        let chain = try #require(try Self.chains().first { $0.id == "int_eku_any" })
        let libcrypto = try #require(clients[.libcrypto])
        let corp = TrustStore(
            name: "corp", origin: .custom, client: libcrypto,
            anchors: chain.anchors.map { Anchor(certificate: $0) })
        var evidence = Evidence()
        evidence.presented = chain.sent
        var options = Options()
        options.names = [chain.name]
        options.clients = ["java", "curl", "go", "java"]
        options.anchors = chain.anchors.map(\.der)
        let validator = Validator(
            stores: StoreSet([corp], clients: Array(clients.values)), cache: cache)
        let report = validator.judge(
            Question(
                evidence: evidence, options: options, stores: [corp], storesFrom: .request, at: chain.at,
                checkedAt: chain.at, id: "1"))
        #expect(
            report.stores.map(\.name)
                == ["corp/java", "corp/curl", "corp/go", "request/java", "request/curl", "request/go"])
        #expect(report.stores.map(\.trusted) == [true, false, true, true, false, true])
        #expect(report.verdict == .partlyTrusted)
        #expect(report.paths[0].stores == report.stores.map(\.name))
        #expect(report.finding(.anchorOtherStore) == nil)
    }
}

/// `reason[@place][@public|private][+reason[@place]]…`
@Suite struct ClientEntryTests {
    @Test(arguments: [
        "validity_ended", "validity_ended@anchor", "validity_ended@public", "a@leaf@private",
        "a@below_anchor+b@intermediate+c", "sha1",
    ]) func good(_ text: String) throws {
        #expect(try #require(ClientEntry(parsing: text)).description == text)
    }

    @Test(arguments: [
        "", "@anchor", "a@", "a@root", "a@public@leaf", "a@leaf@leaf", "a@leaf@public@private", "a+", "+a",
        "a+b@public", "A", "1a", "a b", "a@leaf ", "validity-ended",
    ]) func bad(_ text: String) { #expect(ClientEntry(parsing: text) == nil) }

    @Test func parts() throws {
        let entry = try #require(ClientEntry(parsing: "a@leaf@private+b@anchor"))
        #expect(entry.term == .init(reason: "a", place: .leaf))
        #expect(entry.scope == .private)
        #expect(entry.together == [.init(reason: "b", place: .anchor)])
    }
}
