import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// How the chain was sent, and that the order of posted certificates does not matter.
@Suite struct PresentationTests {
    func permutations<T>(_ list: [T]) -> [[T]] {
        guard list.count > 1 else { return [list] }
        return list.indices.flatMap { at -> [[T]] in
            var rest = list
            let first = rest.remove(at: at)
            return permutations(rest).map { [first] + $0 }
        }
    }

    static let chains = [
        StandardChains.good(), StandardChains.untrustedRoot(), StandardChains.wrongOrder(),
        StandardChains.duplicateSent(), StandardChains.unrelatedSent(), StandardChains.anchorSent(),
        StandardChains.twoIntermediatesSameNameOtherKey(), StandardChains.crossSignedExpired(),
        StandardChains.crossSignedLoop(), StandardChains.expiredIntermediate(), StandardChains.badSignature(),
        StandardChains.pathLenExceeded(), StandardChains.caFalseIntermediate(), StandardChains.caLeaf(),
        StandardChains.selfSigned(), StandardChains.movedGenerator(), StandardChains.issuerNameMismatch(),
    ]

    /// Posted in any order: the same end entity, verdict, reasons and break.
    @Test(arguments: chains) func anyOrder(_ chain: StandardChain) throws {
        let asking = try Asking(chain).with { $0.source = .posted }
        let first = try asking.report()
        for order in permutations(chain.presented) {
            let report = try asking.with { $0.presented = order }.report()
            #expect(report.leaf == chain.presented[0].sha256)
            #expect(report.verdict == first.verdict)
            #expect(report.conforms == first.conforms)
            #expect(report.paths.map(\.certificates) == first.paths.map(\.certificates))
            #expect(report.stores == first.stores)
            #expect(report.firstBreak == first.firstBreak)
            #expect(report.presented?.certificates == order.map(\.sha256))
            // What depends on the order is said of the order alone.
            let others = { (r: Report) in r.shorts.filter { $0 != "chain.order out_of_order" }.sorted() }
            #expect(others(report) == others(first))
        }
    }

    /// In a handshake the end entity is the first certificate, whatever it is.
    @Test func theFirstOfAHandshake() throws {
        let chain = StandardChains.good()
        let report = try Asking(chain).with { $0.presented.reverse() }.report()
        #expect(report.leaf == chain.presented[1].sha256)
        #expect(report.verdict == .untrusted)
        #expect(report.findings.contains { $0.short == "name.match names_absent leaf 62" })
    }

    /// Of posted certificates without any that is not a CA: the lowest.
    @Test func aLoneAuthority() throws {
        let report = try Asking(
            [StandardChains.root.certificate, StandardChains.intermediate.certificate],
            stores: [try store("corp", StandardChains.good().anchors)]
        ).with { $0.source = .posted }.report()
        #expect(report.leaf == StandardChains.intermediate.certificate.sha256)
    }

    /// complete, in order, duplicates, unrelated, anchor sent: one row each.
    @Test func asSent() throws {
        typealias Row = (
            StandardChain, complete: Bool?, order: Bool, duplicates: [Int], unrelated: [Int], anchor: Bool
        )
        let rows: [Row] = [
            (StandardChains.good(), true, true, [], [], false),
            (StandardChains.wrongOrder(), true, false, [], [], false),
            (StandardChains.duplicateSent(), true, true, [1], [], false),
            (StandardChains.unrelatedSent(), true, true, [], [2], false),
            (StandardChains.anchorSent(), true, true, [], [], true),
            (StandardChains.crossSignedLoop(), true, true, [], [3], false),
            (StandardChains.missingIntermediate(), nil, true, [], [], false),
            (StandardChains.untrustedRoot(), nil, true, [], [], true),
            (StandardChains.selfSigned(), nil, true, [], [], false),
            (StandardChains.partialChain(), true, true, [], [], false),
        ]
        for row in rows {
            let presented = try #require(try Asking(row.0).report().presented)
            #expect(presented.complete == row.complete, "\(row.0)")
            #expect(presented.inOrder == row.order, "\(row.0)")
            #expect(presented.duplicates == row.duplicates.map { row.0.presented[$0].sha256 }, "\(row.0)")
            #expect(presented.unrelated == row.unrelated.map { row.0.presented[$0].sha256 }, "\(row.0)")
            #expect(presented.anchorSent == row.anchor, "\(row.0)")
            #expect(presented.certificates == row.0.presented.map(\.sha256))
        }
    }

    /// A shipped store that anchors the intermediate trusts the chain; that it was not sent is said apart.
    @Test func incompleteBesideTrust() throws {
        let chain = StandardChains.partialChain()
        func report(_ completes: Client.Completion) throws -> Report {
            let client = Client(name: ClientName("browser"), completes: completes)
            let leaf = chain.presented[0].reissued {
                $0.add(.crlDistributionPoints("http://crl.example.com/1.crl"))
            }
            return try Asking(
                [leaf] + chain.presented.dropFirst(), names: chain.names,
                stores: [try store("mozilla", chain.anchors, origin: .shipped, client: client)]
            ).report()
        }
        let preload = try report(.preload)
        #expect(preload.verdict == .trusted)
        #expect(preload.presented?.complete == false)
        #expect(preload.shorts == ["chain.complete issuer_not_sent"])
        #expect(preload.finding(.chainComplete)?.severity == .warning)
        #expect(preload.state == .warning)
        #expect(try report(.nothing).finding(.chainComplete)?.severity == .error)
    }

    /// Where the certificate names its issuer's address, the missing one is said with it.
    @Test func whatIsMissing() throws {
        let chain = StandardChains.missingIntermediate()
        let leaf = chain.presented[0].reissued {
            $0.add(.authorityInfoAccess(caIssuers: ["http://ca.test/i.cer"]))
        }
        let report = try Asking(chain).with { $0.presented = [leaf] }.report()
        #expect(
            report.presented?.missing
                == [.init(subject: "CN=Catenary Test Intermediate", url: "http://ca.test/i.cer")])
        #expect(report.finding(.pathIssuer)?.presented == "AIA says http://ca.test/i.cer")
    }

    /// Posted `intermediates` count as sent.
    @Test func postedIntermediates() throws {
        let chain = StandardChains.missingIntermediate()
        let report = try Asking(chain).with {
            $0.options.intermediates = [StandardChains.intermediate.certificate.der]
        }.report()
        #expect(report.verdict == .trusted)
        #expect(report.presented?.complete == true)
        #expect(report.presented?.certificates == chain.presented.map(\.sha256))
        #expect(report.shorts == [])
    }

    /// The anchor at the end is the store's own certificate; a presented one of its name and key is never
    /// trusted.
    @Test func thePresentedAnchorIsNotTheAnchor() throws {
        let renewed = StandardChains.root.renewed { $0.notAfter = "2026-02-02" }
        let chain = StandardChains.good()
        let report = try Asking(chain).with { $0.presented.append(renewed.certificate) }.report()
        #expect(report.verdict == .trusted)
        #expect(report.paths[0].anchor == chain.anchors[0].sha256)
        #expect(report.firstBreak?.cause == .leafExpires)
    }

    /// Bytes that are no certificate: the rest is judged all the same.
    @Test func undecodable() throws {
        let chain = StandardChains.good()
        let cut = FixtureCertificate.garbled(chain.presented[1])
        var evidence = Evidence()
        evidence.source = .handshake
        evidence.presented = [chain.presented[0].der, cut, chain.presented[1].der]
        let set = StoreSet([try store("corp", chain.anchors)])
        let validator = Validator(stores: set, cache: cache)
        func report() -> Report {
            validator.judge(
                Question(
                    evidence: evidence, options: Options(), stores: set.all, at: now, checkedAt: now, id: "1")
            )
        }
        let second = report()
        #expect(second.verdict == .trusted)
        #expect(second.shorts == ["input.certificate certificate_undecodable"])
        #expect(second.findings[0].severity == .warning)
        #expect(second.findings[0].presented?.hasPrefix("certificate 2 of 3: not DER from offset ") == true)

        evidence.presented = [cut, chain.presented[1].der]
        let first = report()
        #expect(first.verdict == .untrusted)
        #expect(first.stores.map(\.trusted) == [false])
        #expect(first.findings[0].severity == .error)
        #expect(first.leaf == nil)

        evidence.presented = []
        let nothing = report()
        #expect(nothing.verdict == .unreachable)
        #expect(nothing.shorts == ["net.handshake no_certificate"])
        #expect(nothing.stores.map(\.trusted) == [nil])
    }

    /// The end entity must equal the one that was expected.
    @Test func serves() throws {
        let chain = StandardChains.good()
        let same = try Asking(chain).with { $0.options.serves = chain.presented[0].sha256 }.report()
        #expect(same.shorts == [])
        let other = try Asking(chain).with { $0.options.serves = chain.presented[1].sha256 }.report()
        #expect(other.verdict == .trusted)
        #expect(other.state == .critical)
        let finding = try #require(other.finding(.chainServes))
        #expect(finding.reason == .otherCertificate)
        #expect(finding.expected == chain.presented[1].sha256.hex)
        #expect(finding.presented == chain.presented[0].sha256.hex)
    }
}

extension FixtureCertificate {
    /// The last byte is missing.
    static func garbled(_ certificate: FixtureCertificate) -> [UInt8] { certificate.der.dropLast() }
}
