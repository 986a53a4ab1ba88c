import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// What stores demand beside their anchors: real conditions on stand-in anchors.
@Suite struct StoreConditionsTests {
    typealias Authority = Fixtures.Authority

    static let root = Authority.root("Conditioned Root")
    static let issuer = root.intermediate("Conditioned Issuer")
    /// Issued 2026-06-01, ends 2026-11-28.
    static let leaf = issuer.leaf(StandardChains.host)
    static let client = Client(name: ClientName("client"), completes: .nothing)

    static func held(
        _ name: String, _ anchors: [(FixtureCertificate, [AnchorCondition])], version: String? = nil
    ) throws -> TrustStore {
        TrustStore(
            name: name, origin: .custom, client: client,
            clientVersion: version.flatMap { ClientVersion($0) },
            anchors: try anchors.map {
                Anchor(certificate: try Certificate.parse(der: $0.0.der), conditions: $0.1)
            })
    }

    static func asking(_ conditions: [AnchorCondition], version: String? = nil) throws -> Asking {
        var asking = Asking(
            [leaf, issuer.certificate], names: [StandardChains.host],
            stores: [try held("corp", [(root.certificate, conditions)], version: version)])
        asking.clients = [client]
        return asking
    }

    static func set(_ change: (inout ConstraintSet) -> Void) -> ConstraintSet {
        var set = ConstraintSet()
        change(&set)
        return set
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let conditions: [AnchorCondition]
        var version: String?
        let trusted: Bool?
        var reason: Reason?
        var testDescription: String { what }
    }

    static let june: Instant = "2026-06-01"
    static func milliseconds(_ instant: Instant) -> Int64 { instant.seconds * 1_000 }

    static let rows: [Row] = [
        Row(what: "none", conditions: [], trusted: true),
        Row(what: "issued on the last second", conditions: [.distrustAfter(june)], trusted: true),
        Row(
            what: "issued one second later", conditions: [.distrustAfter(june + -1)], trusted: false,
            reason: .issuedAfterDistrust),
        Row(what: "issuance date kept", conditions: [.notBeforeAfter(june)], trusted: true),
        Row(
            what: "issuance date", conditions: [.notBeforeAfter(june + -1)], trusted: false,
            reason: .issuedAfterDistrust),
        Row(what: "any use, last second", conditions: [.distrustAnyUseAfter(now)], trusted: true),
        Row(
            what: "any use", conditions: [.distrustAnyUseAfter(now + -1)], trusted: false,
            reason: .distrusted),
        Row(what: "blocked", conditions: [.blocked], trusted: false, reason: .anchorBlocked),
        Row(what: "names kept", conditions: [.permittedDNSNames([".example.com"])], trusted: true),
        Row(
            what: "names", conditions: [.permittedDNSNames(["tr", "ple.com"])], trusted: false,
            reason: .nameNotPermitted),
        Row(
            what: "not understood", conditions: [.notUnderstood(type: "moon")], trusted: nil,
            reason: .conditionUnknown),
        // What is unknown decides nothing beside what refuses.
        Row(
            what: "not understood beside a refusal", conditions: [.notUnderstood(type: "moon"), .blocked],
            trusted: false, reason: .anchorBlocked),
        Row(
            what: "SCTs not established",
            conditions: [.constraintSets([set { $0.sctNotAfter = milliseconds(june) }])], trusted: nil,
            reason: .constraintsUnknown),
        // AND inside a set: a version that does not fit decides.
        Row(
            what: "set of another version",
            conditions: [
                .constraintSets([
                    set {
                        $0.sctNotAfter = milliseconds(june)
                        $0.maxVersionExclusive = ClientVersion("120")
                    }
                ])
            ], version: "156.0.1", trusted: false, reason: .constraintsNotMet),
        // OR across sets: one that holds is enough.
        Row(
            what: "second set holds",
            conditions: [
                .constraintSets([
                    set { $0.sctNotAfter = milliseconds(june) },
                    set {
                        $0.minVersion = ClientVersion("156")
                        $0.permittedDNSNames = ["example.com"]
                    },
                ])
            ], version: "156.0.1", trusted: true),
        Row(
            what: "version not known",
            conditions: [.constraintSets([set { $0.minVersion = ClientVersion("1") }])], trusted: nil,
            reason: .constraintsUnknown),
        Row(
            what: "issued too late for the set",
            conditions: [
                .constraintSets([
                    set {
                        $0.validityStartsNotAfter = milliseconds(june) - 1
                        $0.notUnderstood = ["moon"]
                    }
                ])
            ], trusted: false, reason: .constraintsNotMet),
        Row(
            what: "member not understood",
            conditions: [.constraintSets([set { $0.notUnderstood = ["moon"] }])], trusted: nil,
            reason: .constraintsUnknown),
    ]

    @Test(arguments: rows) func conditions(_ row: Row) throws {
        let report = try Self.asking(row.conditions, version: row.version).report()
        #expect(report.stores[0].trusted == row.trusted)
        guard let reason = row.reason else {
            #expect(report.stores[0].reasons.isEmpty)
            return
        }
        #expect(report.stores[0].reasons.contains { $0.check == .anchorDistrusted && $0.reason == reason })
        let finding = try #require(report.findings.first { $0.reason == reason })
        #expect(finding.kind == .client && finding.store == "corp" && finding.path == 0)
        #expect(finding.status == (row.trusted == nil ? .notEstablished : .failed))
        #expect(finding.certificate == Self.root.certificate.sha256)
    }

    /// SCT dates where they are established: one early enough; all late enough.
    @Test func timestampsOfSCTs() throws {
        let (day, last): (Int64, Int64) = (86_400_000, Self.milliseconds(Self.june))
        func refusals(_ change: (inout ConstraintSet) -> Void, _ timestamps: [Int64]) throws -> [Reason] {
            let store = try Self.held(
                "chrome", [(Self.root.certificate, [.constraintSets([Self.set(change)])])])
            let conditions = StoreConditions(
                store, anchor: try Certificate.parse(der: Self.root.certificate.der), purpose: .server)
            let issuance = StoreConditions.Issuance(
                notBefore: Self.june, timestamps: timestamps, dnsNames: [StandardChains.host])
            return conditions.refusals(issuance, at: now).map(\.reason)
        }
        #expect(try refusals({ $0.sctNotAfter = last }, [last + day, last]).isEmpty)
        // Milliseconds count.
        #expect(try refusals({ $0.sctNotAfter = last }, [last + 1, last + day]) == [.constraintsNotMet])
        #expect(try refusals({ $0.sctNotAfter = last }, []) == [.constraintsNotMet])
        #expect(try refusals({ $0.sctAllAfter = last }, [last + 1, last + day]).isEmpty)
        #expect(try refusals({ $0.sctAllAfter = last }, [last, last + day]) == [.constraintsNotMet])
    }

    /// Mozilla's date is one for servers' certificates; an issuance date of others is one for all.
    @Test func otherPurposes() throws {
        let both = Self.issuer.leaf(StandardChains.host) {
            $0.extensions[2] = .extendedKeyUsage(PurposeOID.serverAuth, PurposeOID.clientAuth)
        }
        for (condition, purpose, trusted): (AnchorCondition, Purpose, Bool) in [
            (.distrustAfter(Self.june + -1), .server, false), (.distrustAfter(Self.june + -1), .client, true),
            (.notBeforeAfter(Self.june + -1), .client, false),
        ] {
            var asking = try Self.asking([condition])
            asking.presented[0] = both
            asking.options.purpose = purpose
            let report = try asking.report()
            #expect(report.stores[0].trusted == trusted, "\(condition) \(purpose)")
            // Nor does it refuse the renewal.
            if trusted { #expect(report.renewal?.stores.first?.refusedFrom == "2032-01-01T00:00:01Z") }
        }
    }

    /// Both sides of what refuses.
    @Test func bothSides() throws {
        for condition in [
            AnchorCondition.blocked, .distrustAfter(Self.june + -1), .distrustAnyUseAfter(now + -1),
            .permittedDNSNames(["tr"]),
        ] {
            let finding = try #require(try Self.asking([condition]).report().finding(.anchorDistrusted))
            #expect(finding.expected != nil && finding.presented != nil, "\(condition)")
        }
        let blocked = try #require(try Self.asking([.blocked]).report().finding(.anchorDistrusted))
        #expect(blocked.presented == "CN=Conditioned Root")
    }

    /// One bad path does not hide a good one: the same issuer under a second anchor without conditions.
    @Test func overAllPaths() throws {
        let other = Authority.root("Unconditioned Root")
        let cross = Self.issuer.crossSigned(by: other)
        var asking = Asking(
            [Self.leaf, Self.issuer.certificate, cross.certificate], names: [StandardChains.host],
            stores: [
                try Self.held(
                    "corp", [(Self.root.certificate, [.blocked]), (other.certificate, [])])
            ])
        asking.clients = [Self.client]
        let report = try asking.report()
        #expect(report.stores[0].trusted == true)
        #expect(report.stores[0].reasons.isEmpty)
        #expect(report.finding(.anchorDistrusted) == nil)
        let used = report.paths[try #require(report.stores[0].path)]
        #expect(used.anchor == other.certificate.sha256)
    }

    /// The end of any use is a break, a condition on issuance is none.
    @Test func breaks() throws {
        let end: Instant = "2026-09-01"
        let asking = try Self.asking([.distrustAnyUseAfter(end), .distrustAfter("2026-08-01")])
        let breaks = try BreakCalendarTests.confirm(asking)
        #expect(breaks.map(\.at) == [end + 1])
        #expect(breaks[0].cause == .anchorDistrusted)
        #expect(breaks[0].certificate == Self.root.certificate.sha256)
        let report = try asking.report()
        #expect(report.firstBreak?.cause == .anchorDistrusted)
        #expect(report.stores[0].until == end)
    }

    // MARK: the renewal

    /// Due after two thirds of 180 days.
    static let due: Instant = "2026-09-29"

    @Test func theRenewalIsRefused() throws {
        let day: Instant = "2026-08-01"
        for (conditions, from, reason): ([AnchorCondition], Instant, Reason) in [
            ([.distrustAfter(day)], day + 1, .issuedAfterDistrust),
            ([.distrustAnyUseAfter(day)], day + 1, .distrusted),
            ([.notBeforeAfter(day)], day + 1, .issuedAfterDistrust),
        ] {
            let report = try Self.asking(conditions).report()
            #expect(report.verdict == .trusted)
            let renewal = try #require(report.renewal)
            #expect(renewal.due.date == Self.due.date)
            #expect(
                renewal.stores == [
                    Renewal.Store(name: "corp", accepted: false, refusedFrom: from, reason: reason)
                ])
            #expect(renewal.longestValidityDays == nil)
            let finding = try #require(report.finding(.renewalRefused))
            #expect(finding.severity == .warning && finding.store == "corp" && finding.reason == reason)
        }
    }

    /// A date after the due date is said, and refuses when asked for an instant beyond it.
    @Test func aDateToCome() throws {
        let day: Instant = "2026-10-15"
        let asking = try Self.asking([.distrustAfter(day)])
        let first = try #require(try asking.report().renewal)
        #expect(
            first.stores == [
                Renewal.Store(
                    name: "corp", accepted: true, refusedFrom: day + 1, reason: .issuedAfterDistrust)
            ])
        let later = try asking.with { $0.options.reissue = day + 1 }.report()
        #expect(later.renewal?.due == day + 1)
        #expect(later.renewal?.stores[0].accepted == false)
        #expect(try asking.with { $0.options.reissue = day }.report().renewal?.stores[0].accepted == true)
    }

    /// No condition: refused only when the path has ended; nothing is said for a store that does not trust.
    @Test func thePathEnds() throws {
        let root = Authority.root("Renewal Root") { $0.notAfter = "2026-12-01" }
        let leaf = root.leaf(StandardChains.host)
        var asking = Asking(
            [leaf], names: [StandardChains.host],
            stores: [
                try store("corp", [root.certificate]), try store("other", StandardChains.good().anchors),
            ])
        let renewal = try #require(try asking.report().renewal)
        #expect(renewal.stores[0].accepted == true)
        #expect(renewal.stores[0].refusedFrom == "2026-12-01T00:00:01Z")
        #expect(renewal.stores[1] == Renewal.Store(name: "other", accepted: nil, reason: .notTrustedNow))
        #expect(renewal.longestValidityDays == 63)
        // The end entity's own dates alone stand against it: the question still has an answer.
        asking.at = "2026-11-30"
        #expect(try asking.report().renewal?.stores[0].accepted == true)
        asking.at = "2026-12-02"
        let gone = try asking.report()
        #expect(gone.renewal?.stores[0] == Renewal.Store(name: "corp", accepted: nil, reason: .notTrustedNow))
        #expect(gone.finding(.renewalRefused) == nil)
        asking.at = now
        asking.options.reissue = "2026-12-02"
        let late = try asking.report().renewal?.stores[0]
        #expect(late?.accepted == false && late?.reason == .validityEnded)
    }

    /// Days by the date of issuance (TLS BR 6.3.2).
    @Test func limits() {
        #expect(RenewalForecast.limit(at: "2026-03-14T23:59:59Z") == 398)
        #expect(RenewalForecast.limit(at: "2026-03-15") == 200)
        #expect(RenewalForecast.limit(at: "2027-03-15") == 100)
        #expect(RenewalForecast.limit(at: "2029-03-14T23:59:59Z") == 100)
        #expect(RenewalForecast.limit(at: "2029-03-15") == 47)
    }
}
