import Certificates
import Fixtures
import Testing

@Suite struct CertificateTimeTests {
    static let utc: [(String, String?)] = [
        ("260701000000Z", "2026-07-01T00:00:00Z"), ("500101000000Z", "1950-01-01T00:00:00Z"),
        ("491231235959Z", "2049-12-31T23:59:59Z"), ("991231235959Z", "1999-12-31T23:59:59Z"),
        ("000229120000Z", "2000-02-29T12:00:00Z"), ("990229120000Z", nil), ("2607010000Z", nil),
        ("260701000000", nil), ("260701000000+0000", nil), ("20260701000000Z", nil), ("261301000000Z", nil),
        ("260732000000Z", nil), ("260701240000Z", nil), ("260701006000Z", nil), ("260701000060Z", nil),
        ("", nil),
        ("260701000000z", nil), ("26070100000 Z", nil), ("Z", nil),
    ]
    static let generalized: [(String, String?)] = [
        ("20500101000000Z", "2050-01-01T00:00:00Z"), ("99991231235959Z", "9999-12-31T23:59:59Z"),
        ("19491231235959Z", "1949-12-31T23:59:59Z"), ("00000101000000Z", "0000-01-01T00:00:00Z"),
        ("20240229000000Z", "2024-02-29T00:00:00Z"), ("21000229000000Z", nil), ("20500101000000", nil),
        ("20500101000000.5Z", nil), ("20500101000000+0000", nil), ("205001010000Z", nil),
        ("500101000000Z", nil),
        ("-9990101000000Z", nil), ("", nil),
    ]

    @Test(arguments: utc) func utcTime(_ text: String, _ instant: String?) {
        check(Tag.utcTime, text, instant)
    }
    @Test(arguments: generalized) func generalizedTime(_ text: String, _ instant: String?) {
        check(Tag.generalizedTime, text, instant)
    }

    private func check(_ tag: UInt8, _ text: String, _ instant: String?) {
        let time = CertificateTime(tag: tag, Array(text.utf8)[...])
        #expect(time.instant?.description == instant)
        if instant == nil { #expect(time == .malformed(text)) }
    }

    /// Another type is no time, whatever its bytes.
    @Test func anotherType() {
        #expect(CertificateTime(tag: Tag.integer, Array("20500101000000Z".utf8)[...]).instant == nil)
        #expect(CertificateTime(tag: Tag.utcTime, [0xFF, 0x30]) == .malformed(#"\xff0"#))
    }
}

@Suite struct InstantTests {
    static let forms: [(String, String?)] = [
        ("2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z"), ("2026-07-01t00:00:00z", "2026-07-01T00:00:00Z"),
        // Truncated to the second, toward the past.
        ("2026-07-01T00:00:00.999999999Z", "2026-07-01T00:00:00Z"),
        ("2026-07-01T02:00:00+02:00", "2026-07-01T00:00:00Z"),
        ("2026-06-30T18:30:00-05:30", "2026-07-01T00:00:00Z"),
        ("2026-07-01T00:00:00-00:00", "2026-07-01T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"), ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"), ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        // Beyond the years that exist here, also by their offset.
        ("10000-01-01T00:00:00Z", nil), ("9999-12-31T23:59:59-00:01", nil),
        ("0000-01-01T00:00:00+00:01", nil),
        ("2026-07-01", nil), ("2026-07-01T00:00:00", nil), ("2026-07-01T00:00Z", nil),
        ("2026-7-1T00:00:00Z", nil),
        ("2026-07-01 00:00:00Z", nil), ("2026-07-01T24:00:00Z", nil), ("2026-07-01T00:60:00Z", nil),
        ("2026-07-01T00:00:61Z", nil), ("2026-02-29T00:00:00Z", nil), ("2026-07-01T00:00:00.Z", nil),
        ("2026-07-01T00:00:00+0200", nil), ("2026-07-01T00:00:00+24:00", nil), ("2026-07-01T00:00:00Z ", nil),
        ("2026-07-01T00:00:00+02", nil), ("+026-07-01T00:00:00Z", nil), ("", nil), ("now", nil),
    ]

    @Test(arguments: forms) func rfc3339(_ text: String, _ expected: String?) {
        #expect(Instant(rfc3339: text)?.description == expected)
    }

    /// Known values, both ways; the days around every kind of leap year.
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1), ("2000-03-01T00:00:00Z", 951_868_800),
            ("2038-01-19T03:14:08Z", 2_147_483_648), ("0000-01-01T00:00:00Z", -62_167_219_200),
            ("9999-12-31T23:59:59Z", 253_402_300_799), ("1900-03-01T00:00:00Z", -2_203_891_200),
        ] as [(String, Int64)])
    func seconds(_ text: String, _ seconds: Int64) {
        #expect(Instant(rfc3339: text)?.seconds == seconds)
        #expect(Instant(seconds: seconds).description == text)
        #expect(Instant(seconds: seconds).date == String(text.prefix(10)))
    }

    /// Every day of four hundred years and more, counted one by one.
    @Test func everyDay() {
        var day = Instant(seconds: -2_208_988_800)
        var (year, month, dayOfMonth) = (1900, 1, 1)
        while year < 2310 {
            let parts = day.components
            guard (parts.year, parts.month, parts.day) == (year, month, dayOfMonth), parts.hour == 0,
                Instant(year: year, month: month, day: dayOfMonth) == day
            else {
                Issue.record("\(year)-\(month)-\(dayOfMonth): \(day)")
                return
            }
            dayOfMonth += 1
            if Instant(year: year, month: month, day: dayOfMonth) == nil {
                (month, dayOfMonth) = (month + 1, 1)
            }
            if month == 13 { (year, month) = (year + 1, 1) }
            day = day + 86_400
        }
    }

    @Test func clamps() {
        #expect(Instant(seconds: .max) == .latest)
        #expect(Instant(seconds: .min) == .earliest)
        #expect(Instant.latest + 1 == .latest)
        #expect(Instant.earliest + -1 == .earliest)
        #expect(Instant.latest + .max == .latest)
        #expect(Instant.earliest + .min == .earliest)
        #expect(Instant.latest - Instant.earliest == 315_569_519_999)
        #expect(Instant.earliest < Instant.latest)
    }
}

@Suite struct DigestTests {
    /// FIPS 180-4's examples.
    @Test func vectors() {
        let empty = SHA256Digest(of: [])
        #expect(empty.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let abc = SHA256Digest(of: Array("abc".utf8))
        #expect(abc.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(abc.bytes.count == 32 && abc.bytes[0] == 0xBA && abc.bytes[31] == 0xAD)
        #expect(SHA256Digest(hex: abc.hex) == abc)
        #expect(SHA256Digest(hex: abc.hex.uppercased()) == abc)
        #expect(abc < empty && !(empty < abc))
    }

    @Test(arguments: [
        "", "ab", String(repeating: "g", count: 64), String(repeating: "a", count: 63),
        String(repeating: "a", count: 66), "sha256:" + String(repeating: "a", count: 57),
    ])
    func noDigest(_ text: String) { #expect(SHA256Digest(hex: text) == nil) }

    @Test func hex() {
        #expect(Hex.encode([0x00, 0x0F, 0xF0, 0xFF]) == "000ff0ff")
        #expect(Hex.decode("000fF0Ff") == [0x00, 0x0F, 0xF0, 0xFF])
        #expect(Hex.decode("0") == nil)
        #expect(Hex.decode("0x") == nil)
        #expect(Hex.decode("") == [])
    }
}
