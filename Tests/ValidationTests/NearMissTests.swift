import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// The near miss is said only when judging again with that one thing changed gives trust.
@Suite struct NearMissTests {
    private func report(_ chain: StandardChain) throws -> Report {
        let cache = CertificateCache()
        let anchors = try chain.anchors.map { Anchor(certificate: try cache.certificate(der: $0.der)) }
        let client = Client(name: .libcrypto, completes: .nothing)
        let stores = StoreSet(
            [TrustStore(name: "corp", origin: .custom, client: client, basis: .full, anchors: anchors)],
            defaultNames: ["corp"])
        var evidence = Evidence()
        evidence.presented = chain.presented.map(\.der)
        var options = Options()
        options.names = try chain.names.map { try ReferenceIdentifier(parsing: $0) }
        return Validator(stores: stores, cache: cache).judge(
            Question(
                evidence: evidence, options: options, stores: stores.all, at: Fixtures.now,
                checkedAt: Fixtures.now,
                id: "near-miss"))
    }

    @Test func anExpiredLeafHeldUntilItsNotAfter() throws {
        let miss = try #require(try report(StandardChains.expiredLeaf()).nearMiss)
        #expect((miss.change.kind, miss.change.value) == ("time", "2026-06-30T00:00:00Z"))
        #expect(miss.reason == .validityEnded)
    }

    @Test func aLeafNotYetValidHoldsFromItsNotBefore() throws {
        let miss = try #require(try report(StandardChains.notYetValidLeaf()).nearMiss)
        #expect((miss.change.kind, miss.change.value) == ("time", "2026-07-02T00:00:00Z"))
    }

    @Test func anotherNameIsTheOnlyFault() throws {
        #expect(try report(StandardChains.wrongHost()).nearMiss?.change.kind == "name")
    }

    @Test func anotherPurposeIsTheOnlyFault() throws {
        #expect(try report(StandardChains.clientAuthOnlyLeaf()).nearMiss?.change.kind == "purpose")
    }

    @Test func anUnknownRootIsTheOnlyFault() throws {
        let chain = StandardChains.untrustedRoot()
        let miss = try #require(try report(chain).nearMiss)
        #expect((miss.change.kind, miss.change.value) == ("anchor", chain.presented.last?.sha256.hex))
    }

    /// Nothing that can be changed makes a bad signature good.
    @Test func aBadSignatureHasNoNearMiss() throws {
        #expect(try report(StandardChains.badSignature()).nearMiss == nil)
    }

    @Test func aTrustedChainHasNone() throws {
        #expect(try report(StandardChains.good()).nearMiss == nil)
    }
}
