import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// Several addresses of one name: judged each by itself, never as a union.
@Suite struct FleetTests {
    private static func member(_ address: String, _ chain: [FixtureCertificate]) -> Evidence {
        var evidence = Evidence()
        evidence.source = .handshake
        evidence.presented = chain.map(\.der)
        evidence.addressesLeft = 0
        evidence.handshake = Handshake()
        evidence.handshake?.address = address
        return evidence
    }

    private static func failed(
        _ address: String, _ reason: Reason, _ check: CheckID = .netConnect
    ) -> Evidence {
        var evidence = member(address, [])
        evidence.failure = ProbeFailure(check: check, reason: reason, address: address)
        return evidence
    }

    private static func judge(_ members: [Evidence], _ chain: StandardChain = StandardChains.good()) throws
        -> Report
    {
        let set = StoreSet([try store("corp", chain.anchors)])
        var options = Options()
        options.names = try chain.names.map { try ReferenceIdentifier(parsing: $0) }
        let report = Validator(stores: set, cache: cache).judge(
            Question(
                evidence: Evidence(), options: options, target: Target(host: StandardChains.host, port: 443),
                stores: set.all, storesFrom: .request, at: now, checkedAt: now, id: "1"), fleet: members)
        try expectCatalogued(report)
        return report
    }

    @Test func oneServesAnIncompleteChain() throws {
        let good = StandardChains.good()
        let report = try Self.judge([
            Self.member("192.0.2.11", good.presented), Self.member("192.0.2.12", good.presented),
            Self.member("192.0.2.13", Array(good.presented.prefix(1))),
            Self.failed("2001:db8::1", .connectionRefused),
        ])
        let fleet = try #require(report.fleet)
        #expect(!fleet.isConsistent && fleet.addresses == 4)
        // The worst first; the intermediate that others sent does not mend it.
        #expect(fleet.groups.map(\.addresses) == [["192.0.2.13"], ["192.0.2.11", "192.0.2.12"]])
        #expect(fleet.groups.map(\.verdict) == [.untrusted, .trusted])
        #expect(
            fleet.failed == [.init(address: "2001:db8::1", check: .netConnect, reason: .connectionRefused)])
        #expect(report.verdict == .untrusted && report.state == .critical)
        #expect(report.target?.address == "192.0.2.13")
        // The untrusted one has no break: the earliest over all is that of the good ones.
        #expect(report.firstBreak?.address == "192.0.2.11")
        let differing = try #require(report.findings.first { $0.check == .fleetPresentation })
        #expect(differing.reason == .presentationsDiffer && differing.severity == .warning)
        #expect(differing.expected == "the same certificates on every address")
        #expect(differing.presented?.contains("192.0.2.13") == true)
        let dead = try #require(report.findings.first { $0.check == .netConnect })
        #expect(dead.severity == .warning && dead.address == "2001:db8::1" && dead.status == .failed)
        #expect(dead.expected == "a certificate")
        #expect(report.findings.allSatisfy { $0.check == .fleetPresentation || $0.address != nil })
    }

    @Test func alikeAndTwiceIsConsistent() throws {
        let good = StandardChains.good()
        let report = try Self.judge(
            ["192.0.2.11", "192.0.2.11", "192.0.2.12"].map { Self.member($0, good.presented) })
        let fleet = try #require(report.fleet)
        #expect(fleet.isConsistent && fleet.failed.isEmpty)
        #expect(
            fleet.groups.first?.addresses == ["192.0.2.11", "192.0.2.12"] && fleet.groups.first?.seen == 3)
        #expect(report.verdict == .trusted)
        #expect(!report.findings.contains { $0.check == .fleetPresentation })
        #expect(!report.notChecked.contains { $0.check == "fleet.presentation" })
    }

    /// Two orders of the same good chain: nobody's answer differs.
    @Test func harmlessDifferenceIsNoAlarm() throws {
        let good = StandardChains.good()
        let report = try Self.judge([
            Self.member("192.0.2.11", good.presented),
            Self.member("192.0.2.12", good.presented + Array(good.presented.suffix(1))),
        ])
        #expect(report.findings.first { $0.check == .fleetPresentation }?.severity == .info)
        #expect(report.verdict == .trusted)
    }

    @Test func withoutARouteToAFamily() throws {
        let good = StandardChains.good()
        let v6 = Self.failed("2001:db8::1", .networkUnreachable)
        let alone = try Self.judge([Self.member("192.0.2.11", good.presented), v6])
        #expect(alone.fleet?.failed.map(\.reason) == [.noRoute])
        let finding = try #require(alone.findings.first { $0.reason == .noRoute })
        #expect(finding.status == .notEstablished && finding.severity == .info)
        // Another IPv6 address answered, so the route is there.
        let routed = try Self.judge([Self.member("2001:db8::2", good.presented), v6])
        #expect(routed.fleet?.failed.map(\.reason) == [.networkUnreachable])
        #expect(routed.state >= .warning)
    }

    @Test func nobodyAnswers() throws {
        let report = try Self.judge([
            Self.failed("10.0.0.1", .addressRefused, .netEgress), Self.failed("192.0.2.1", .timeout),
        ])
        #expect(report.verdict == .unreachable && report.state == .critical)
        #expect(report.fleet?.groups.isEmpty == true && report.fleet?.failed.count == 2)
        let refused = try Self.judge([Self.failed("10.0.0.1", .addressRefused, .netEgress)])
        #expect(refused.verdict == .indeterminate)
    }
}
