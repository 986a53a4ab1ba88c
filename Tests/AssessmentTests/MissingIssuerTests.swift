import Assessment
import Certificates
import Egress
import Fixtures
import Logging
import Reports
import Testing
import TrustStores

/// Servers that forget their intermediate, and CAs that publish it over HTTP, well and badly.
@Suite(.serialized) struct MissingIssuerTests {
    private static let root = StandardChains.root
    private static let issuer = root.intermediate("Published Issuer")

    /// One shipped store for each way of completing a chain.
    private static func assessor(_ policy: EgressPolicy = EgressPolicy(.all)) throws -> Assessor {
        let ways: [(String, Client.Completion)] = [
            ("chrome", .aia), ("mozilla", .preload), ("java", .nothing),
        ]
        let anchor = Anchor(certificate: try Certificate.parse(der: root.certificate.der))
        let set = StoreSet(
            ways.map { name, completes in
                TrustStore(
                    name: name, version: "1", origin: .shipped,
                    client: Client(name: ClientName("of-\(name)"), completes: completes), anchors: [anchor])
            })
        let stores = try CurrentStores(rules: StoreRules([])) { _ throws(TrustStoreError) in set }
        return try Assessor(stores: stores, policy: policy, logger: Logger(label: "test"))
    }

    private static func leaf(_ host: String, _ urls: [String], by issuer: Authority = issuer)
        -> FixtureCertificate
    {
        issuer.leaf(names: [host]) { $0.add(.authorityInfoAccess(caIssuers: urls)) }
    }

    private static func check(
        _ assessor: Assessor, _ host: String, _ server: RealServer, _ options: [(String, String)] = []
    ) async throws -> Report {
        let inputs = OptionInput.query(
            [
                ("target", "\(host):\(server.recipe.listeners[0].port)"), ("address", server.address),
                ("name", host), ("stores", "chrome,mozilla,java"), ("timeout", "30s"),
            ] + options)
        return try await assessor.check(
            try OptionParser.parse(inputs, for: .check), given: Set(inputs.map(\.name)),
            now: AssessorTests.now, id: "id")
    }

    private struct Row {
        let name: String
        /// Below the address of the CA's server.
        let path: String
        /// By chrome, mozilla and java.
        let trusted: [Bool?]
        let reasons: [[Reason]]
        /// Of chain.aia.
        var said: Reason?
    }

    private static let rows: [Row] = {
        let open: [[Reason]] = [[.issuerNotFetched], [.preloadUnknown], [.issuerAbsent]]
        let wrong: [[Reason]] = [[.issuerAbsent], [.preloadUnknown], [.issuerAbsent]]
        let whole: [[Reason]] = [[], [.preloadUnknown], [.issuerNotSent]]
        return [
            Row(name: "der", path: "/issuer.der", trusted: [true, nil, false], reasons: whole),
            Row(name: "pem", path: "/issuer.pem", trusted: [true, nil, false], reasons: whole),
            Row(name: "pkcs7", path: "/issuer.p7c", trusted: [true, nil, false], reasons: whole),
            Row(
                name: "gone", path: "/nothing", trusted: [nil, nil, false], reasons: open,
                said: .issuerNotFetched),
            Row(
                name: "garbage", path: "/garbage", trusted: [false, nil, false], reasons: wrong,
                said: .fetchedUndecodable),
            Row(
                name: "wrong", path: "/wrong.der", trusted: [false, nil, false], reasons: wrong,
                said: .fetchedUnrelated),
        ]
    }()

    @Test func publishedWellAndBadly() async throws {
        let stranger = Authority.root("Stranger").intermediate("Wrong Issuer")
        let authority = try await RealServer(
            .nginx(
                issuers: ["issuer": Self.issuer.certificate, "wrong": stranger.certificate],
                files: ["garbage": "<html>this page has moved</html>"]), [])
        defer { authority.stop() }
        let base = "http://\(authority.address):10080"
        let leaves = Self.rows.map { Self.leaf("\($0.name).test", [base + $0.path]) }
        let server = try await RealServer(
            .nginx(hosts: zip(Self.rows, leaves).map { ("\($0.name).test", [$1]) }), [])
        defer { server.stop() }
        let assessor = try Self.assessor()
        for (row, leaf) in zip(Self.rows, leaves) {
            let report = try await Self.check(assessor, "\(row.name).test", server)
            #expect(report.stores.map(\.trusted) == row.trusted, "\(row.name)")
            #expect(report.stores.map { $0.reasons.map(\.reason) } == row.reasons, "\(row.name)")
            #expect(report.findings.first { $0.check == .chainAIA }?.reason == row.said, "\(row.name)")
            #expect(report.presented?.certificates == [leaf.sha256])
            if row.said == nil {
                #expect(report.presented?.complete == false)
                #expect(
                    report.presented?.missing == [
                        .init(
                            subject: "CN=Published Issuer", sha256: Self.issuer.certificate.sha256,
                            url: base + row.path)
                    ])
                let finding = try #require(report.findings.first { $0.check == .chainComplete })
                #expect(finding.reason == .issuerNotSent && finding.severity == .error)
                #expect(
                    finding.fix?.text
                        == "send “Published Issuer” after the leaf: catenary repair \(row.name).test:10443")
                let start = "works in browsers, fails in curl, Go and Java: an intermediate is not sent"
                #expect(report.summary == start)
            } else {
                #expect(report.presented?.complete == .some(nil))
            }
        }
        let asked = String(decoding: try authority.file("access.log"), as: UTF8.self)
        #expect(asked.split(separator: "\n").count == Self.rows.count)

        // Nobody lets it fetch: open where it might have.
        let unasked = try await Self.check(assessor, "der.test", server, [("aia", "false")])
        #expect(unasked.stores.map(\.trusted) == [nil, nil, false])
        // What is posted is fetched for only when the request says so.
        for (aia, trusted) in [("", Bool?.none), ("true", true)] {
            let inputs = OptionInput.query(
                [("pem", leaves[0].pem), ("stores", "chrome")] + (aia.isEmpty ? [] : [("aia", aia)]))
            let report = try await assessor.validate(
                try OptionParser.parse(inputs, for: .validate), given: Set(inputs.map(\.name)),
                now: AssessorTests.now, id: "id")
            #expect(report.stores.map(\.trusted) == [trusted])
        }
        // Every address of a name, and the same server asked in other ways.
        for options in [("address", "all"), ("variants", "true")] {
            let inputs = OptionInput.query(
                [
                    ("target", "\(server.address):10443"), ("sni", "der.test"), ("name", "der.test"),
                    ("stores", "chrome"), ("timeout", "30s"), options,
                ])
            let report = try await assessor.check(
                try OptionParser.parse(inputs, for: .check), given: Set(inputs.map(\.name)),
                now: AssessorTests.now, id: "id")
            #expect(report.stores.map(\.trusted) == [true] && report.presented?.complete == false)
        }
    }

    /// Two levels are missing: the second is wanted once the first is there. And addresses that lead in a
    /// ring.
    @Test func upAndAround() async throws {
        let (first, second) = (Authority.root("Ring A"), Authority.root("Ring B"))
        // The addresses are in what they lead to, so the server comes last; its port is known before.
        let place = "127.63.\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
        let base = "http://\(place):10081"
        func naming(_ path: String) -> Authority.Change {
            { $0.add(.authorityInfoAccess(caIssuers: [base + path])) }
        }
        let lower = Self.issuer.intermediate("Lower Issuer", naming("/upper"))
        let ringA = first.crossSigned(by: second, naming("/b"))
        let ringB = second.crossSigned(by: first, naming("/a"))
        let bodies = [
            "/lower": lower.certificate.der, "/upper": Self.issuer.certificate.der,
            "/a": ringA.certificate.der,
            "/b": ringB.certificate.der,
        ]
        let authority = try WebPeer(place, port: 10_081) { request, _ in
            WebPeer.answer(bodies[request.path] ?? [], status: bodies[request.path] == nil ? 404 : 200)
        }
        defer { authority.stop() }
        let server = try await RealServer(
            .nginx(hosts: [
                ("up.test", [Self.leaf("up.test", [base + "/lower"], by: lower)]),
                ("ring.test", [Self.leaf("ring.test", [base + "/a"], by: first)]),
            ]), [])
        defer { server.stop() }
        let assessor = try Self.assessor()
        let up = try await Self.check(assessor, "up.test", server)
        #expect(up.stores.map(\.trusted) == [true, nil, false])
        #expect(up.presented?.missing.map(\.url) == [base + "/lower", base + "/upper"])
        #expect(up.paths[0].notSent == [lower.certificate.sha256, Self.issuer.certificate.sha256])
        let ring = try await Self.check(assessor, "ring.test", server)
        #expect(ring.stores.map(\.trusted) == [false, false, false])
        #expect(ring.findings.first { $0.check == .chainAIA }?.reason == .aiaLoop)
        #expect(authority.requests.map(\.path) == ["/lower", "/upper", "/a", "/b"])
    }

    /// Whatever a certificate says, it is dialled only where the policy allows, and what was not is told.
    @Test func whereThePolicyForbids() async throws {
        let authority = try WebPeer { _, _ in WebPeer.answer(Self.issuer.certificate.der) }
        defer { authority.stop() }
        let server = try await RealServer(
            .nginx(hosts: [
                ("near.test", [Self.leaf("near.test", [authority.url + "/i.der"])]),
                ("metadata.test", [Self.leaf("metadata.test", ["http://169.254.169.254/i.der"])]),
            ]), [])
        defer { server.stop() }
        let rule = try #require(EgressRule(server.address))
        let assessor = try Self.assessor(EgressPolicy(.public, allowed: [rule]))
        for host in ["near.test", "metadata.test"] {
            let report = try await Self.check(assessor, host, server)
            let finding = try #require(report.findings.first { $0.check == .chainAIA })
            #expect(finding.reason == .addressRefused && finding.status == .notEstablished, "\(host)")
            #expect(finding.fix?.text.contains("--egress-allow") == true)
            #expect(report.stores.map(\.trusted) == [nil, nil, false])
        }
        #expect(authority.connections == 0)
    }

    /// A CA's server that never answers costs what the request has for it, and no more.
    @Test func aServerThatHangs() async throws {
        let authority = try WebPeer { _, _ in [.hold] }
        defer { authority.stop() }
        let server = try await RealServer(
            .nginx(hosts: [("slow.test", [Self.leaf("slow.test", [authority.url + "/i.der"])])]), [])
        defer { server.stop() }
        let start = ContinuousClock.now
        let report = try await Self.check(try Self.assessor(), "slow.test", server)
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(report.findings.first { $0.check == .chainAIA }?.reason == .issuerNotFetched)
        #expect(report.stores.map(\.trusted) == [nil, nil, false])
        #expect(authority.connections == 1)
    }
}
