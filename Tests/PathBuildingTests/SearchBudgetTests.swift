import Certificates
import Fixtures
import Testing

@testable import PathBuilding

/// Every bound stops the search and says so.
@Suite struct SearchBudgetTests {
    /// 30 CAs that have all signed each other, and a leaf below the first.
    struct Mesh {
        let leaf: Certificate
        let crosses: [Certificate]
        let roots: [Certificate]

        init(size: Int) throws {
            let authorities = (0..<size).map { Authority.root("Mesh \($0)") }
            leaf = try Certificate.parse(der: authorities[0].leaf("mesh.test").der)
            var made: [Certificate] = []
            for subject in authorities {
                for issuer in authorities where issuer.name != subject.name {
                    made.append(try Certificate.parse(der: subject.crossSigned(by: issuer).certificate.der))
                }
            }
            crosses = made
            roots = try authorities.map { try Certificate.parse(der: $0.certificate.der) }
        }

        func search(anchors: [Certificate], _ change: (inout SearchBudget) -> Void = { _ in }) -> SearchResult
        {
            var budget = SearchBudget()
            change(&budget)
            return PathBuilder(
                anchors: [IssuerIndex(anchors)], pool: IssuerIndex(crosses), cache: CertificateCache(),
                at: now,
                budget: budget
            ).search(from: leaf)
        }
    }

    static let mesh = Result { try Mesh(size: 30) }

    /// 870 cross-certificates: the short paths are found, then a bound ends it.
    @Test func aMeshOfThirty() throws {
        let mesh = try Self.mesh.get()
        let far = mesh.search(anchors: [mesh.roots[29]])
        #expect(far.paths.first?.certificates.count == 3)
        #expect(far.paths.allSatisfy { $0.anchor == mesh.roots[29] })
        #expect(!far.exhausted.isEmpty)
        #expect(far.signatures <= 200)
        #expect(far.steps <= 20_001)
        #expect(far.paths.count <= 64)

        // No anchor at all: two searches, both bounded.
        let lost = mesh.search(anchors: [])
        #expect(lost.paths.isEmpty)
        #expect(!lost.exhausted.isEmpty)
        #expect(lost.deadEnds.count <= 64)
        #expect(lost.signatures <= 200)
    }

    /// With signatures for nothing the steps end it.
    @Test func steps() throws {
        let mesh = try Self.mesh.get()
        let found = mesh.search(anchors: []) {
            $0.signatures = 2_000
            $0.steps = 500
        }
        #expect(found.exhausted == [.steps])
        #expect(found.steps == 501)
    }

    @Test func signatures() throws {
        let mesh = try Self.mesh.get()
        for limit in [0, 1, 7] {
            let found = mesh.search(anchors: []) { $0.signatures = limit }
            #expect(found.exhausted == [.signatures])
            #expect(found.signatures == limit)
        }
    }

    @Test func paths() throws {
        let mesh = try Self.mesh.get()
        let found = mesh.search(anchors: mesh.roots) { $0.paths = 5 }
        #expect(found.exhausted == [.paths])
        #expect(found.paths.count == 5)
        #expect(found.paths[0].certificates.count == 2)
    }

    /// Deeper paths are not followed; each step that was not taken is in the trace.
    @Test func depth() throws {
        var authority = Authority.root("Depth Root")
        let root = try Certificate.parse(der: authority.certificate.der)
        var pool: [Certificate] = []
        for level in 0..<6 {
            authority = authority.intermediate("Depth \(level)")
            pool.append(try Certificate.parse(der: authority.certificate.der))
        }
        let leaf = try Certificate.parse(der: authority.leaf("deep.test").der)
        func search(_ depth: Int) -> SearchResult {
            var budget = SearchBudget()
            budget.depth = depth
            return PathBuilder(
                anchors: [IssuerIndex([root])], pool: IssuerIndex(pool), cache: CertificateCache(), at: now,
                budget: budget
            ).search(from: leaf)
        }
        let enough = search(6)
        #expect(enough.paths.map(\.certificates.count) == [8])
        #expect(enough.exhausted.isEmpty)
        let cut = search(5)
        #expect(cut.paths.isEmpty)
        #expect(cut.exhausted == [.depth])
        #expect(cut.pruned == [.init(subject: pool[1].sha256, issuer: pool[0].sha256, cause: .depth)])
        #expect(search(0).deadEnds.map(\.certificates.count) == [1])
        // Its issuer is known.
        #expect(search(0).deadEnds.map(\.end) == [.depth])
    }

    @Test func certificates() throws {
        let mesh = try Self.mesh.get()
        let found = mesh.search(anchors: [mesh.roots[0]]) {
            $0.certificates = 869
            $0.steps = 10
        }
        #expect(found.exhausted.contains(.certificates))
        // What is beyond the bound stands in no path.
        let none = mesh.search(anchors: [mesh.roots[1]]) { $0.certificates = 0 }
        #expect(none.paths.isEmpty && none.steps == 0)
        #expect(!mesh.search(anchors: [mesh.roots[0]]) { $0.steps = 10 }.exhausted.contains(.certificates))
    }

    /// 150 decoys of its name before the good issuer: it is found within the default budget.
    @Test func decoysDoNotHideTheGoodPath() throws {
        let root = Authority.root("Decoyed Root")
        let good = root.intermediate("Decoyed")
        let decoys = try (0..<150).map { number in
            try Certificate.parse(
                der: root.intermediate("Decoyed", key: .labelled(.ec256, "decoy \(number)")).certificate.der)
        }
        let leaf = try Certificate.parse(der: good.leaf("a.test").der)
        let last = try Certificate.parse(der: good.certificate.der)
        let found = PathBuilder(
            anchors: [IssuerIndex([try Certificate.parse(der: root.certificate.der)])],
            pool: IssuerIndex(decoys + [last]), cache: CertificateCache(), at: now
        ).search(from: leaf)
        #expect(found.paths.map { $0.certificates[1] } == [last])
        // The key identifier led straight to it.
        #expect(found.paths[0].certificates.count == 3)
    }
}
