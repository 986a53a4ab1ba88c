import Fixtures
import Testing

@testable import Certificates

@Suite struct LRUTests {
    @Test func theOldestGoes() {
        var cache = LRU<Int, String>(capacity: 3)
        for key in 1...3 { cache.insert("\(key)", for: key) }
        #expect(cache.value(for: 1) == "1")
        cache.insert("4", for: 4)
        #expect(cache.count == 3)
        #expect(cache.value(for: 2) == nil)
        #expect(cache.value(for: 3) == "3" && cache.value(for: 1) == "1" && cache.value(for: 4) == "4")
        cache.insert("three", for: 3)
        cache.insert("5", for: 5)
        #expect(cache.value(for: 1) == nil)
        #expect(cache.value(for: 3) == "three")
        cache.removeAll()
        #expect(cache.count == 0 && cache.value(for: 3) == nil)
        cache.insert("6", for: 6)
        #expect(cache.value(for: 6) == "6")
    }

    /// Against a plain list, for capacities down to one.
    @Test(arguments: [0, 1, 2, 7, 64]) func againstAList(_ capacity: Int) {
        var cache = LRU<Int, Int>(capacity: capacity)
        var list: [(key: Int, value: Int)] = []
        var random = RandomSource(seed: UInt64(capacity))
        for step in 0..<4_000 {
            let key = Int.random(in: 0..<100, using: &random)
            let at = list.firstIndex { $0.key == key }
            if random.chance(50) {
                #expect(cache.value(for: key) == at.map { list[$0].value })
                if let at { list.append(list.remove(at: at)) }
            } else {
                cache.insert(step, for: key)
                if let at { list.remove(at: at) }
                list.append((key, step))
                if list.count > max(1, capacity) { list.removeFirst() }
            }
            #expect(cache.count == list.count)
        }
    }
}

@Suite struct CertificateCacheTests {
    @Test func parsedOnce() throws {
        let cache = CertificateCache()
        let der = StandardChains.good().presented[0].der
        let first = try cache.certificate(der: der)
        #expect(try cache.certificate(der: der) === first)
        #expect(try Certificate.parse(der: der) !== first)
        #expect(try Certificate.parse(der: der) == first)
        #expect(throws: CertificateError.malformed(offset: 0)) {
            try cache.certificate(der: Array(der.dropLast()))
        }
    }

    /// A flood of leaves does not push the authorities out, and both shelves are bounded.
    @Test func bounded() throws {
        let cache = CertificateCache(authorities: 2, others: 3)
        let authorities = (0..<3).map { Authority.root("Cached \($0)").certificate.der }
        let leaves = (0..<8).map { StandardChains.root.leaf("\($0).example.com").der }
        let kept = try authorities.map { try cache.certificate(der: $0) }
        let flood = try leaves.map { try cache.certificate(der: $0) }
        #expect(try cache.certificate(der: authorities[2]) === kept[2])
        #expect(try cache.certificate(der: authorities[1]) === kept[1])
        #expect(try cache.certificate(der: leaves[7]) === flood[7])
        #expect(try cache.certificate(der: leaves[0]) !== flood[0])
        #expect(try cache.certificate(der: authorities[0]) !== kept[0])
    }

    /// Only what was found good is remembered.
    @Test func edges() throws {
        let cache = CertificateCache(edges: 2)
        func parse(_ chain: StandardChain) throws -> [Certificate] {
            try (chain.presented + chain.anchors).map { try Certificate.parse(der: $0.der) }
        }
        let bad = try parse(StandardChains.badSignature())
        #expect(cache.signature(of: bad[0], by: bad[1]) == .bad)
        #expect(!cache.hasEdge(from: bad[1], to: bad[0]))
        let good = try parse(StandardChains.good())
        #expect(!cache.hasEdge(from: good[1], to: good[0]))
        #expect(cache.signature(of: good[0], by: good[1]) == .valid)
        #expect(cache.hasEdge(from: good[1], to: good[0]))
        #expect(!cache.hasEdge(from: good[0], to: good[1]))
        #expect(cache.signature(of: good[1], by: good[2]) == .valid)
        #expect(cache.signature(of: good[2], by: good[2]) == .valid)
        #expect(!cache.hasEdge(from: good[1], to: good[0]))
        #expect(cache.hasEdge(from: good[2], to: good[2]))
    }

    /// From several threads at once.
    @Test func concurrent() async throws {
        let cache = CertificateCache(authorities: 2, others: 2, edges: 2)
        let chains = [StandardChains.good(), StandardChains.goodEd25519(), StandardChains.wildcard()].map(
            \.presented)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<60 {
                        let chain = chains[(task + round) % chains.count]
                        guard let leaf = try? cache.certificate(der: chain[0].der),
                            let issuer = try? cache.certificate(der: chain[1].der)
                        else {
                            Issue.record("not parsed")
                            return
                        }
                        #expect(leaf.sha256 == chain[0].sha256)
                        #expect(cache.signature(of: leaf, by: issuer) == .valid)
                    }
                }
            }
        }
    }

    static let outcomes: [(StandardChain, SignatureOutcome)] = [
        (StandardChains.good(), .valid), (StandardChains.goodRSA(), .valid),
        (StandardChains.goodPSS(), .valid),
        (StandardChains.badSignature(), .bad), (StandardChains.strangersSignature(), .bad),
        (StandardChains.algorithmMismatch(), .algorithmMismatch), (StandardChains.sha1Leaf(), .valid),
        // Anybody can sign for exponent 1: the signature itself is good.
        (StandardChains.exponentOne(), .valid),
    ]

    @Test(arguments: outcomes) func signature(_ row: (StandardChain, SignatureOutcome)) throws {
        let leaf = try Certificate.parse(der: row.0.presented[0].der)
        let issuer = try Certificate.parse(der: row.0.presented[1].der)
        #expect(leaf.signature(by: issuer) == row.1)
    }

    /// An algorithm or a key that libcrypto lacks says nothing of the signature.
    @Test func unknownAlgorithms() throws {
        let signer = Fixtures.Authority.root("ML-DSA Root", key: .pool(.mlDSA44, 1))
        let leaf = try Certificate.parse(der: signer.leaf(StandardChains.host).der)
        #expect(leaf.signature(by: try Certificate.parse(der: signer.certificate.der)) == .keyUndecodable)
        let classical = try Certificate.parse(der: StandardChains.root.certificate.der)
        #expect(leaf.signature(by: classical) == .algorithmUnknown)
        #expect(!leaf.isSignatureAlgorithmKnown && classical.isSignatureAlgorithmKnown)
    }
}
