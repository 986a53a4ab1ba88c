import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// The smallest chain that serves every store asked for, and how to get there.
@Suite struct RepairedBundleTests {
    typealias Authority = Fixtures.Authority

    static let root = Authority.root("Bundle Root")
    static let other = Authority.root("Bundle Other Root")
    static let issuer = root.intermediate("Bundle Issuer")
    static let cross = issuer.crossSigned(by: other)
    static let stranger = Authority.root("Bundle Stranger").intermediate("Bundle Strange Issuer")
    static let leaf = issuer.leaf(StandardChains.host)

    static func bundle(
        _ sent: [FixtureCertificate], _ stores: [TrustStore], posted: [FixtureCertificate] = []
    ) throws -> Bundle? {
        var asking = Asking(sent, names: [StandardChains.host], stores: stores)
        asking.options.include = [.bundle]
        asking.options.intermediates = posted.map(\.der)
        return try asking.report().bundle
    }

    /// Dropped, moved, added, and what is right stays as it is.
    @Test func changes() throws {
        let stores = [try store("corp", [Self.root.certificate])]
        let wanted = [Self.leaf.sha256, Self.issuer.certificate.sha256]
        let asIs = try #require(try Self.bundle([Self.leaf, Self.issuer.certificate], stores))
        #expect(asIs.certificates.map(\.sha256) == wanted)
        #expect(asIs.changes.isEmpty)
        #expect(asIs.until == "2026-11-28")

        let mess = try #require(
            try Self.bundle(
                [
                    Self.leaf, Self.root.certificate, Self.stranger.certificate, Self.issuer.certificate,
                    Self.leaf,
                ], stores))
        #expect(mess.certificates.map(\.sha256) == wanted)
        #expect(
            mess.changes == [
                Bundle.Change(.drop, Self.root.certificate.sha256, from: 1),
                Bundle.Change(.drop, Self.stranger.certificate.sha256, from: 2),
                Bundle.Change(.drop, Self.leaf.sha256, from: 4),
            ])

        // Missing from what is sent, posted beside it: the proof is the answer without the posted one.
        let missing = try #require(
            try Self.bundle([Self.leaf], stores, posted: [Self.issuer.certificate]))
        #expect(missing.certificates.map(\.sha256) == wanted)
        #expect(missing.changes == [Bundle.Change(.add, Self.issuer.certificate.sha256, to: 1)])
        #expect(missing.stores == [Bundle.Store(name: "corp", before: false, after: true)])
    }

    /// Two intermediates sent the wrong way round: one move.
    @Test func order() throws {
        let lower = Self.issuer.intermediate("Bundle Lower Issuer")
        let leaf = lower.leaf(StandardChains.host)
        let bundle = try #require(
            try Self.bundle(
                [leaf, Self.issuer.certificate, lower.certificate],
                [try store("corp", [Self.root.certificate])]))
        #expect(
            bundle.certificates.map(\.sha256) == [
                leaf.sha256, lower.certificate.sha256, Self.issuer.certificate.sha256,
            ])
        #expect(bundle.changes.map(\.action) == [.move])
        #expect(bundle.stores == [Bundle.Store(name: "corp", before: true, after: true)])
    }

    /// Every store asked for counts: a cross-sign that one of them needs stays, and goes when none does.
    @Test func allStores() throws {
        let sent = [Self.leaf, Self.issuer.certificate, Self.cross.certificate]
        let (ours, theirs) = (
            try store("ours", [Self.root.certificate]), try store("theirs", [Self.other.certificate])
        )
        let both = try #require(try Self.bundle(sent, [ours, theirs]))
        #expect(Set(both.certificates.map(\.sha256)) == Set(sent.map(\.sha256)))
        #expect(both.stores.allSatisfy { $0.before == true && $0.after == true })
        let one = try #require(try Self.bundle(sent, [theirs]))
        #expect(one.certificates.map(\.sha256) == [Self.leaf.sha256, Self.cross.certificate.sha256])
        #expect(one.changes == [Bundle.Change(.drop, Self.issuer.certificate.sha256, from: 1)])
    }

    /// An intermediate that a store anchors is still sent.
    @Test func anAnchorThatIsAnIntermediate() throws {
        let bundle = try #require(
            try Self.bundle(
                [Self.leaf, Self.issuer.certificate], [try store("chrome", [Self.issuer.certificate])]))
        #expect(
            bundle.certificates.map(\.sha256) == [Self.leaf.sha256, Self.issuer.certificate.sha256])
        #expect(bundle.changes.isEmpty)
    }

    /// Nothing that could be sent helps; and it is only made when asked for.
    @Test func none() throws {
        #expect(try Self.bundle([Self.leaf], [try store("corp", [Self.root.certificate])]) == nil)
        #expect(try Asking(StandardChains.good()).report().bundle == nil)
    }
}
