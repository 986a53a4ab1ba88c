import Certificates
import Fixtures
import Testing

@testable import PathBuilding

typealias Authority = Fixtures.Authority

/// Names for certificates, so that paths and traces can be read.
struct Cast {
    private(set) var names: [SHA256Digest: String] = [:]
    private(set) var certificates: [String: Certificate] = [:]

    init(_ cast: [String: FixtureCertificate]) throws {
        for (name, certificate) in cast {
            let parsed = try Certificate.parse(der: certificate.der)
            names[parsed.sha256] = name
            certificates[name] = parsed
        }
    }

    func of(_ list: String) -> [Certificate] {
        list.split(separator: " ").compactMap { certificates[String($0)] }
    }

    func text(_ path: CandidatePath) -> String {
        path.certificates.map { names[$0.sha256] ?? "?" }.joined(separator: " ")
    }

    func text(_ pruned: SearchResult.Pruned) -> String {
        "\(names[pruned.subject] ?? "?") <- \(names[pruned.issuer] ?? "?"): \(pruned.cause.rawValue)"
    }

    func search(
        _ leaf: String = "leaf", pool: String, anchors: String..., at: Instant = now,
        cache: CertificateCache = CertificateCache(), _ change: (inout SearchBudget) -> Void = { _ in }
    ) throws -> SearchResult {
        var budget = SearchBudget()
        change(&budget)
        let start = try #require(certificates[leaf])
        return PathBuilder(
            anchors: anchors.map { IssuerIndex(of($0)) }, pool: IssuerIndex(of(pool)), cache: cache, at: at,
            budget: budget
        ).search(from: start)
    }
}

/// Which paths, in which order, and what was not followed and why.
@Suite struct PathBuilderTests {
    static let root = Authority.root("Root")
    static let upper = root.intermediate("Upper")
    static let lower = upper.intermediate("Lower")

    @Test func oneChain() throws {
        let cast = try Cast([
            "leaf": Self.lower.leaf("a.test"), "lower": Self.lower.certificate,
            "upper": Self.upper.certificate,
            "root": Self.root.certificate,
        ])
        for pool in ["lower upper", "upper lower", "root upper lower"] {
            let found = try cast.search(pool: pool, anchors: "root")
            #expect(found.paths.map(cast.text) == ["leaf lower upper root"])
            #expect(found.paths[0].end == .anchor)
            #expect(found.deadEnds.isEmpty && found.exhausted.isEmpty)
            // A sent twin of the anchor is followed once and repeats itself.
            #expect(
                found.pruned.map(cast.text)
                    == (pool.contains("root")
                        ? ["root <- root: repetition", "root <- root: repetition"] : []))
        }
        let found = try cast.search(pool: "lower upper", anchors: "root")
        #expect(found.signatures == 3)
        #expect(found.steps == 3)
    }

    /// An anchor emits a path and does not end the search: of the sent copy the search goes on.
    @Test func anchorsDoNotEndTheSearch() throws {
        let cast = try Cast([
            "leaf": Self.lower.leaf("a.test"), "lower": Self.lower.certificate,
            "upper": Self.upper.certificate,
            "root": Self.root.certificate,
        ])
        let found = try cast.search(pool: "lower upper", anchors: "root", "lower upper")
        #expect(found.paths.map(cast.text) == ["leaf lower", "leaf lower upper", "leaf lower upper root"])
        #expect(found.pruned.isEmpty)
        // Anchors only end paths: what was not sent does not stand inside.
        #expect(
            try cast.search(pool: "", anchors: "root lower upper").paths.map(cast.text) == ["leaf lower"])
        #expect(
            try cast.search(pool: "lower", anchors: "root upper").paths.map(cast.text) == ["leaf lower upper"]
        )
    }

    /// The end entity may itself be an anchor.
    @Test func theLeafIsAnAnchor() throws {
        let cast = try Cast(["leaf": Self.root.leaf("a.test"), "root": Self.root.certificate])
        let found = try cast.search(pool: "", anchors: "leaf root")
        #expect(found.paths.map(cast.text) == ["leaf", "leaf root"])
        #expect(found.paths[0].belowAnchor == 0..<1)
        #expect(found.paths[0].intermediateDepths.isEmpty)
        #expect(found.paths[1].belowAnchor == 0..<1)
    }

    /// Shorter ones come first, whatever the order of the pool; of equal length anchors given first come
    /// first.
    @Test func shortestFirst() throws {
        let other = Authority.root("Other Root")
        let cross = Self.root.crossSigned(by: other)
        let direct = Self.upper.crossSigned(by: other)
        let cast = try Cast([
            "leaf": Self.upper.leaf("a.test"), "upper": Self.upper.certificate, "direct": direct.certificate,
            "cross": cross.certificate, "root": Self.root.certificate, "other": other.certificate,
        ])
        for pool in ["cross upper direct", "direct upper cross"] {
            let found = try cast.search(pool: pool, anchors: "root other").paths.map(cast.text)
            #expect(Set(found.prefix(2)) == ["leaf upper root", "leaf direct other"])
            #expect(found.dropFirst(2) == ["leaf upper cross other"])
        }
    }

    /// Validity and key identifiers rank; they never prune.
    @Test func ranks() throws {
        let expired = Self.upper.renewed { $0.notAfter = "2026-01-01" }
        let unmarked = Self.upper.renewed { $0.remove(ExtensionOID.subjectKeyIdentifier) }
        let other = Self.upper.renewed { $0.replace(.subjectKeyIdentifier([9])) }
        let cast = try Cast([
            "leaf": Self.upper.leaf("a.test"), "good": Self.upper.certificate, "expired": expired.certificate,
            "unmarked": unmarked.certificate, "other": other.certificate, "root": Self.root.certificate,
        ])
        let order = ["leaf good root", "leaf unmarked root", "leaf other root", "leaf expired root"]
        #expect(
            try cast.search(pool: "expired other unmarked good", anchors: "root").paths.map(cast.text)
                == order)
        // At another time another one is the expired one.
        let before = try cast.search(pool: "expired good", anchors: "root", at: "2025-01-01")
        #expect(before.paths.map(cast.text) == ["leaf expired root", "leaf good root"])
    }

    /// Two CAs have signed each other: no path holds one subject and key twice (RFC 4158 §5.2).
    @Test func cycles() throws {
        let a = Authority.root("Cycle A")
        let b = Authority.root("Cycle B")
        let cast = try Cast([
            "leaf": a.leaf("a.test"), "a": a.crossSigned(by: b).certificate,
            "b": b.crossSigned(by: a).certificate,
            "rootB": b.certificate,
        ])
        let found = try cast.search(pool: "a b", anchors: "rootB")
        #expect(found.paths.map(cast.text) == ["leaf a rootB"])
        #expect(found.pruned.map(cast.text) == ["b <- a: repetition"])
        // Without an anchor it ends as well, and the dead end says where.
        let lost = try cast.search(pool: "a b", anchors: "")
        #expect(lost.paths.isEmpty)
        #expect(lost.deadEnds.map(cast.text) == ["leaf a b"])
        #expect(lost.deadEnds[0].end == .issuerAbsent)
    }

    /// Of the same name and another key: the signature tells, and the way back is open.
    @Test func sameNameOtherKey() throws {
        let twin = Self.root.intermediate("Upper", key: .labelled(.ec256, "the twin"))
        let cast = try Cast([
            "leaf": Self.upper.leaf("a.test"), "upper": Self.upper.certificate, "twin": twin.certificate,
            "root": Self.root.certificate,
        ])
        let found = try cast.search(pool: "twin upper", anchors: "root")
        #expect(found.paths.map(cast.text) == ["leaf upper root"])
        #expect(found.pruned.map(cast.text) == ["leaf <- twin: signature_bad"])
    }

    /// A would-be issuer that is no CA is not followed while there is another way, and shown when there is
    /// none.
    @Test func noCA() throws {
        let bad = Self.upper.renewed { $0.replace(.basicConstraints(ca: false)) }
        let cast = try Cast([
            "leaf": Self.upper.leaf("a.test"), "upper": Self.upper.certificate, "bad": bad.certificate,
            "root": Self.root.certificate,
        ])
        let both = try cast.search(pool: "bad upper", anchors: "root")
        #expect(both.paths.map(cast.text) == ["leaf upper root"])
        #expect(both.pruned.map(cast.text) == ["leaf <- bad: not_a_ca"])
        let alone = try cast.search(pool: "bad", anchors: "root")
        #expect(alone.paths.map(cast.text) == ["leaf bad root"])
        #expect(alone.pruned.map(cast.text) == ["leaf <- bad: not_a_ca"])
        // The anchor's own form is nobody's business here.
        #expect(try cast.search(pool: "", anchors: "bad").paths.map(cast.text) == ["leaf bad"])
    }

    /// A bad signature under the key that the certificate names is shown; under another key it is another CA.
    @Test func badSignature() throws {
        let twin = Self.root.intermediate("Upper", key: .labelled(.ec256, "the twin"))
        let cast = try Cast([
            "leaf": Self.upper.leaf("a.test") { $0.signature = .flippedBit }, "upper": Self.upper.certificate,
            "twin": twin.certificate, "root": Self.root.certificate,
        ])
        let found = try cast.search(pool: "upper", anchors: "root")
        #expect(found.paths.map(cast.text) == ["leaf upper root"])
        #expect(found.pruned.map(cast.text) == ["leaf <- upper: signature_bad"])
        let stranger = try cast.search(pool: "twin", anchors: "root")
        #expect(stranger.paths.isEmpty)
        #expect(stranger.deadEnds.map(cast.text) == ["leaf"])
    }

    /// Where a path ends without an anchor.
    @Test func deadEnds() throws {
        let stranger = Authority.root("Stranger")
        let cast = try Cast([
            "leaf": Self.lower.leaf("a.test"), "lower": Self.lower.certificate,
            "upper": Self.upper.certificate,
            "root": Self.root.certificate, "stranger": stranger.certificate,
        ])
        let rows: [(String, String, CandidatePath.End)] = [
            ("", "leaf", .issuerAbsent), ("lower", "leaf lower", .issuerAbsent),
            ("upper lower stranger", "leaf lower upper", .issuerAbsent),
            ("root upper lower", "leaf lower upper root", .selfSigned),
        ]
        for (pool, path, end) in rows {
            let found = try cast.search(pool: pool, anchors: "stranger")
            #expect(found.paths.isEmpty)
            #expect(found.deadEnds.map(cast.text) == [path])
            #expect(found.deadEnds.map(\.end) == [end])
            #expect(found.deadEnds[0].anchor == nil)
            #expect(found.deadEnds[0].belowAnchor == 0..<found.deadEnds[0].certificates.count)
        }
        // Self-issued by name alone is not self-signed.
        let alone = try cast.search("root", pool: "", anchors: "stranger")
        #expect(alone.deadEnds.map(\.end) == [.selfSigned])
    }

    /// The same certificate in several places counts once.
    @Test func duplicates() throws {
        let cast = try Cast([
            "leaf": Self.upper.leaf("a.test"), "upper": Self.upper.certificate, "root": Self.root.certificate,
        ])
        let found = try cast.search(pool: "upper upper leaf", anchors: "root root", "root")
        #expect(found.paths.map(cast.text) == ["leaf upper root"])
        var index = IssuerIndex(cast.of("upper upper root"))
        #expect(index.count == 2)
        #expect(!index.insert(cast.of("root")[0]) && index.insert(cast.of("leaf")[0]))
    }

    /// A second search finds its signatures in the cache and spends none.
    @Test func signaturesAreRemembered() throws {
        let cast = try Cast([
            "leaf": Self.upper.leaf("a.test"), "upper": Self.upper.certificate, "root": Self.root.certificate,
        ])
        let cache = CertificateCache()
        #expect(try cast.search(pool: "upper", anchors: "root", cache: cache).signatures == 2)
        #expect(
            try cast.search(pool: "upper", anchors: "root", cache: cache) { $0.signatures = 0 }.paths.count
                == 1)
    }

    /// Self-issued certificates do not count toward a depth (RFC 5280 §6.1.4 (l)).
    @Test func countedIntermediates() throws {
        let rolled = Self.upper.rekeyed(.labelled(.ec256, "rolled"))
        let rollover = Authority(
            certificate: Self.upper.issue(subject: Self.upper.name, key: rolled.key) {
                $0.extensions = [.basicConstraints(ca: true)]
            })
        let cast = try Cast([
            "leaf": rolled.leaf("a.test"), "rollover": rollover.certificate, "upper": Self.upper.certificate,
            "root": Self.root.certificate,
        ])
        let found = try cast.search(pool: "rollover upper", anchors: "root")
        #expect(found.paths.map(cast.text) == ["leaf rollover upper root"])
        #expect(found.paths[0].countedIntermediates == 1)
        #expect(found.paths[0].intermediateDepths == 1..<3)
    }
}
