import Certificates
import Fixtures
import Testing

@Suite struct PlainPKITests {
    private static func edge(_ issuer: Int, _ subject: Int) -> PlainPKI.Edge {
        PlainPKI.Edge(
            issuer: .init(name: issuer, key: issuer), subject: .init(name: subject, key: subject),
            notBefore: "2022-01-01", notAfter: "2032-01-01")
    }

    /// Leaf 9 below 1, 1 and 2 signed by each other, anchors 2 and, expired, 1.
    private static var diamond: PlainPKI {
        var leaf = edge(1, 9)
        leaf.isCA = false
        leaf.dnsNames = ["*.a.test"]
        var expired = edge(1, 1)
        expired.notAfter = "2026-06-30"
        return PlainPKI(
            seed: 0, edges: [leaf, edge(2, 1), edge(1, 2), edge(2, 2), expired], presented: [0, 1, 2],
            anchors: [3, 4], name: "www.a.test", showsIdentifiers: true)
    }

    @Test func bruteForceByHand() {
        var pki = Self.diamond
        #expect(pki.candidatePaths() == [[0, 4], [0, 1, 3]])
        // The anchor's end does not make the path invalid, but nobody trusts it.
        #expect(pki.validPaths(at: now) == [[0, 4], [0, 1, 3]])
        #expect(pki.faults(of: [0, 4], at: now) == [.init(fault: .expired, depth: 1)])
        #expect(pki.trustedPaths(at: now) == [[0, 1, 3]])
        #expect(pki.trustedPaths(at: "2026-06-30").count == 2)

        pki.edges[3].pathLen = 0
        #expect(pki.trustedPaths(at: now) == [])
        pki.edges[3].pathLen = nil
        pki.edges[1].excluded = ["www.a.test"]
        // The wildcard is not excluded, the name sought is.
        #expect(pki.validPaths(at: now).contains([0, 1, 3]))
        #expect(!pki.isTrusted(at: now))
        pki.name = "api.a.test"
        #expect(pki.isTrusted(at: now))
        pki.name = "a.test"
        #expect(!pki.nameMatches)
        pki.edges[1].permitted = ["b.test"]
        #expect(pki.faults(of: [0, 1, 3], at: now) == [.init(fault: .nameNotPermitted, depth: 1)])
    }

    /// The generator makes what it promises, and neither answer is rare.
    @Test func variety() {
        let all = (0..<400).map { PlainPKI(seed: $0) }
        let trusted = all.filter { $0.isTrusted(at: now) }.count
        #expect((120...280).contains(trusted))
        let paths = all.map { $0.candidatePaths().count }
        #expect(paths.filter { $0 > 1 }.count > 80)
        #expect(paths.filter { $0 == 0 }.count < 80)
        // A good path beside a bad one: what a builder without a way back misses.
        #expect(
            all.filter { pki in
                let good = pki.trustedPaths(at: now).count
                return good > 0 && good < pki.candidatePaths().count
            }.count > 30)
        let faults = all.flatMap { pki in
            pki.candidatePaths().flatMap { pki.faults(of: $0, at: now).map(\.fault) }
        }
        #expect(Set(faults).count == 6)
        #expect(PlainPKI(seed: 7).description == PlainPKI(seed: 7).description)
    }

    /// libcrypto, given one path and nothing else, agrees with the model about it.
    @Test(arguments: 0..<8) func libcryptoAgreesOnEachPath(_ block: UInt64) {
        for seed in block * 25..<(block + 1) * 25 {
            var pki = PlainPKI(seed: seed)
            // Without identifiers libcrypto may judge another chain than the one given.
            pki.showsIdentifiers = true
            let made = pki.certificates()
            for path in pki.candidatePaths() {
                let errors = Judge.errors(
                    path.dropLast().map { made[$0] }, anchors: path.suffix(1).map { made[$0] }, name: nil)
                #expect(errors.isEmpty == pki.faults(of: path, at: now).isEmpty, "\(path) \(errors)\n\(pki)")
            }
        }
    }

    @Test func orderChangesNothing() {
        var random = RandomSource(seed: 1)
        for seed in UInt64(0)..<100 {
            let pki = PlainPKI(seed: seed)
            #expect(pki.reordered(&random).candidatePaths() == pki.candidatePaths())
        }
    }
}
