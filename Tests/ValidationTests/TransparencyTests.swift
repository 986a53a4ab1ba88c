import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// Which store asks for transparency, on which paths, and what its answer becomes.
@Suite struct TransparencyTests {
    static let root = Authority.root("CT Root")
    static let issuer = root.intermediate("CT Issuer")
    static let logs = [FixtureLog("Validation A"), FixtureLog("Validation B")]
    static let leaf = issuer.leaf("www.example.com") {
        $0.add(.crlDistributionPoints("http://crl.example.com/1.crl"))
    }

    static func chain(_ stampings: [Stamping]) -> [FixtureCertificate] {
        [stampings.isEmpty ? leaf : leaf.logged(stampings), issuer.certificate]
    }

    static let good = logs.map { Stamping($0, at: "2026-06-01") }

    /// The stores `chrome` (shipped, with a policy) and `corp` (custom, without), both with the root.
    func report(
        _ chain: [FixtureCertificate], asked: [String] = ["chrome", "corp"], known: [FixtureLog] = logs,
        name: String = "chrome", checkedAt: Instant = now, at: Instant = now,
        clientName: String = "chrome", conditions: [AnchorCondition] = [],
        states: [CTLog.Change] = [.init(.usable, since: "2025-01-01")],
        change: (inout Options) -> Void = { _ in }
    ) throws -> Report {
        let client = Client(name: ClientName(clientName), completes: .aia)
        let stores = [
            TrustStore(
                name: name, origin: name == "chrome" ? .shipped : .custom, client: client, basis: .full,
                anchors: [
                    Anchor(
                        certificate: try Certificate.parse(der: Self.root.certificate.der),
                        conditions: conditions)
                ]),
            try store("corp", [Self.root.certificate]),
        ]
        let list = CTLogList(
            version: "1", published: "2026-06-20",
            logs: known.map {
                CTLog(
                    key: $0.key.spki, name: $0.name, operator: $0.name,
                    states: states)
            })
        let set = StoreSet(stores, clients: [client], logs: known.isEmpty ? nil : list)
        var evidence = Evidence()
        evidence.presented = chain.map(\.der)
        evidence.source = .handshake
        var options = Options()
        change(&options)
        return Validator(stores: set, cache: cache).judge(
            Question(
                evidence: evidence, options: options, stores: try set.resolve(asked), at: at,
                checkedAt: checkedAt, id: "1"))
    }

    @Test func satisfied() throws {
        let report = try report(Self.chain(Self.good))
        #expect(report.verdict == .trusted && report.state == .ok)
        #expect(report.finding(.ctPolicy) == nil)
        #expect(!report.notChecked.contains { $0.check == "ct.policy" })
        let answer = try #require(report.transparency)
        #expect(answer.clients == [.init(client: "chrome", satisfied: true)])
        #expect(answer.scts.map(\.log) == ["Validation A", "Validation B"])
        #expect(answer.scts.allSatisfy { $0.verified == true && $0.state == "usable" && $0.reason == nil })
    }

    /// Without SCTs Chrome refuses what the operator's own store trusts.
    @Test func refused() throws {
        let report = try report(Self.chain([]))
        #expect(report.verdict == .partlyTrusted)
        #expect(report.stores.map(\.trusted) == [false, true])
        #expect(report.stores[0].reasons.map(\.reason) == [.sctTooFew])
        let finding = try #require(report.finding(.ctPolicy))
        #expect(finding.kind == .client && finding.status == .failed && finding.store == "chrome")
        #expect(finding.certificate == Self.leaf.sha256 && finding.path == 0)
        #expect(finding.expected == "2 SCTs of distinct logs" && finding.presented == "none")
        #expect(report.paths[0].valid && report.conforms == true)
    }

    /// Logs that the list does not have may be good ones: nobody knows.
    @Test func unknownLogs() throws {
        let report = try report(Self.chain(Self.good), asked: ["chrome"], known: [FixtureLog("Another")])
        #expect(report.verdict == .indeterminate)
        #expect(report.stores[0].trusted == nil)
        #expect(report.stores[0].reasons.map(\.reason) == [.sctLogUnknown])
        #expect(report.finding(.ctPolicy)?.severity == .info)
        #expect(report.transparency?.scts.map(\.verified) == [nil, nil])
    }

    /// SCTs of a later time than the certificate's own beginning: the store takes it from the second on which
    /// enough of them have come, and the calendar says the same.
    @Test func laterSCTs() throws {
        let first = now + 3_600
        let chain = Self.chain([
            Stamping(Self.logs[0], at: "2026-06-01"),
            Stamping(Self.logs[1], at: first, milliseconds: 999),
        ])
        let early = try report(chain, asked: ["chrome"])
        #expect(early.stores[0].trusted == false)
        #expect(early.stores[0].reasons.map(\.reason) == [.sctInFuture])
        let gain = try #require(early.breaks.first)
        #expect(gain.at == first && gain.trustedAfter == true && gain.store == "chrome")
        #expect(try report(chain, asked: ["chrome"], at: first).stores[0].trusted == true)
        #expect(try report(chain, asked: ["chrome"], at: first + -1).stores[0].trusted == false)
    }

    struct Dated: Sendable {
        let what: String
        let set: ConstraintSet
        var known = TransparencyTests.logs
        let trusted: Bool?
        var reasons: [Reason] = []
    }

    static func dated(upTo last: Int64? = nil, after first: Int64? = nil) -> ConstraintSet {
        var set = ConstraintSet()
        (set.sctNotAfter, set.sctAllAfter) = (last, first)
        return set
    }

    /// The first SCT of these chains; the second log's is a day later.
    static let first = Instant("2026-06-01").seconds * 1_000
    static let dated: [Dated] = [
        Dated(what: "the earliest is early enough", set: dated(upTo: first), trusted: true),
        Dated(
            what: "a millisecond late", set: dated(upTo: first - 1), trusted: false,
            reasons: [.constraintsNotMet]),
        Dated(what: "all are later", set: dated(after: first - 1), trusted: true),
        Dated(
            what: "one is not later", set: dated(after: first), trusted: false,
            reasons: [.constraintsNotMet]),
        // The early SCT's log is unknown: it may be the one that is early enough.
        Dated(
            what: "the one that would decide is unknown", set: dated(upTo: first), known: [logs[1]],
            trusted: nil, reasons: [.sctLogUnknown, .constraintsUnknown]),
        // An early one that is known decides; what is still unknown is the policy.
        Dated(
            what: "unknown beside one that decides", set: dated(after: first), known: [logs[0]],
            trusted: false, reasons: [.sctLogUnknown, .constraintsNotMet]),
    ]

    /// Chrome's dated constraints look at the verified SCTs.
    @Test(arguments: dated) func constraints(_ row: Dated) throws {
        let chain = Self.chain([
            Stamping(Self.logs[0], at: "2026-06-01"), Stamping(Self.logs[1], at: "2026-06-02"),
        ])
        let report = try report(
            chain, asked: ["chrome"], known: row.known, conditions: [.constraintSets([row.set])])
        #expect(report.stores[0].trusted == row.trusted, "\(row.what)")
        #expect(Set(report.stores[0].reasons.map(\.reason)) == Set(row.reasons), "\(row.what)")
    }

    /// Mozilla does not count SCTs that are later than the date from which it distrusts the anchor, even of a
    /// certificate that claims to be older.
    @Test(arguments: [("2026-06-02" as Instant, true), ("2026-06-01", false)])
    func countedUpToDistrust(_ last: Instant, _ trusted: Bool) throws {
        let chain = Self.chain([
            Stamping(Self.logs[0], at: "2026-06-01"), Stamping(Self.logs[1], at: "2026-06-02"),
        ])
        let report = try report(
            chain, asked: ["chrome"], clientName: "firefox", conditions: [.distrustAfter(last)])
        #expect(report.stores[0].trusted == trusted)
        #expect(report.stores[0].reasons.map(\.reason) == (trusted ? [] : [.sctAfterDistrust]))
        let finding = report.finding(.ctPolicy)
        #expect(finding?.presented?.contains("Validation B (sct_after_distrust)") == (trusted ? nil : true))
    }

    /// SCTs that are still to come decide the client's conditions when they have: the calendar knows it.
    @Test(arguments: [
        // Early enough for the one date, late enough for the other.
        (dated(upTo: (now + 7_200).seconds * 1_000, after: (now + 60).seconds * 1_000), true),
        // One that is not later than a date by which all must be.
        (dated(after: (now + 3_600).seconds * 1_000), false),
    ])
    func sctsToCome(_ set: ConstraintSet, _ after: Bool) throws {
        let first = now + 3_600
        let chain = Self.chain([
            Stamping(Self.logs[0], at: first), Stamping(Self.logs[1], at: first, milliseconds: 1),
        ])
        let early = try report(chain, asked: ["chrome"], conditions: [.constraintSets([set])])
        let flips = early.breaks.filter { $0.cause != .leafExpires }
        for flip in flips {
            let here = try report(chain, asked: ["chrome"], at: flip.at, conditions: [.constraintSets([set])])
            #expect(here.stores[0].trusted == flip.trustedAfter)
        }
        #expect(early.stores[0].trusted == false)
        #expect(flips.map(\.trustedAfter) == (after ? [true] : []))
        #expect(flips.map(\.at) == (after ? [first] : []))
    }

    /// A log that is rejected later: what it signed stops counting, and the calendar says when.
    @Test func aLogThatIsRejected() throws {
        let end: Instant = "2026-09-01"
        let chain = Self.chain(Self.good)
        let rejected = [CTLog.Change(.usable, since: "2025-01-01"), CTLog.Change(.rejected, since: end)]
        func report(_ at: Instant) throws -> Report {
            try self.report(chain, asked: ["chrome"], at: at, states: rejected)
        }
        let early = try report(now)
        #expect(early.stores[0].trusted == true && early.stores[0].until == end + -1)
        #expect(early.firstBreak?.at == end && early.firstBreak?.cause == .anchorDistrusted)
        #expect(try report(end + -1).stores[0].trusted == true)
        let late = try report(end)
        #expect(late.stores[0].trusted == false)
        #expect(late.stores[0].reasons.map(\.reason) == [.sctTooFew])
    }

    /// The age of our list is measured when the question is asked, and says nothing for nor against.
    @Test func staleList() throws {
        let report = try report(
            Self.chain(Self.good), asked: ["chrome"], checkedAt: Instant("2026-06-20") + 70 * 86_400 + 1)
        #expect(report.stores[0].trusted == nil)
        #expect(report.stores[0].reasons.map(\.reason) == [.ctListStale])
    }

    /// A path that ends at no public anchor was never to be logged, whatever client judges it.
    @Test func privatePath() throws {
        let report = try report(Self.chain([]), asked: ["own"], name: "own") { $0.include = [.checks] }
        #expect(report.stores[0].trusted == true)
        #expect(report.transparency == nil)
        #expect(report.checks.list.contains(CheckOutcome(check: .ctPolicy, status: .notApplicable)))
    }

    /// Nothing is asked of a store whose client has no policy.
    @Test func noPolicy() throws {
        let report = try report(Self.chain([]), asked: ["corp"])
        #expect(report.verdict == .trusted)
        #expect(report.transparency == nil && report.finding(.ctPolicy) == nil)
    }

    /// Without a log list it is not checked, and the report says so.
    @Test func noList() throws {
        let report = try report(Self.chain([]), asked: ["chrome"], known: [])
        #expect(report.stores[0].trusted == true)
        #expect(report.notChecked.contains { $0.check == "ct.policy" && $0.reason == "not_established" })
    }

    /// A store that was not asked is only named as an alternative when its client would take the SCTs.
    @Test(arguments: [(true, ["chrome"]), (false, [String]())])
    func anotherStore(_ logged: Bool, _ willing: [String]) throws {
        let stranger = Authority.root("Stranger Root").certificate
        let client = Client(name: ClientName("chrome"), completes: .aia)
        let list = CTLogList(
            version: "1", published: "2026-06-20",
            logs: Self.logs.map {
                CTLog(
                    key: $0.key.spki, name: $0.name, operator: $0.name,
                    states: [.init(.usable, since: "2025-01-01")])
            })
        let set = StoreSet(
            [
                try store("chrome", [Self.root.certificate], origin: .shipped, client: client),
                try store("corp", [stranger]),
            ], clients: [client], logs: list)
        var evidence = Evidence()
        evidence.presented = Self.chain(logged ? Self.good : []).map(\.der)
        evidence.source = .handshake
        let report = Validator(stores: set, cache: cache).judge(
            Question(
                evidence: evidence, options: Options(), stores: try set.resolve(["corp"]), at: now,
                checkedAt: now, id: "1"))
        #expect(report.stores[0].trusted == false)
        #expect(report.findings.filter { $0.check == .anchorOtherStore }.map(\.presented) == willing)
    }
}
