import Fixtures
import PathBuilding
import Reports
import Testing
import TrustStores

@testable import Validation

/// What libcrypto does by itself and must not do here.
@Suite struct LibcryptoJudgeTests {
    /// Without a DNS name in the SAN libcrypto would apply the constraints to a common name that looks like
    /// one.
    @Test func constraintsDoNotReachCommonNames() throws {
        let root = StandardChains.root
        let issuer = root.intermediate("Constrained") {
            $0.add(.nameConstraints(permitted: [.dns("example.org")]))
        }
        let leaf = issuer.leaf(StandardChains.host) { $0.replace(.subjectAltName([.email("a@b.test")])) }
        let report = try Asking(
            [leaf, issuer.certificate], stores: [try store("corp", [root.certificate])]
        ).report()
        #expect(report.verdict == .trusted)
        #expect(report.finding(.pathNameConstraints) == nil)
    }

    /// A CA that certifies its new key with its old one, without key identifiers: self-signed to libcrypto.
    /// What is wrong further up is found all the same, and what the certificate lacks is said.
    @Test func rollovers() throws {
        func report(_ change: @escaping (inout CertificateSpec) -> Void) throws -> Report {
            let root = Fixtures.Authority.root("Rollover Root", change)
            let old = root.intermediate("Rollover CA")
            let key = Key.labelled(.ec256, "rollover, new")
            let new = Fixtures.Authority(
                certificate: old.issue(subject: old.name, key: key) {
                    $0.extensions = [.basicConstraints(ca: true), .keyUsage(.keyCertSign)]
                })
            let leaf = new.leaf(StandardChains.host)
            return try Asking(
                [leaf, new.certificate, old.certificate], names: [StandardChains.host],
                stores: [try store("corp", [root.certificate])]
            ).report()
        }
        let good = try report { _ in }
        #expect(good.verdict == .trusted)
        #expect(good.paths[0].certificates.count == 4)
        #expect(
            good.shorts.contains("profile.key_identifiers authority_key_identifier_absent intermediate 85"))
        #expect(good.finding(.pathIssuer) == nil)
        let constrained = try report { $0.add(.nameConstraints(excluded: [.dns("example.com")])) }
        #expect(constrained.shorts.first == "path.name_constraints name_excluded anchor 48")
        // The anchor's constraints are a condition of the store, not of the path.
        #expect(constrained.verdict == .untrusted)
        #expect(constrained.paths[0].valid)
        // So a client that does not look at them takes the path.
        let violation = try #require(constrained.finding(.pathNameConstraints))
        let corp = try store("corp", [])
        let path = JudgedPath(
            path: CandidatePath(certificates: [], end: .anchor), findings: [violation], passed: [],
            notApplicable: [], at: now, purpose: .server)
        func weight(_ tolerates: String) -> StoreJudge.Weight {
            let client = Client(
                name: ClientName("lenient"), completes: .nothing, tolerates: rules([tolerates]))
            return StoreJudge(store: corp, client: client).weight(of: violation, on: path)
        }
        #expect(weight("name_excluded@anchor") == .ignored)
        #expect(weight("name_excluded@leaf") == .refused)
    }

    /// The constraints of an intermediate and of the anchor are both broken: each stands for itself, so that
    /// a client that ignores the anchor's still refuses for the intermediate's.
    @Test func constraintsOfTwoIssuers() throws {
        let root = Fixtures.Authority.root("Twice Constrained Root") {
            $0.add(.nameConstraints(permitted: [.dns("example.net")]))
        }
        let upper = root.intermediate("Twice Constrained Upper") {
            $0.add(.nameConstraints(permitted: [.dns("example.org")]))
        }
        let lower = upper.intermediate("Twice Constrained Lower") {
            $0.add(.nameConstraints(permitted: [.dns("example.com")]))
        }
        let client = Client(
            name: ClientName("lenient"), completes: .nothing, tolerates: rules(["name_not_permitted@anchor"]))
        var asking = Asking(
            [lower.leaf(StandardChains.host), lower.certificate, upper.certificate],
            names: [StandardChains.host], stores: [try store("corp", [root.certificate], client: client)])
        asking.clients = [client]
        let report = try asking.report()
        let found = report.findings.filter { $0.check == .pathNameConstraints }
        #expect(found.map(\.expected) == ["within example.org", "within example.net"])
        #expect(found.map(\.place) == [.leaf, .anchor])
        #expect(found.map(\.native?.code) == [47, 47])
        #expect(report.stores[0].trusted == false && report.paths[0].valid == false)
        #expect(report.stores[0].reasons.map(\.reason) == [.nameNotPermitted])
    }
}
