import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// Whether an anchor's own dates and constraints count: the client's rule for all anchors, before which goes
/// what the store says of one.
@Suite struct AnchorFlagsTests {
    typealias Authority = Fixtures.Authority

    enum Defect: CaseIterable {
        /// Ended before the instant, while everything below it goes on.
        case ended
        /// Begins after it.
        case notStarted
        /// Its own extended key usage is clientAuth.
        case purpose
        /// No intermediate may stand below it, and one does.
        case pathLength
        case permittedNames
        case excludedNames
        /// A critical extension that nobody knows.
        case criticalExtension

        var isDate: Bool { self == .ended || self == .notStarted }

        func apply(_ spec: inout CertificateSpec) {
            switch self {
            case .ended: spec.notAfter = "2026-06-15"
            case .notStarted: spec.notBefore = "2026-08-01"
            case .purpose: spec.add(.extendedKeyUsage(PurposeOID.clientAuth))
            case .pathLength: spec.extensions[0] = .basicConstraints(ca: true, pathLen: 0)
            case .permittedNames: spec.add(.nameConstraints(permitted: [.dns("example.net")]))
            case .excludedNames: spec.add(.nameConstraints(excluded: [.dns("example.com")]))
            case .criticalExtension: spec.add(.unknown(critical: true))
            }
        }

        var reason: Reason {
            switch self {
            case .ended: .validityEnded
            case .notStarted: .validityNotStarted
            case .purpose: .purposeNotAllowed
            case .pathLength: .pathLengthExceeded
            case .permittedNames: .nameNotPermitted
            case .excludedNames: .nameExcluded
            case .criticalExtension: .criticalExtensionUnknown
            }
        }
    }

    static func asking(
        _ defect: Defect, dates: Bool?, constraints: Bool?, tolerates: [String]
    ) throws -> Asking {
        let root = Authority.root("Flagged Root \(defect)") { defect.apply(&$0) }
        let issuer = root.intermediate("Flagged Issuer \(defect)")
        let client = Client(name: ClientName("client"), completes: .nothing, tolerates: rules(tolerates))
        let anchor = Anchor(
            certificate: try Certificate.parse(der: root.certificate.der), checksDates: dates,
            checksConstraints: constraints)
        var asking = Asking(
            [issuer.leaf(StandardChains.host), issuer.certificate], names: [StandardChains.host],
            stores: [
                TrustStore(name: "corp", origin: .custom, client: client, basis: .full, anchors: [anchor])
            ]
        )
        asking.clients = [client]
        return asking
    }

    @Test(arguments: Defect.allCases) func theStoreGoesBeforeTheClient(_ defect: Defect) throws {
        let tolerated = ["\(defect.reason.rawValue)@anchor"]
        for (flag, tolerates, trusted): (Bool?, [String], Bool) in [
            (nil, [], false), (nil, tolerated, true), (true, tolerated, false), (false, [], true),
        ] {
            let asking = try Self.asking(
                defect, dates: defect.isDate ? flag : nil, constraints: defect.isDate ? nil : flag,
                tolerates: tolerates)
            let report = try asking.report()
            #expect(report.stores[0].trusted == trusted, "\(defect) \(String(describing: flag))")
            let reasons = Set(report.stores[0].reasons.map(\.reason))
            #expect(reasons == (trusted ? [] : [defect.reason]), "\(defect) \(String(describing: flag))")
            // It remains a fact of the anchor, and alarms nobody whose client does not look at it.
            let finding = try #require(report.findings.first { $0.reason == defect.reason })
            #expect(finding.severity == (trusted ? .info : .error) && finding.place == .anchor)
            _ = try BreakCalendarTests.confirm(asking, "\(defect) \(String(describing: flag))")
        }
    }

    /// One flag says nothing of the other's matters.
    @Test(arguments: Defect.allCases) func theOtherFlag(_ defect: Defect) throws {
        let asking = try Self.asking(
            defect, dates: defect.isDate ? nil : false, constraints: defect.isDate ? false : nil,
            tolerates: [])
        #expect(try asking.report().stores[0].trusted == false)
    }

    /// The calendar and the renewal look at the anchor's end where the client does.
    @Test(arguments: [(true, true), (false, false), (nil, true)] as [(Bool?, Bool)])
    func theEndOfAnAnchor(_ flag: Bool?, _ looks: Bool) throws {
        var asking = try Self.asking(.ended, dates: flag, constraints: nil, tolerates: [])
        asking.at = "2026-06-10"
        let report = try asking.report()
        let first = try #require(report.firstBreak)
        #expect(first.cause == (looks ? .anchorExpires : .leafExpires))
        #expect(first.at == (looks ? "2026-06-15T00:00:01Z" : "2026-11-28T00:00:01Z"))
        let renewal = try #require(report.renewal?.stores.first)
        #expect(renewal.accepted == !looks)
        #expect(renewal.reason == .validityEnded)
        #expect(renewal.refusedFrom == (looks ? "2026-06-15T00:00:01Z" : "2032-01-01T00:00:01Z"))
    }

    /// What the store imposes on the anchor's names is no constraint of the anchor's own.
    @Test func imposedNames() throws {
        let root = Authority.root("Flagged Imposed Root")
        let client = Client(name: ClientName("client"), completes: .nothing)
        let anchor = Anchor(
            certificate: try Certificate.parse(der: root.certificate.der),
            conditions: [.permittedDNSNames(["tr"])], checksConstraints: false)
        var asking = Asking(
            [root.leaf(StandardChains.host)], names: [StandardChains.host],
            stores: [
                TrustStore(name: "corp", origin: .custom, client: client, basis: .full, anchors: [anchor])
            ]
        )
        asking.clients = [client]
        let report = try asking.report()
        #expect(report.stores[0].trusted == false)
        #expect(report.stores[0].reasons.map(\.reason) == [.nameNotPermitted])
    }
}
