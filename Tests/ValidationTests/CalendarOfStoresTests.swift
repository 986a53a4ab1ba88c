import Certificates
import Fixtures
import Foundation
import Reports
import Testing
import TrustStores

@testable import Validation

/// The calendar where stores differ in what they hold, in dates of their own, and in whether their clients
/// look at an anchor's dates: against the plain model, which knows nothing of DER and nothing of spans.
@Suite struct CalendarOfStoresTests {
    /// One store as the model sees it.
    struct Plan {
        let name: String
        /// Indices of the anchors that it holds, with the last second of any use.
        var anchors: [(index: Int, last: Instant?, flag: Bool?)]
        /// Its client does not look at an anchor's end, or at its beginning.
        let ignoresEnd: Bool
        let ignoresBeginning: Bool

        var client: Client {
            Client(
                name: ClientName("of-\(name)"), completes: .nothing,
                tolerates: rules(
                    (ignoresEnd ? ["validity_ended@anchor"] : [])
                        + (ignoresBeginning ? ["validity_not_started@anchor"] : [])))
        }

        init(_ name: String, _ pki: PlainPKI, _ random: inout RandomSource) {
            self.name = name
            (ignoresEnd, ignoresBeginning) = (random.chance(40), random.chance(40))
            anchors = []
            let leaf = pki.edges[pki.presented[0]]
            let life = leaf.notAfter - leaf.notBefore
            for index in pki.anchors where random.chance(70) {
                // Within the end entity's validity, where it may be what ends first.
                let last: Instant? =
                    random.chance(50)
                    ? leaf.notBefore + Int64.random(in: -1...max(0, life), using: &random) : nil
                anchors.append((index, last, random.chance(30) ? random.chance(50) : nil))
            }
        }

        func isTrusted(_ pki: PlainPKI, at: Instant) -> Bool {
            pki.nameMatches
                && pki.candidatePaths().contains { path in
                    guard let anchor = anchors.first(where: { $0.index == path.last }),
                        at <= anchor.last ?? .latest
                    else { return false }
                    let faults = pki.faults(of: path, at: at).filter { fault in
                        guard path.count > 1, fault.depth == path.count - 1 else { return true }
                        return switch fault.fault {
                        case .expired: anchor.flag ?? !ignoresEnd
                        case .notYetValid: anchor.flag ?? !ignoresBeginning
                        default: true
                        }
                    }
                    return faults.isEmpty
                        && !path.dropFirst().contains { index in
                            pki.edges[index].excluded.contains {
                                pki.name == $0 || pki.name.hasSuffix("." + $0)
                            }
                        }
                }
        }
    }

    @Test(arguments: 0..<4) func randomStores(_ block: Int) throws {
        var causes: [FirstBreak.Cause: Int] = [:]
        for seed in UInt64(block * 12)..<UInt64((block + 1) * 12) {
            let pki = PlainPKI(seed: seed)
            let made = pki.certificates()
            var random = RandomSource(seed: seed ^ 0xCA1E)
            let plans = ["a", "b", "c"].map { Plan($0, pki, &random) }
            var asking = Asking(pki.presented.map { made[$0] }, names: [pki.name])
            asking.loaded = try plans.map { plan in
                TrustStore(
                    name: plan.name, origin: .custom, client: plan.client, basis: .full,
                    anchors: try plan.anchors.map { anchor in
                        Anchor(
                            certificate: try Certificate.parse(der: made[anchor.index].der),
                            conditions: anchor.last.map { [.distrustAnyUseAfter($0)] } ?? [],
                            checksDates: anchor.flag)
                    })
            }
            asking.clients = plans.map(\.client)
            asking.at = "2017-01-01"
            let breaks = try BreakCalendarTests.confirm(asking, "\(pki)")
            for flip in breaks { causes[flip.cause, default: 0] += 1 }
            let dates = Set(
                pki.boundaries + plans.flatMap { $0.anchors.compactMap { $0.last.map { $0 + 1 } } })
            for plan in plans {
                let expected = dates.sorted().filter {
                    $0 > asking.at && plan.isTrusted(pki, at: $0 + -1) != plan.isTrusted(pki, at: $0)
                }
                #expect(breaks.filter { $0.store == plan.name }.map(\.at) == expected, "\(plan)\n\(pki)")
            }
        }
        #expect(causes[.anchorDistrusted] ?? 0 > 0 && causes[.leafExpires] ?? 0 > 0)
        #expect(causes[.notYetValid] ?? 0 > 0)
    }

    // MARK: cross-signs that ended

    /// AddTrust External CA Root ended on 2020-05-30 with the cross-sign that it had made, while the younger
    /// root of the same key went on to 2038. Stores that hold both never noticed.
    @Test func addTrust() throws {
        let end: Instant = "2020-05-30T10:48:38Z"
        let addTrust = Authority.root("AddTrust External CA Root") {
            ($0.notBefore, $0.notAfter) = ("2000-05-30T10:48:38Z", .instant(end))
        }
        let userTrust = Authority.root("USERTrust RSA Certification Authority") {
            ($0.notBefore, $0.notAfter) = ("2010-02-01", "2038-01-18T23:59:59Z")
        }
        let cross = userTrust.crossSigned(by: addTrust) {
            ($0.notBefore, $0.notAfter) = ("2000-05-30T10:48:38Z", .instant(end))
        }
        let issuer = userTrust.intermediate("Sectigo RSA Domain Validation Secure Server CA") {
            ($0.notBefore, $0.notAfter) = ("2018-11-02", "2030-12-31T23:59:59Z")
        }
        let leaf = issuer.leaf(StandardChains.host) {
            ($0.notBefore, $0.notAfter) = ("2020-02-01", "2021-02-01")
        }
        var asking = Asking(
            [leaf, issuer.certificate, cross.certificate], names: [StandardChains.host],
            stores: [
                try store("both", [addTrust.certificate, userTrust.certificate]),
                try store("young", [userTrust.certificate]), try store("old", [addTrust.certificate]),
            ])
        asking.at = "2020-05-01"
        asking.asked = ["both", "young"]
        let calm = try asking.report()
        #expect(calm.firstBreak?.at == "2021-02-01T00:00:01Z" && calm.firstBreak?.cause == .leafExpires)
        #expect(calm.stores.map(\.until) == ["2021-02-01", "2021-02-01"])
        asking.asked = nil
        let breaks = try BreakCalendarTests.confirm(asking)
        #expect(breaks.map(\.store) == ["old", "both", "young"])
        #expect(breaks[0].at == end + 1 && breaks[0].cause == .issuerExpires)
        #expect(breaks[0].certificate == cross.certificate.sha256)
        #expect(breaks[0].verdictAfter == .partlyTrusted)
        // The last path standing is that of the younger root.
        let report = try asking.report()
        for flip in breaks.dropFirst() {
            #expect(report.paths[try #require(flip.path)].anchor == userTrust.certificate.sha256)
        }
        // After it the old store has nothing ahead, and what it lost stays in its answer.
        asking.at = "2020-06-01"
        asking.asked = ["old"]
        let after = try asking.report()
        #expect(after.breaks.isEmpty && after.firstBreak?.at == end + 1)
    }

    /// Let's Encrypt's R3 with ISRG Root X1, itself and cross-signed by DST Root CA X3: real certificates, R3
    /// in the end entity's place, since no leaf of those days saw both ends.
    @Test func letsEncrypt() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/real/chromium")
        func certificates(_ name: String) throws -> [Certificate] {
            let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
            return try PEM.decode(bytes, limit: 10).map { try Certificate.parse(der: $0) }
        }
        let dst = try certificates("lets-encrypt-dst-x3-root.pem")
        let isrg = try certificates("lets-encrypt-isrg-x1-root.pem")
        let (r3, cross, x3, x1) = (dst[1], dst[2], dst[3], isrg[2])
        let lenient = Client(
            name: ClientName("lenient"), completes: .nothing, tolerates: rules(["validity_ended@anchor"]))
        let strict = Client(name: .libcrypto, completes: .nothing)
        func held(_ name: String, _ anchors: [Certificate], _ client: Client) -> TrustStore {
            TrustStore(
                name: name, origin: .custom, client: client, basis: .full,
                anchors: anchors.map { Anchor(certificate: $0) })
        }
        let set = StoreSet(
            [
                held("both", [x3, x1], strict), held("old", [x3], strict), held("android", [x3], lenient),
            ], clients: [lenient, strict])
        func report(_ stores: [String], at: Instant = "2021-09-01") throws -> Report {
            var evidence = Evidence()
            evidence.presented = [r3.der, cross.der]
            evidence.source = .handshake
            return Validator(stores: set, cache: cache).judge(
                Question(
                    evidence: evidence, options: Options(), stores: try set.resolve(stores), at: at,
                    checkedAt: at, id: "1"))
        }
        let calm = try report(["both"])
        #expect(calm.verdict == .trusted && calm.breaks.count == 1)
        #expect(calm.firstBreak?.at == "2025-09-15T16:00:01Z" && calm.firstBreak?.cause == .leafExpires)
        #expect(calm.paths[try #require(calm.breaks.first?.path)].anchor == x1.sha256)

        let all = try report(["both", "old", "android"])
        #expect(all.breaks.map(\.store) == ["old", "android", "both"])
        #expect(
            all.breaks.map(\.at) == [
                "2021-09-30T14:01:16Z", "2024-09-30T18:14:04Z", "2025-09-15T16:00:01Z",
            ])
        #expect(all.breaks.map(\.cause) == [.anchorExpires, .issuerExpires, .leafExpires])
        #expect(all.breaks.map(\.certificate) == [x3.sha256, cross.sha256, r3.sha256])
        // Each is what judging then says.
        for flip in all.breaks {
            let (before, after) = (
                try report([flip.store], at: flip.at + -1), try report([flip.store], at: flip.at)
            )
            #expect(before.stores[0].trusted == true && after.stores[0].trusted == false, "\(flip.store)")
        }
    }
}
