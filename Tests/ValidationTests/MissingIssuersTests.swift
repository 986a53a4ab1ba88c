import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// What is wanted where an issuer is missing, and what a fetched one is worth: to the stores, to the chain as
/// it was sent, and to whoever repairs it.
@Suite struct MissingIssuersTests {
    static let url = "http://ca.example/issuer.cer"

    static func naming(_ urls: [String]) -> Authority.Change {
        { $0.add(.authorityInfoAccess(caIssuers: urls)) }
    }

    static let root = StandardChains.root
    static let issuer = StandardChains.intermediate
    static let leaf = issuer.leaf(names: [StandardChains.host], naming([url]))

    static func fetched(_ url: String, _ bytes: [UInt8], for child: FixtureCertificate = leaf) -> Fetched {
        let wanted = Wanted(kind: .issuer, url: url, certificate: child.sha256)
        return Fetched(wanted: wanted, result: .success(Octets(bytes)), at: now)
    }

    static func failed(_ code: FetchFailure.Code, _ detail: String = "what was seen") -> Fetched {
        let wanted = Wanted(kind: .issuer, url: url, certificate: leaf.sha256)
        return Fetched(wanted: wanted, result: .failure(FetchFailure(code, detail)), at: now)
    }

    /// One shipped store for each way of completing a chain, and an operator's own of Firefox's way.
    static func stores(_ anchors: [FixtureCertificate] = [root.certificate]) throws -> [TrustStore] {
        let ways: [(String, TrustStore.Origin, Client.Completion)] = [
            ("chrome", .shipped, .aia), ("mozilla", .shipped, .preload), ("java", .shipped, .nothing),
            ("corp", .custom, .preload),
        ]
        return try ways.map { name, origin, completes in
            let client = Client(name: ClientName("of-\(name)"), completes: completes)
            return try store(name, anchors, origin: origin, client: client)
        }
    }

    static func asking(
        _ presented: [FixtureCertificate] = [leaf], _ fetched: [Fetched] = [], stores: [TrustStore]? = nil
    ) throws -> Asking {
        try Asking(presented, names: [StandardChains.host], stores: stores ?? Self.stores()).with {
            $0.fetched = fetched
            $0.options.aia = true
        }
    }

    // MARK: wanted

    @Test func whatIsWanted() throws {
        let two = Self.issuer.leaf(
            names: [StandardChains.host],
            Self.naming(["https://ca.example/b", "ldap://ca.example/c", "http://ca.example/a", "file:///d"]))
        let six = Self.issuer.leaf(
            names: [StandardChains.host], Self.naming((1...6).map { "http://ca.example/\($0)" }))
        let stranger = Authority.root("Stranger")
        let below = stranger.intermediate("Below Stranger", Self.naming(["http://ca.example/stranger"]))
        let lost = below.leaf(names: [StandardChains.host], Self.naming([Self.url]))
        let ended = Self.root.intermediate("Ended Issuer") { $0.notAfter = "2026-06-30" }
        let under = ended.leaf(names: [StandardChains.host], Self.naming([Self.url]))
        let rows: [(String, Asking, [String])] = [
            ("a leaf alone", try Self.asking(), [Self.url]),
            ("it may not be fetched", try Self.asking().with { $0.options.aia = false }, []),
            ("nobody said so", try Self.asking().with { $0.options.aia = nil }, []),
            (
                "http before https, nothing else", try Self.asking([two]),
                ["http://ca.example/a", "https://ca.example/b"]
            ),
            ("five of one certificate", try Self.asking([six]), (1...5).map { "http://ca.example/\($0)" }),
            ("no address", try Self.asking([Self.issuer.leaf(StandardChains.host)]), []),
            ("all is there", try Self.asking([Self.leaf, Self.issuer.certificate]), []),
            ("asked before", try Self.asking([Self.leaf], [Self.failed(.timeout)]), []),
            // No list holds the root: the highest first, then others in place of what is there.
            ("an unknown root", try Self.asking([lost, below.certificate]), ["http://ca.example/stranger"]),
            (
                "others",
                try Self.asking(
                    [lost, below.certificate],
                    [
                        Self.fetched(
                            "http://ca.example/stranger", stranger.certificate.der, for: below.certificate)
                    ]),
                [Self.url]
            ),
            ("its issuer has ended", try Self.asking([under, ended.certificate]), [Self.url]),
            ("no store", try Self.asking().with { $0.asked = [] }, []),
            // An anchor that is an intermediate ends a path; to other stores it is not sent.
            (
                "another store's anchor",
                try Self.asking(
                    [Self.leaf],
                    stores: Self.stores() + [store("r12", [Self.issuer.certificate], origin: .shipped)]),
                [Self.url]
            ),
        ]
        for (what, asking, urls) in rows {
            #expect(try asking.missing().map(\.url) == urls, "\(what)")
        }
        let wanted = try #require(try Self.asking().missing().first)
        #expect(wanted == Wanted(kind: .issuer, url: Self.url, certificate: Self.leaf.sha256))
    }

    /// Four levels of issuers and sixteen addresses, then it ends, and the answers stay open.
    @Test func bounds() throws {
        var above = Self.root
        var chain: [Authority] = []
        for level in (1...5).reversed() {
            above = above.intermediate("Level \(level)", Self.naming(["http://ca.example/\(level + 1)"]))
            chain.insert(above, at: 0)
        }
        let leaf = chain[0].leaf(names: [StandardChains.host], Self.naming(["http://ca.example/1"]))
        var fetched: [Fetched] = []
        var child = leaf
        for (index, authority) in chain.prefix(4).enumerated() {
            let asking = try Self.asking([leaf], fetched)
            #expect(try asking.missing().map(\.url) == ["http://ca.example/\(index + 1)"])
            fetched.append(
                Self.fetched("http://ca.example/\(index + 1)", authority.certificate.der, for: child))
            child = authority.certificate
        }
        let asking = try Self.asking([leaf], fetched)
        #expect(try asking.missing().isEmpty)
        let report = try asking.report()
        #expect(report.finding(.chainAIA)?.reason == .aiaExhausted)
        #expect(report.finding(.chainAIA)?.status == .notEstablished)
        #expect(report.stores.first { $0.name == "chrome" }?.trusted == .some(nil))

        let many = (1...20).map { number in
            Fetched(
                wanted: Wanted(
                    kind: .issuer, url: "http://ca.example/x\(number)", certificate: Self.leaf.sha256),
                result: .failure(FetchFailure(.status, "404")), at: now)
        }
        #expect(try Self.asking([Self.leaf], many).missing().isEmpty)
    }

    // MARK: fetched

    /// However it is wrapped: who fetches trusts the chain, of who preloads it is not known, who does neither
    /// refuses it, and below an anchor that is not public nothing is preloaded.
    @Test(arguments: ["DER", "PEM", "PKCS#7", "PKCS#7 in PEM", "with others"]) func anIssuer(_ form: String)
        throws
    {
        let (der, other) = (Self.issuer.certificate, Authority.root("Other").certificate)
        let bytes: [UInt8] =
            switch form {
            case "DER": der.der
            case "PEM": Array([der].pem.utf8)
            case "PKCS#7": [der].pkcs7
            case "with others": [other, der, Self.root.certificate].pkcs7
            default: Array(PEM.encode([der].pkcs7, label: "PKCS7").utf8)
            }
        let asking = try Self.asking([Self.leaf], [Self.fetched(Self.url, bytes)]).with {
            $0.options.include = [.bundle]
        }
        #expect(try asking.missing().isEmpty)
        let report = try asking.report()
        #expect(report.stores.map(\.trusted) == [true, nil, false, nil])
        #expect(
            report.stores.map { $0.reasons.map(\.reason) }
                == [[], [.preloadUnknown], [.issuerNotSent], [.preloadUnknown]])
        #expect(report.paths[0].certificates == [Self.leaf, der, Self.root.certificate].map(\.sha256))
        #expect(report.paths[0].notSent == [der.sha256] && report.paths[0].valid)

        let presented = try #require(report.presented)
        #expect(presented.complete == false && presented.certificates == [Self.leaf.sha256])
        #expect(
            presented.missing
                == [.init(subject: "CN=Catenary Test Intermediate", sha256: der.sha256, url: Self.url)])
        let finding = try #require(report.finding(.chainComplete))
        #expect(finding.reason == .issuerNotSent && finding.severity == .error)
        #expect(finding.certificate == Self.leaf.sha256)
        #expect(finding.presented == "fetched from \(Self.url)")
        #expect(finding.fix == Fix(.sendIntermediate, "send “Catenary Test Intermediate” after the leaf"))

        let bundle = try #require(report.bundle)
        #expect(bundle.certificates.map(\.sha256) == [Self.leaf.sha256, der.sha256])
        #expect(bundle.changes == [Bundle.Change(.add, der.sha256, to: 1)])
        #expect(bundle.stores.map(\.after) == [true, true, true, true])
        #expect(bundle.stores.map(\.before) == [true, nil, false, nil])
    }

    /// Mozilla preloads what is issued below public anchors: no private issuer is among it.
    @Test func nothingPrivateIsPreloaded() throws {
        let fetched = [Self.fetched(Self.url, Self.issuer.certificate.der)]
        let corp = try Self.stores().filter { $0.name == "corp" }
        let report = try Self.asking([Self.leaf], fetched, stores: corp).report()
        #expect(report.stores.map(\.trusted) == [false])
        #expect(report.stores.map { $0.reasons.map(\.reason) } == [[.issuerNotSent]])
        let unasked = try Self.asking(stores: corp).with { $0.options.aia = false }.report()
        #expect(unasked.stores.map { $0.reasons.map(\.reason) } == [[.issuerAbsent]])
    }

    /// The severity follows who was asked, the sentence who takes it.
    @Test func whoIsAsked() throws {
        let rows: [([String], Verdict, Severity, State, String)] = [
            (
                ["chrome"], .trusted, .warning, .warning,
                "works in browsers, fails in curl, Go and Java: an intermediate is not sent"
            ),
            (
                ["chrome", "mozilla"], .trusted, .warning, .warning,
                "works in browsers, fails in curl, Go and Java: an intermediate is not sent"
            ),
            (
                ["chrome", "java"], .partlyTrusted, .error, .critical,
                "works in browsers, fails in curl, Go and Java: an intermediate is not sent"
            ),
            (
                ["java"], .untrusted, .error, .critical,
                "fails in curl, Go and Java: an intermediate is not sent"
            ),
            (
                ["mozilla"], .indeterminate, .warning, .warning,
                "nothing was established: the chain is incomplete: "
            ),
        ]
        let fetched = [Self.fetched(Self.url, Self.issuer.certificate.der)]
        for (asked, verdict, severity, state, summary) in rows {
            let report = try Self.asking([Self.leaf], fetched).with {
                $0.asked = asked
                $0.options.warn = [.seconds(1)]
                $0.options.critical = [.seconds(1)]
            }.report()
            #expect(report.verdict == verdict, "\(asked)")
            #expect(report.finding(.chainComplete)?.severity == severity, "\(asked)")
            #expect(report.state == state, "\(asked)")
            #expect(report.summary.hasPrefix(summary), "\(asked): \(report.summary)")
        }
    }

    /// What came in place of an issuer, and what the stores say: a failure leaves it open, an answer does
    /// not.
    @Test func notAnIssuer() throws {
        let twin = Authority.root("Twin").intermediate(
            "Catenary Test Intermediate", key: .labelled(.ec256, "another key"))
        typealias Row = (Fetched, Reason, Status, chrome: Bool?, Reason)
        let rows: [Row] = [
            (Self.failed(.status, "HTTP 404"), .issuerNotFetched, .notEstablished, nil, .issuerNotFetched),
            (Self.failed(.timeout), .issuerNotFetched, .notEstablished, nil, .issuerNotFetched),
            (Self.failed(.refused, "127.0.0.1"), .addressRefused, .notEstablished, nil, .issuerNotFetched),
            (Self.fetched(Self.url, [0x30, 0x03]), .fetchedUndecodable, .failed, false, .issuerAbsent),
            (
                Self.fetched(Self.url, Array("<html>".utf8)), .fetchedUndecodable, .failed, false,
                .issuerAbsent
            ),
            (Self.fetched(Self.url, []), .fetchedUndecodable, .failed, false, .issuerAbsent),
            (
                Self.fetched(Self.url, Self.root.certificate.der), .fetchedUnrelated, .failed, false,
                .issuerAbsent
            ),
            // The right name and another key.
            (Self.fetched(Self.url, twin.certificate.der), .fetchedUnrelated, .failed, false, .issuerAbsent),
        ]
        for (fetched, reason, status, trusted, why) in rows {
            let report = try Self.asking([Self.leaf], [fetched]).report()
            let finding = try #require(report.finding(.chainAIA), "\(reason)")
            #expect(finding.reason == reason && finding.status == status && finding.severity == .info)
            #expect(finding.certificate == Self.leaf.sha256 && finding.presented?.hasPrefix(Self.url) == true)
            let chrome = try #require(report.stores.first)
            #expect(chrome.trusted == trusted && chrome.reasons.map(\.reason) == [why], "\(reason)")
            #expect(report.stores[1].reasons.map(\.reason) == [.preloadUnknown])
            #expect(report.stores[2].reasons.map(\.reason) == [.issuerAbsent])
            #expect(report.presented?.complete == nil)
            #expect(report.certificates.map(\.certificate.sha256) == [Self.leaf.sha256])
        }
        let refused = try Self.asking([Self.leaf], [Self.failed(.refused, "127.0.0.1")]).report()
        #expect(refused.finding(.chainAIA)?.fix?.text.contains("--egress-allow") == true)
        #expect(!String(decoding: refused.json(), as: UTF8.self).contains("127.0.0.1"))
    }

    /// The first of two came, the second did not: as open as if neither had.
    @Test func halfWay() throws {
        let lower = Self.issuer.intermediate("Half Way", Self.naming([Self.url]))
        let leaf = lower.leaf(names: [StandardChains.host], Self.naming(["http://ca.example/lower"]))
        let report = try Self.asking(
            [leaf],
            [
                Self.fetched("http://ca.example/lower", lower.certificate.der, for: leaf),
                Self.failed(.timeout),
            ]
        ).report()
        #expect(report.stores.map(\.trusted) == [nil, nil, false, false])
        #expect(
            report.stores.map { $0.reasons.map(\.reason) }.prefix(2) == [
                [.issuerNotFetched], [.preloadUnknown],
            ])
        #expect(report.presented?.complete == false)
        #expect(report.presented?.missing.map(\.url) == ["http://ca.example/lower"])
    }

    /// Without leave to fetch: open where it might be had, and said what was not done.
    @Test func notAsked() throws {
        let report = try Self.asking().with {
            $0.options.aia = false
            $0.asked = ["chrome", "mozilla"]
        }.report()
        #expect(report.verdict == .indeterminate && report.state == .unknown)
        #expect(report.stores.map { $0.reasons.map(\.reason) } == [[.issuerNotFetched], [.preloadUnknown]])
        #expect(report.finding(.chainComplete)?.reason == .issuerNotFetched)
        #expect(report.finding(.chainComplete)?.fix?.text.contains("aia=true") == true)
        #expect(report.finding(.pathIssuer)?.status == .notEstablished)
        #expect(report.notChecked.contains { $0.check == "chain.complete" && $0.message.contains("--aia") })
        // What is wrong with the leaf itself is wrong whoever issued it.
        let other = try Self.asking().with { $0.names = ["other.example"] }.report()
        #expect(other.stores.map(\.trusted) == [false, false, false, false])
    }

    /// The address of an issuer leads to a certificate that names it again.
    @Test func aLoop() throws {
        let (a, b) = ("http://ca.example/a", "http://ca.example/b")
        let first = Authority.root("Loop A")
        let second = Authority.root("Loop B")
        let firstBySecond = first.crossSigned(by: second, Self.naming([b]))
        let secondByFirst = second.crossSigned(by: first, Self.naming([a]))
        let leaf = first.leaf(names: [StandardChains.host], Self.naming([a]))
        let fetched = [
            Self.fetched(a, firstBySecond.certificate.der, for: leaf),
            Self.fetched(b, secondByFirst.certificate.der, for: firstBySecond.certificate),
        ]
        #expect(try Self.asking([leaf], [fetched[0]]).missing().map(\.url) == [b])
        let asking = try Self.asking([leaf], fetched)
        #expect(try asking.missing().isEmpty)
        let finding = try #require(try asking.report().finding(.chainAIA))
        #expect(finding.reason == .aiaLoop && finding.certificate == secondByFirst.certificate.sha256)
        #expect(finding.presented == a)
        #expect(try asking.report().stores.first?.trusted == .some(false))
        #expect(try asking.report().presented?.complete == .some(false))
    }

    // MARK: time

    /// Judged again with the same evidence, the calendar holds: one second before each break and at it.
    @Test func theCalendarHolds() throws {
        let ends = Self.root.intermediate("Short Issuer") {
            $0.notAfter = "2026-09-01"
            Self.naming(["http://ca.example/root"])(&$0)
        }
        let leaf = ends.leaf(names: [StandardChains.host], Self.naming([Self.url]))
        let issuer = Self.fetched(Self.url, ends.certificate.der, for: leaf)
        let corp = try store("private", [leaf], origin: .custom)
        let rows: [[Fetched]] = [[issuer], [], [Self.failed(.connect)]]
        for fetched in rows {
            let asking = try Self.asking([leaf], fetched, stores: Self.stores() + [corp])
            let report = try asking.report()
            #expect(!report.breaks.isEmpty)
            for flip in report.breaks {
                let before = try asking.with { $0.at = flip.at + -1 }.report()
                let after = try asking.with { $0.at = flip.at }.report()
                #expect(after.stores.first { $0.name == flip.store }?.trusted == flip.trustedAfter)
                #expect(before.stores.first { $0.name == flip.store }?.trusted != flip.trustedAfter)
                #expect(after.verdict == flip.verdictAfter)
            }
            let last = try #require(report.breaks.last)
            #expect(try asking.with { $0.at = last.at + 1 }.report().breaks.isEmpty)
        }
        // What the fetched issuer ends is the first break.
        let report = try Self.asking([leaf], [issuer]).with { $0.asked = ["chrome"] }.report()
        #expect(
            report.firstBreak?.cause == .issuerExpires
                && report.firstBreak?.certificate == ends.certificate.sha256)
        #expect(report.renewal?.stores.first?.accepted == false)
    }

    /// A path that was sent whole goes before one with fetched issuers.
    @Test func sentGoesFirst() throws {
        let other = Self.issuer.crossSigned(by: Authority.root("Second Root"), Self.naming([Self.url]))
        let second = Authority.root("Second Root")
        let leaf = Self.issuer.leaf(names: [StandardChains.host], Self.naming(["http://ca.example/first"]))
        let report = try Self.asking(
            [leaf, other.certificate],
            [Self.fetched("http://ca.example/first", Self.issuer.certificate.der, for: leaf)],
            stores: Self.stores([Self.root.certificate, second.certificate])
        ).report()
        #expect(report.paths.map(\.notSent) == [[], [Self.issuer.certificate.sha256]])
        #expect(report.presented?.complete == true && report.presented?.missing == [])
        #expect(report.stores.allSatisfy { $0.trusted == true && $0.path == 0 })
    }
}
