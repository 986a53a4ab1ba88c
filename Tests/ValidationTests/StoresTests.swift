import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// Which store says what, and the verdict over them.
@Suite struct StoresTests {
    static let good = StandardChains.good()
    static let stranger = Fixtures.Authority.root("Stranger Root")

    func asking() throws -> Asking {
        Asking(
            Self.good.presented, names: Self.good.names,
            stores: [try store("ours", Self.good.anchors), try store("theirs", [Self.stranger.certificate])])
    }

    /// Both asked: partly trusted, and the one that refuses says that it has no anchor.
    @Test func twoStores() throws {
        let report = try asking().report()
        #expect(report.verdict == .partlyTrusted)
        #expect(report.state == .critical)
        #expect(report.stores.map(\.name) == ["ours", "theirs"])
        #expect(report.stores.map(\.trusted) == [true, false])
        #expect(report.stores.map(\.path) == [0, nil])
        #expect(report.stores[1].reasons == [StoreReason(check: .anchorFound, reason: .anchorAbsent)])
        #expect(report.paths[0].stores == ["ours"])
        let absent = try #require(report.finding(.anchorFound))
        #expect(absent.store == "theirs")
        #expect(absent.expected == "an anchor of theirs")
        #expect(absent.presented == "CN=Catenary Test Root")
        // Nobody else is loaded.
        #expect(report.finding(.anchorOtherStore) == nil)
        #expect(report.conforms == true)
    }

    /// Only the store that refuses is asked: another loaded one would trust the chain, and the flag is named.
    @Test func anotherStoreWould() throws {
        let report = try asking().with { $0.asked = ["theirs"] }.report()
        #expect(report.verdict == .untrusted)
        #expect(report.shorts == ["anchor.found anchor_absent", "anchor.other_store trusted_elsewhere"])
        let other = try #require(report.finding(.anchorOtherStore))
        #expect(other.severity == .info && other.kind == .client)
        #expect(other.expected == "theirs")
        #expect(other.presented == "ours")
        #expect(other.fix == Fix(.checkRequest, "ask with stores=ours"))
        #expect(report.firstBreak == nil)
    }

    /// A chain that the other store refuses as well is trusted by nobody.
    @Test func anotherStoreWouldNotEither() throws {
        let chain = StandardChains.expiredLeaf()
        let report = try asking().with {
            $0.presented = chain.presented
            $0.asked = ["theirs"]
        }.report()
        #expect(report.finding(.anchorOtherStore) == nil)
        #expect(report.stores.map(\.trusted) == [false])
    }

    /// An end entity that is the anchor itself is accepted as partial chains are, its issuer known or not.
    @Test(arguments: [true, false]) func endEntityAsAnchor(_ sendsIssuer: Bool) throws {
        let leaf = StandardChains.intermediate.leaf(StandardChains.host)
        let sent = sendsIssuer ? [leaf, StandardChains.intermediate.certificate] : [leaf]
        let report = try Asking(
            sent, names: [StandardChains.host], stores: [try store("corp", [leaf])]
        ).report()
        #expect(report.verdict == .trusted, "\(report.shorts)")
        #expect(report.findings.allSatisfy { $0.kind != .path && $0.kind != .client }, "\(report.shorts)")
    }

    /// Anchors of the request make the store `request`, beside the stores asked for or alone.
    @Test func anchorsOfTheRequest() throws {
        let beside = try asking().with {
            $0.asked = ["theirs"]
            $0.options.anchors = Self.good.anchors.map(\.der)
        }.report()
        #expect(beside.stores.map(\.name) == ["theirs", "request"])
        #expect(beside.stores.map(\.trusted) == [false, true])
        #expect(beside.verdict == .partlyTrusted)

        let alone = try Asking(Self.good.presented, names: Self.good.names).with {
            $0.options.anchors = Self.good.anchors.map(\.der)
        }.report()
        #expect(alone.verdict == .trusted)
        #expect(alone.stores.map(\.name) == ["request"])
        #expect(alone.stores[0].until == "2026-11-28")
    }

    /// Nobody was asked: nothing is known.
    @Test func noStores() throws {
        let report = try asking().with { $0.asked = [] }.report()
        #expect(report.verdict == .indeterminate)
        #expect(report.state == .unknown)
        #expect(report.stores.isEmpty)
        #expect(report.shorts == ["input.stores ?no_store"])
        #expect(report.finding(.inputStores)?.severity == .info)
        #expect(report.conforms == nil && report.firstBreak == nil)
        // Facts stay.
        #expect(report.leaf == Self.good.presented[0].sha256)
    }

    /// The same reasons for three clients: refused, tolerated, unknown. What nobody tolerates stays refused.
    @Test func clients() throws {
        func trusted(_ chain: StandardChain, _ client: Client) throws -> Bool? {
            let asking = Asking(
                chain.presented, names: chain.names,
                stores: [try store("corp", chain.anchors, client: client)])
            return try asking.with { $0.clients = [client] }.report().stores[0].trusted
        }
        func client(tolerates: [String] = [], unknown: [String] = []) -> Client {
            Client(
                name: ClientName("odd"), completes: .aia, tolerates: rules(tolerates), unknown: rules(unknown)
            )
        }
        let expired = StandardChains.expiredRoot()
        #expect(try trusted(expired, client()) == false)
        #expect(try trusted(expired, client(tolerates: ["validity_ended@anchor"])) == true)
        #expect(try trusted(expired, client(tolerates: ["validity_ended@leaf"])) == false)
        #expect(try trusted(expired, client(unknown: ["validity_ended@anchor"])) == nil)
        let mismatch = StandardChains.keyIdentifierMismatch()
        #expect(try trusted(mismatch, client(tolerates: ["key_identifier_mismatch"])) == true)
        let everything = Reason.allCases.map(\.rawValue)
        for chain in [
            StandardChains.badSignature(), StandardChains.wrongHost(), StandardChains.noSAN(),
            StandardChains.exponentOne(), StandardChains.explicitECParameters(),
            StandardChains.pointOffCurve(),
            StandardChains.algorithmMismatch(),
        ] {
            #expect(
                try trusted(chain, client(tolerates: everything, unknown: everything)) == false, "\(chain)")
        }
    }

    /// What is only form to libcrypto a client may refuse; what a client tolerates alarms nobody.
    @Test func whatAClientRefusesBesides() throws {
        func report(_ presented: [FixtureCertificate], _ anchor: FixtureCertificate, _ client: Client) throws
            -> Report
        {
            var asking = Asking(
                presented, names: [StandardChains.host],
                stores: [try store("corp", [anchor], client: client)])
            asking.clients = [client]
            return try asking.report()
        }
        let leaf = StandardChains.intermediate.leaf(StandardChains.host) {
            $0.replace(.basicConstraints(ca: true))
        }
        let presented = [leaf, StandardChains.intermediate.certificate]
        let root = StandardChains.root.certificate
        let strict = Client(
            name: ClientName("strict"), completes: .nothing, refuses: rules(["end_entity_is_ca@leaf"]))
        let refused = try report(presented, root, strict)
        #expect(refused.verdict == .untrusted)
        #expect(refused.stores[0].reasons.map(\.reason) == [.endEntityIsCA])
        let plain = Client(name: .libcrypto, completes: .nothing)
        #expect(try report(presented, root, plain).verdict == .trusted)

        let expired = StandardChains.expiredRoot()
        let lenient = Client(
            name: ClientName("lenient"), completes: .nothing, tolerates: rules(["validity_ended@anchor"]))
        let tolerated = try report(expired.presented, expired.anchors[0], lenient)
        #expect(tolerated.verdict == .trusted)
        #expect(tolerated.finding(.anchorValidity)?.severity == .info)
    }

    /// A bound that is hit is never "untrusted": what was not looked at may hold a good path.
    @Test func anExhaustedSearch() throws {
        let chain = StandardChains.good()
        let cut = try Asking(chain).with { $0.budget.steps = 1 }.report()
        #expect(cut.verdict == .indeterminate)
        #expect(cut.state == .unknown)
        #expect(cut.stores[0].trusted == nil)
        #expect(cut.stores[0].reasons.contains(StoreReason(check: .pathBudget, reason: .stepsExhausted)))
        #expect(cut.findings.contains { $0.short == "path.budget ?steps_exhausted" })
        #expect(cut.firstBreak == nil)

        // With a good path in hand it stays true.
        let enough = try Asking(StandardChains.anchorSent()).with { $0.budget.paths = 1 }.report()
        #expect(enough.verdict == .trusted)
    }

    /// The path goes through more certificates than the builder takes: not established, with its own reason.
    @Test func tooDeep() throws {
        var authority = Fixtures.Authority.root("Deep Root")
        let root = authority
        var sent: [FixtureCertificate] = []
        for level in 0..<5 {
            authority = authority.intermediate("Deep \(level)")
            sent.insert(authority.certificate, at: 0)
        }
        sent.insert(authority.leaf(StandardChains.host), at: 0)
        let asking = Asking(sent, stores: [try store("corp", [root.certificate])])
        #expect(try asking.report().verdict == .trusted)
        let cut = try asking.with { $0.budget.depth = 4 }.report()
        #expect(cut.verdict == .indeterminate)
        #expect(cut.findings.contains { $0.short == "path.budget ?depth_exhausted" })
        // Asked for, it is a refusal.
        let asked = try asking.with { $0.options.maxDepth = 4 }.report()
        #expect(asked.verdict == .untrusted)
        let finding = try #require(asked.finding(.pathLength))
        #expect(finding.reason == .depthExceeded)
        #expect(finding.expected == "at most 4")
        #expect(finding.presented == "5 intermediates")
        #expect(finding.native?.code == 22)
        #expect(try asking.with { $0.options.maxDepth = 5 }.report().verdict == .trusted)
    }
}
