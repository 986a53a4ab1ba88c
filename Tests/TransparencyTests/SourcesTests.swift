import Certificates
import Fixtures
import Foundation
import Reports
import Testing
import TrustStores

@testable import Transparency

/// Where SCTs come from, what a date condition may use of them, and the signatures of real ones.
@Suite struct SourcesTests {
    typealias P = PolicyTests

    /// RFC 6962 §3.3: a list of SCTs, each with its length.
    static func list(_ scts: [[UInt8]]) -> [UInt8] {
        let body = scts.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 0xFF)] + $0 }
        return [UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    static func sct(_ log: FixtureLog, milliseconds: UInt64 = 500) -> [UInt8] {
        log.sct(for: P.short, at: UInt64(Instant("2026-06-01").seconds) * 1_000 + milliseconds)
    }

    /// An OCSP response that answers for `serial`, with the list in singleExtensions; its signature is noise.
    static func response(_ list: [UInt8], serial: [UInt8]) -> [UInt8] {
        let algorithm = Encode.sequence(Encode.oid("1.3.14.3.2.26"), Encode.null)
        let hash = Encode.octetString([UInt8](repeating: 1, count: 20))
        let single = Encode.sequence(
            Encode.sequence(algorithm, hash, hash, Encode.integer(octets: serial)),
            Encode.primitive(0, []), Encode.generalizedTime("2026-06-30"),
            Encode.context(0, Encode.generalizedTime("2026-07-07")),
            Encode.context(
                1,
                Encode.sequence(
                    Encode.sequence(
                        Encode.oid("1.3.6.1.4.1.11129.2.4.5"),
                        Encode.octetString(Encode.octetString(list))))))
        let data = Encode.sequence(
            Encode.context(2, hash), Encode.generalizedTime("2026-06-30"), Encode.sequence(single))
        let basic = Encode.sequence(data, algorithm, Encode.bitString([1, 2, 3]))
        return Encode.sequence(
            Encode.enumerated(0),
            Encode.context(
                0,
                Encode.sequence(Encode.oid("1.3.6.1.5.5.7.48.1.1"), Encode.octetString(basic))))
    }

    /// Two SCTs delivered beside the certificate satisfy all; Mozilla takes none of them for a date.
    @Test func tlsAndOCSP() throws {
        let judged = try P.judged(
            P.short, tls: Self.list([Self.sct(P.a1)]),
            ocsp: Self.response(Self.list([Self.sct(P.b1)]), serial: P.short.serial))
        #expect(judged.stamps.map(\.source) == ["tls", "ocsp"])
        #expect(judged.stamps.map(\.verified) == [true, true])
        for client in ["chrome", "firefox", "apple"] {
            #expect(try P.answer(judged, client) == "satisfied")
        }
        let stamp = Instant("2026-06-01").seconds * 1_000 + 500
        #expect(judged.dates(for: ClientName("chrome")).milliseconds == [stamp, stamp])
        #expect(judged.dates(for: ClientName("firefox")).milliseconds.isEmpty)
    }

    /// A response about another certificate says nothing of this one.
    @Test func anotherSerial() throws {
        let judged = try P.judged(
            P.short, ocsp: Self.response(Self.list([Self.sct(P.b1)]), serial: [1, 2, 3]))
        #expect(judged.stamps.isEmpty)
    }

    /// Delivered SCTs must come from current logs: one made before its log was retired counts embedded only.
    @Test func aRetiredLogDelivered() throws {
        let judged = try P.judged(P.short, tls: Self.list([Self.sct(P.a1), Self.sct(P.retired)]))
        #expect(try P.answer(judged, "chrome") == "sct_too_few")
    }

    /// Every byte string is an answer, not a crash; what stands before the cut is kept.
    @Test func malformedLists() {
        let whole = Self.list([Self.sct(P.a1), Self.sct(P.b1)])
        #expect(SCTList(whole, source: .tls).scts.count == 2)
        #expect(!SCTList(whole, source: .tls).isMalformed)
        for length in 0..<whole.count {
            let cut = SCTList(Array(whole.prefix(length)), source: .tls)
            #expect(cut.isMalformed && cut.scts.isEmpty)
        }
        let half = Self.list([Self.sct(P.a1), [0, 1, 2]])
        #expect(SCTList(half, source: .tls).scts.count == 1)
        #expect(SCTList(half, source: .tls).isMalformed)
        let many = Self.list([[UInt8]](repeating: Self.sct(P.a1), count: SCTList.limit + 1))
        #expect(SCTList(many, source: .tls).scts.count == SCTList.limit)
        let response = Self.response(whole, serial: P.short.serial)
        for length in 0..<response.count {
            let cut = SCTList.stapled(Array(response.prefix(length)), serial: P.short.serial)
            #expect(cut.scts.isEmpty)
        }
    }

    /// Only verified time stamps of logs that are not disqualified stand against a date, to the millisecond.
    @Test func dates() throws {
        let judged = try P.judged(
            P.short.logged([
                Stamping(P.a1, at: "2026-06-02", milliseconds: 7), P.at(P.b1), P.at(P.retired),
                P.at(P.rejected), P.at(P.c1, "2026-06-01", .flippedBit), P.at(P.stranger),
                P.at(P.a2, "2026-08-01"),
            ]))
        let expected = JudgedSCTs.Dates(
            milliseconds: [
                Instant("2026-06-01").seconds * 1_000, Instant("2026-06-02").seconds * 1_000 + 7,
            ], hasUnknown: true)
        #expect(judged.dates(for: ClientName("chrome")) == expected)
        #expect(judged.dates(for: ClientName("firefox")) == expected)
    }

    /// aws.amazon.com with the keys of the three logs that it names, as Chrome 150's list has them.
    @Test func realSignatures() throws {
        let keys = [
            (
                "Argon2026h1", "Google",
                "B/we6GOO/xwxivy4HhkrYFAAPo6e2nc346Wo2o2U+GvoPWSPJz91s/xrEvA3Bk9kWHUUXVZS5morFEzsgdHqPg=="
            ),
            (
                "Wyvern2026h1", "DigiCert",
                "7Lw0OeKajbeZepHxBXJS2pOJXToHi5ntgKUW2nMhIOuGlofFxtkXum65TBNY1dGD+HrfHge8Fc3ASs0qMXEHVQ=="
            ),
            (
                "Sphinx2026h1", "DigiCert",
                "q4S++DyHokIlmmacritS51r5IRsZA6UH4kYLH4pefGyu/xl3huh7/O5rNk/yvMOeBQKaCAG1SSM1xNNQK1Hp9A=="
            ),
        ]
        let prefix = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"
        let logs = try keys.map { name, owner, key in
            CTLog(
                key: [UInt8](try #require(Data(base64Encoded: prefix + key))), name: name, operator: owner,
                states: [.init(.usable, since: "2024-11-08")])
        }
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Fixtures/real/rustls-platform-verifier")
        let chain = try (1...2).map { number in
            let file = folder.appendingPathComponent("aws_amazon_com_valid_\(number).crt")
            return try Certificate.parse(der: [UInt8](try Data(contentsOf: file)))
        }
        func judge(_ at: Instant, _ logs: [CTLog]) -> JudgedSCTs {
            JudgedSCTs(
                leaf: chain[0], issuer: chain[1], scts: SCTList.all(of: chain[0], tls: nil, ocsp: nil),
                logs: CTLogList(version: "85.108", published: "2026-06-14", logs: logs), at: at,
                verifier: SCTVerifier())
        }
        let judged = judge("2025-12-29", logs)
        #expect(judged.stamps.map(\.verified) == [true, true, true])
        #expect(judged.stamps.map(\.log) == keys.map { $0.0 })
        #expect(
            judged.stamps.map(\.milliseconds) == [1_751_452_386_104, 1_751_452_386_164, 1_751_452_386_186])
        for client in ["chrome", "firefox", "apple"] {
            #expect(try P.answer(judged, client) == "satisfied")
        }
        // Made on 2025-07-02 at 10:33:06: one second earlier nothing of it is there yet.
        #expect(try P.answer(judge("2025-07-02T10:33:05Z", logs), "chrome") == "sct_in_future")
        #expect(try P.answer(judge("2025-12-29", Array(logs.dropLast())), "chrome") == "?sct_log_unknown")
    }
}
