import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// Random small PKIs: the engine, which reads DER, against the model, which never does.
@Suite struct PlainPKITests {
    static let seeds: UInt64 = 300

    /// Signatures differ from one signing to the next, so the certificates of a PKI are made once.
    struct Made {
        let pki: PlainPKI
        let certificates: [FixtureCertificate]

        init(seed: UInt64) {
            pki = PlainPKI(seed: seed)
            certificates = pki.certificates()
        }

        func asking(_ other: PlainPKI? = nil) throws -> Asking {
            let pki = other ?? pki
            return Asking(
                pki.presented.map { certificates[$0] }, names: [pki.name],
                stores: [try store("corp", pki.anchors.map { certificates[$0] })])
        }

        func named(_ paths: Set<[Int]>) -> Set<[SHA256Digest]> {
            Set(paths.map { $0.map { certificates[$0].sha256 } })
        }
    }

    private static let all = (0..<seeds).map(Made.init)

    private static func made(_ block: Int) -> ArraySlice<Made> { all[block * 50..<(block + 1) * 50] }

    /// Which paths are valid, which are trusted, and whether the store trusts the chain.
    @Test(arguments: 0..<6) func answers(_ block: Int) throws {
        for made in Self.made(block) {
            let pki = made.pki
            let report = try made.asking().report()
            let valid = Set(report.paths.filter(\.valid).map(\.certificates))
            #expect(valid == made.named(pki.validPaths(at: now)), "\(pki)")
            #expect(report.stores[0].trusted == pki.isTrusted(at: now), "\(report.shorts)\n\(pki)")
            if let index = report.stores[0].path, report.stores[0].trusted == true {
                #expect(
                    made.named(pki.trustedPaths(at: now)).contains(report.paths[index].certificates), "\(pki)"
                )
            }
        }
    }

    /// The same at the first second of every validity in the PKI and the first second after it.
    @Test(arguments: 0..<6) func everyBoundary(_ block: Int) throws {
        for made in Self.made(block).prefix(6) {
            let pki = made.pki
            var asking = try made.asking()
            for boundary in pki.boundaries {
                for at in [boundary + -1, boundary] {
                    asking.at = at
                    #expect(try asking.report().stores[0].trusted == pki.isTrusted(at: at), "\(at) \(pki)")
                }
            }
        }
    }

    /// Any order of the same certificates: the same verdict, paths and break.
    @Test(arguments: 0..<6) func orderChangesNothing(_ block: Int) throws {
        var random = RandomSource(seed: UInt64(block))
        for made in Self.made(block) {
            let pki = made.pki
            let first = try made.asking().report()
            for _ in 0..<2 {
                let again = try made.asking(pki.reordered(&random)).report()
                #expect(again.verdict == first.verdict, "\(pki)")
                #expect(again.conforms == first.conforms, "\(pki)")
                #expect(again.paths.map(\.certificates) == first.paths.map(\.certificates), "\(pki)")
                #expect(again.stores[0].reasons == first.stores[0].reasons, "\(pki)")
                #expect(again.firstBreak == first.firstBreak, "\(pki)")
            }
        }
    }

    /// The break is where the model's answer turns: the next loss, or when nothing lies ahead the latest.
    @Test(arguments: 0..<6) func breaks(_ block: Int) throws {
        for made in Self.made(block) {
            let pki = made.pki
            let report = try made.asking().report()
            #expect(report.firstBreak?.at == Self.firstBreak(of: pki, at: now), "\(pki)")
        }
    }

    /// Breaks ahead, behind and none at all: each kind comes up.
    @Test func breaksOfEveryKind() {
        let breaks = Self.all.map { Self.firstBreak(of: $0.pki, at: now) }
        #expect(breaks.count { $0.map { $0 > now } == true } > 50)
        #expect(breaks.count { $0.map { $0 <= now } == true } > 5)
        #expect(breaks.count { $0 == nil } > 50)
    }

    /// DESIGN, `first_break`, for one store, by looking at every boundary of the model.
    static func firstBreak(of pki: PlainPKI, at: Instant) -> Instant? {
        let losses = pki.boundaries.filter { pki.isTrusted(at: $0 + -1) && !pki.isTrusted(at: $0) }
        return losses.first { $0 > at } ?? (pki.isTrusted(at: at) ? nil : losses.last { $0 <= at })
    }

    /// A break can be checked: at that instant the store refuses, one second earlier it does not.
    @Test(arguments: 0..<6) func aBreakBreaks(_ block: Int) throws {
        for made in Self.made(block) {
            var asking = try made.asking()
            guard let first = try asking.report().firstBreak else { continue }
            asking.at = first.at
            #expect(try asking.report().stores[0].trusted == false, "\(made.pki)")
            asking.at = first.at + -1
            let before = try asking.report()
            #expect(before.stores[0].trusted == true, "\(made.pki)")
            #expect(before.stores[0].until == asking.at, "\(made.pki)")
            #expect(before.firstBreak == first, "\(made.pki)")
        }
    }
}
