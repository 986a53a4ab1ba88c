import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Transparency

/// Own logs under own certificates; what each client makes of them at 2026-07-01.
@Suite struct PolicyTests {
    static let a1 = FixtureLog("A1")
    static let a2 = FixtureLog("A2")
    static let b1 = FixtureLog("B1")
    /// Speaks the static API.
    static let b2 = FixtureLog("B2")
    static let c1 = FixtureLog("C1", kind: .rsa(2048))
    static let retired = FixtureLog("Retired")
    static let rejected = FixtureLog("Rejected")
    static let pending = FixtureLog("Pending")
    static let dropped = FixtureLog("Dropped")
    static let stranger = FixtureLog("Stranger")

    static let list = CTLogList(
        version: "1", published: "2026-06-20",
        logs: [
            log(a1, "A"), log(a2, "A", state: .readonly), log(b1, "B", state: .qualified),
            log(b2, "B", kind: .staticCT), log(c1, "C", state: .listed),
            log(retired, "R", state: .retired, since: "2026-06-10"),
            log(rejected, "R", state: .rejected, since: "2026-06-10"), log(pending, "P", state: .pending),
            log(dropped, "D", state: .dropped),
        ])

    static func log(
        _ log: FixtureLog, _ name: String, kind: CTLog.Kind = .rfc6962, state: CTLog.State = .usable,
        since: Instant = "2026-01-01"
    ) -> CTLog {
        CTLog(
            key: log.key.spki, name: log.name, operator: name, kind: kind,
            states: [.init(.usable, since: "2025-01-01"), .init(state, since: since)])
    }

    static let issuer = Authority.root("Log Root").intermediate("Log Issuer")
    /// 180 days, the last second included: two SCTs are enough. One second more is longer to Apple, one day
    /// more to all, and asks for three.
    static let short = issuer.leaf("www.example.com") { $0.notAfter = "2026-11-27T23:59:59Z" }
    static let exact = issuer.leaf("www.example.com") { $0.notAfter = "2026-11-28" }
    static let long = issuer.leaf("www.example.com") { $0.notAfter = "2026-11-29" }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let leaf: FixtureCertificate
        let stampings: [Stamping]
        let chrome: String
        let firefox: String
        let apple: String
        var testDescription: String { name }

        /// `answers`: of Chrome, Firefox and Apple, or one for all.
        init(_ name: String, _ leaf: FixtureCertificate, _ stampings: [Stamping], _ answers: String...) {
            (self.name, self.leaf, self.stampings) = (name, leaf, stampings)
            (chrome, firefox, apple) = (answers[0], answers[1 % answers.count], answers[2 % answers.count])
        }
    }

    static func at(_ log: FixtureLog, _ instant: Instant = "2026-06-01", _ defect: FixtureLog.Defect = .none)
        -> Stamping
    {
        Stamping(log, at: instant, defect)
    }

    static let cases = [
        Case("two operators", short, [at(a1), at(b1)], "satisfied"),
        Case("an RSA log", short, [at(a1), at(c1)], "satisfied"),
        Case("none", short, [], "sct_too_few"),
        Case("one", short, [at(a1)], "sct_too_few"),
        Case("one log twice", short, [at(a1), at(a1, "2026-06-02")], "sct_too_few"),
        Case("one operator", short, [at(a1), at(a2)], "sct_operator_diversity"),
        Case(
            "two, to the second 180 days later", exact, [at(a1), at(b1)], "satisfied", "satisfied",
            "sct_too_few"),
        Case("two, 181 days", long, [at(a1), at(b1)], "sct_too_few"),
        Case("three, 181 days", long, [at(a1), at(b1), at(c1)], "satisfied"),
        Case("two of one operator, 181 days", long, [at(a1), at(a2), at(b1)], "satisfied"),
        Case("static logs alone", short, [at(b2), at(c1)], "satisfied"),
        Case(
            "no RFC 6962 log", short, [at(b2), at(dropped)], "?sct_log_unknown"),
        Case("a flipped bit", short, [at(a1), at(b1, "2026-06-01", .flippedBit)], "sct_too_few"),
        Case("another timestamp", short, [at(a1), at(b1, "2026-06-01", .otherTimestamp)], "sct_too_few"),
        Case("another algorithm", short, [at(a1), at(b1, "2026-06-01", .wrongAlgorithm)], "sct_too_few"),
        Case("version 2", short, [at(a1), at(b1, "2026-06-01", .version2)], "sct_too_few"),
        Case("the last second", short, [at(a1), at(b1, "2026-07-01")], "satisfied"),
        Case("one second ahead", short, [at(a1), at(b1, "2026-07-01T00:00:01Z")], "sct_in_future"),
        Case("one unknown log", short, [at(a1), at(stranger)], "?sct_log_unknown"),
        Case("an unknown log does not help", short, [at(stranger)], "sct_too_few"),
        Case("an unknown log is not needed", short, [at(a1), at(b1), at(stranger)], "satisfied"),
        Case("not in the newest list", short, [at(a1), at(dropped)], "?sct_log_unknown"),
        Case("before it was retired", short, [at(a1), at(retired)], "satisfied"),
        Case("after it was retired", short, [at(a1), at(retired, "2026-06-11")], "sct_too_few"),
        Case("rejected", short, [at(a1), at(rejected)], "sct_too_few"),
        Case("pending", short, [at(a1), at(pending)], "sct_too_few"),
    ]

    static func judged(
        _ leaf: FixtureCertificate, tls: [UInt8]? = nil, ocsp: [UInt8]? = nil, at: Instant = now,
        logs: CTLogList = list
    ) throws -> JudgedSCTs {
        let leaf = try Certificate.parse(der: leaf.der)
        return JudgedSCTs(
            leaf: leaf, issuer: try Certificate.parse(der: issuer.certificate.der),
            scts: SCTList.all(of: leaf, tls: tls, ocsp: ocsp), logs: logs, at: at, verifier: SCTVerifier())
    }

    static func answer(_ judged: JudgedSCTs, _ client: String, listAge: Int64 = 0) throws -> String {
        switch judged.answer(try #require(CTPolicy.of(ClientName(client))), listAge: listAge) {
        case .satisfied: "satisfied"
        case .failed(let reason, _, _): reason.rawValue
        case .notEstablished(let reason, _, _): "?\(reason.rawValue)"
        }
    }

    @Test(arguments: cases) func policy(_ c: Case) throws {
        let judged = try Self.judged(c.stampings.isEmpty ? c.leaf : c.leaf.logged(c.stampings))
        #expect(try Self.answer(judged, "chrome") == c.chrome)
        #expect(try Self.answer(judged, "firefox") == c.firefox)
        #expect(try Self.answer(judged, "apple") == c.apple)
    }

    /// Apple alone asks for a log that speaks RFC 6962, and counts two of one operator at most.
    @Test func appleAsksMore() throws {
        let d = FixtureLog("D static")
        let logs = CTLogList(
            version: "1", published: "2026-06-20",
            logs: [
                Self.log(Self.b2, "B", kind: .staticCT), Self.log(d, "D", kind: .staticCT),
                Self.log(Self.a1, "A"), Self.log(Self.a2, "A"), Self.log(Self.c1, "A"),
            ])
        let statics = try Self.judged(Self.short.logged([Self.at(Self.b2), Self.at(d)]), logs: logs)
        #expect(try Self.answer(statics, "chrome") == "satisfied")
        #expect(try Self.answer(statics, "apple") == "sct_log_type")
        let crowd = try Self.judged(
            Self.long.logged([Self.at(Self.a1), Self.at(Self.a2), Self.at(Self.c1), Self.at(d)]), logs: logs)
        #expect(try Self.answer(crowd, "apple") == "satisfied")
        let two = try Self.judged(
            Self.short.logged([Self.at(Self.a1), Self.at(Self.a2), Self.at(Self.c1)]), logs: logs)
        #expect(try Self.answer(two, "apple") == "sct_operator_diversity")
    }

    /// Wherever the list stands among the extensions, what is left without it is what the log signed.
    @Test(arguments: [0, 3, 6]) func placeOfTheExtension(_ place: Int) throws {
        let judged = try Self.judged(Self.short.logged([Self.at(Self.a1), Self.at(Self.b1)], place: place))
        #expect(judged.stamps.map(\.verified) == [true, true])
    }

    /// An SCT is bound to the issuer's key: under another one it does not verify.
    @Test func anotherIssuer() throws {
        let leaf = try Certificate.parse(der: Self.short.logged([Self.at(Self.a1)]).der)
        let other = try Certificate.parse(der: Authority.root("Other Root").certificate.der)
        let judged = JudgedSCTs(
            leaf: leaf, issuer: other, scts: SCTList.all(of: leaf, tls: nil, ocsp: nil), logs: Self.list,
            at: now, verifier: SCTVerifier())
        #expect(judged.stamps.map(\.verified) == [false])
        #expect(judged.stamps.map(\.reason) == [.sctSignatureBad])
    }

    /// A list of 70 days is good, one second more says too little, whatever the SCTs.
    @Test func ageOfTheList() throws {
        let judged = try Self.judged(Self.short.logged([Self.at(Self.a1), Self.at(Self.b1)]))
        #expect(try Self.answer(judged, "chrome", listAge: 70 * 86_400) == "satisfied")
        #expect(try Self.answer(judged, "chrome", listAge: 70 * 86_400 + 1) == "?ct_list_stale")
    }

    /// `at` moves the states of the logs: before it was rejected, this one counted.
    @Test func statesAtAnInstant() throws {
        let leaf = Self.short.logged([Self.at(Self.a1), Self.at(Self.rejected)])
        #expect(try Self.answer(Self.judged(leaf, at: "2026-06-09"), "chrome") == "satisfied")
        let judged = try Self.judged(leaf)
        #expect(judged.stamps.map(\.state) == ["usable", "rejected"])
        #expect(judged.stamps.map(\.reason) == [nil, .sctLogRejected])
        #expect(judged.stamps.map(\.operator) == ["A", "R"])
    }
}
