import Certificates
import Fixtures
import Foundation
import Reports
import Testing
import TrustStores

@testable import Validation

/// Two things that clients differ in, on one chain: refused by each client that refuses the one or the other,
/// accepted by all the rest. Nothing that is found hides another, and nothing found together is more than
/// both.
@Suite struct TwoFactsTests {
    /// One thing that clients differ in; who refuses it was measured (`clients/facts.json`, under this id).
    struct Fact: Sendable, CustomStringConvertible {
        let id: String
        let refusedBy: Set<String>
        /// What of the chain it changes: two facts that change the same are not put together.
        let parts: Set<String>
        let change: @Sendable (inout Plan) -> Void

        init(
            _ id: String, _ parts: String, refusedBy: String, change: @escaping @Sendable (inout Plan) -> Void
        ) {
            (self.id, self.change) = (id, change)
            self.refusedBy = Set(refusedBy.split(separator: " ").map(String.init))
            self.parts = Set(parts.split(separator: " ").map(String.init))
        }
        var description: String { id }
    }

    /// Root, intermediate and end entity with what is changed in each.
    struct Plan {
        typealias Change = @Sendable (inout CertificateSpec) -> Void
        var (root, issuer, leaf): ([Change], [Change], [Change]) = ([], [], [])
        var (rootKey, issuerKey, leafKey) = (
            Key.labelled(.ec256, "two facts root"), Key.labelled(.ec256, "two facts issuer"),
            Key.labelled(.ec256, "two facts leaf")
        )
        var host = "www.example.com"
        /// The intermediate certifies a new key of its own, which issues the end entity.
        var rollsOver = false

        func chain() -> (sent: [FixtureCertificate], anchor: FixtureCertificate) {
            let root = Fixtures.Authority.root("Two Facts Root", key: rootKey) { spec in
                self.root.forEach { $0(&spec) }
            }
            let issuer = root.intermediate("Two Facts CA", key: issuerKey) { spec in
                self.issuer.forEach { $0(&spec) }
            }
            var (signer, sent) = (issuer, [issuer.certificate])
            if rollsOver {
                let key = Key.labelled(.ec256, "two facts rollover")
                signer = Fixtures.Authority(
                    certificate: issuer.issue(subject: issuer.name, key: key) {
                        $0.extensions = [
                            .basicConstraints(ca: true), .keyUsage(.keyCertSign),
                            .subjectKeyIdentifier(key.identifier),
                            .authorityKeyIdentifier(issuer.key.identifier),
                        ]
                    })
                sent.insert(signer.certificate, at: 0)
            }
            let leaf = signer.leaf(names: [host], key: leafKey) { spec in self.leaf.forEach { $0(&spec) } }
            return ([leaf] + sent, root.certificate)
        }
    }

    static let folder =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/trust-store"
    static let names = [
        "firefox", "chrome", "java", "go", "gnutls", "rustls", "libcrypto", "openssl", "node",
    ]

    /// Those that refuse the chain, and those of whom it is not known.
    static func refusals(_ plan: Plan, _ clients: [ClientName: Client]) throws -> (
        refused: Set<String>, Report
    ) {
        let (sent, anchor) = plan.chain()
        let stores = try names.map { name in
            try store(name, [anchor], client: try #require(clients[ClientName(name)]))
        }
        let report = try Asking(sent, names: [plan.host], stores: stores).with {
            $0.clients = Array(clients.values)
        }.report()
        return (Set(report.stores.filter { $0.trusted != true }.map(\.name)), report)
    }

    @Test(arguments: facts) func one(_ fact: Fact) throws {
        var plan = Plan()
        fact.change(&plan)
        let clients = try TrustStoreLoader(folder: Self.folder).clients()
        let (refused, report) = try Self.refusals(plan, clients)
        #expect(refused == fact.refusedBy, "\(report.shorts)")
    }

    /// Every fact with every later one that changes something else.
    @Test(arguments: facts.indices) func two(_ index: Int) throws {
        let clients = try TrustStoreLoader(folder: Self.folder).clients()
        let first = Self.facts[index]
        for second in Self.facts[(index + 1)...] where first.parts.isDisjoint(with: second.parts) {
            var plan = Plan()
            first.change(&plan)
            second.change(&plan)
            let (refused, report) = try Self.refusals(plan, clients)
            #expect(
                refused == first.refusedBy.union(second.refusedBy),
                "\(first) and \(second): \(report.shorts)")
        }
    }

    /// Firefox and Chrome take RSA keys that are too short for libcrypto, and no other curve for it.
    @Test(arguments: [KeyKind.ec192, .ec224]) func curvesOfIssuers(_ kind: KeyKind) throws {
        var plan = Plan()
        plan.issuerKey = .labelled(kind, "two facts issuer")
        let clients = try TrustStoreLoader(folder: Self.folder).clients()
        let (refused, report) = try Self.refusals(plan, clients)
        #expect(refused.isSuperset(of: ["firefox", "chrome"]), "\(report.shorts)")
        #expect(refused.contains("libcrypto") == (kind == .ec192), "\(report.shorts)")
    }

    /// The facts are of all parts, so that the pairs are many.
    @Test func manyPairs() {
        let pairs = Self.facts.indices.reduce(0) { sum, index in
            sum + Self.facts[(index + 1)...].count { $0.parts.isDisjoint(with: Self.facts[index].parts) }
        }
        #expect(pairs >= 500)
        #expect(Self.facts.allSatisfy { $0.refusedBy.isSubset(of: Self.names) })
        #expect(Set(Self.facts.map(\.id)).count == Self.facts.count)
    }
}
