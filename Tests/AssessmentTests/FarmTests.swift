import Assessment
import Certificates
import Egress
import Fixtures
import Logging
import Reports
import Testing
import TrustStores

/// The faults that servers on the Internet have, each served by nginx under a name of its own: what a
/// handshake brings home is judged as the same certificates are when they are posted.
@Suite(.timeLimit(.minutes(2))) struct FarmTests {
    static let chains: [StandardChain] = [
        StandardChains.good(), StandardChains.goodRSA(), StandardChains.expiredLeaf(),
        StandardChains.notYetValidLeaf(), StandardChains.expiredIntermediate(),
        StandardChains.missingIntermediate(), StandardChains.wrongHost(), StandardChains.selfSigned(),
        StandardChains.untrustedRoot(), StandardChains.badSignature(), StandardChains.wrongOrder(),
        StandardChains.duplicateSent(), StandardChains.unrelatedSent(), StandardChains.anchorSent(),
    ]

    private static func told(_ report: Report) -> [String] {
        report.findings.filter { $0.status == .failed }
            .map { "\($0.check.rawValue) \($0.reason.rawValue)" }.sorted()
    }

    @Test func servedAsPosted() async throws {
        let hosts = Self.chains.enumerated().map { ("host-\($0).farm.test", $1.presented) }
        let server = try await RealServer(.nginx(hosts: hosts), [])
        defer { server.stop() }
        let set = StoreSet([try AssessorTests.store("mozilla", StandardChains.root)])
        let assessor = try Assessor(
            stores: try CurrentStores(rules: StoreRules([])) { _ throws(TrustStoreError) in set },
            policy: EgressPolicy(.all), logger: Logger(label: "test"))
        for (chain, host) in zip(Self.chains, hosts) {
            let judged = chain.names.map { ("name", $0) } + [("anchors", chain.anchorsPEM)]
            let postedInputs = OptionInput.query([("pem", chain.pem)] + judged)
            let posted = try await assessor.validate(
                try OptionParser.parse(postedInputs, for: .validate),
                given: Set(postedInputs.map(\.name)), now: AssessorTests.now, id: "id")
            let servedInputs = OptionInput.query(
                [
                    ("target", "\(host.0):\(server.recipe.listeners[0].port)"), ("address", server.address),
                    ("sni", host.0), ("revocation", "off"), ("timeout", "30s"),
                ] + judged)
            let served = try await assessor.check(
                try OptionParser.parse(servedInputs, for: .check), given: Set(servedInputs.map(\.name)),
                now: AssessorTests.now, id: "id")
            #expect(served.presented?.certificates == posted.presented?.certificates, "\(chain)")
            #expect(served.verdict == posted.verdict && served.state == posted.state, "\(chain)")
            #expect(Self.told(served) == Self.told(posted), "\(chain)")
            #expect(served.firstBreak?.at == posted.firstBreak?.at, "\(chain)")
        }
    }
}
