import Certificates
import Fixtures
import Testing

@testable import Dialects

@Suite struct ShownTests {
    static let escapes: [(text: String, shown: String)] = [
        ("plain ascii ~", "plain ascii ~"),
        ("Zürich 東京", "Zürich 東京"),
        ("a\u{202E}b", "a\\u{202e}b"),
        ("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}"),
        ("a\u{200B}b\u{FEFF}", "a\\u{200b}b\\u{feff}"),
        ("a\tb\r\nc\0", "a\\u{9}b\\u{d}\\u{a}c\\u{0}"),
        ("\u{1B}[31m", "\\u{1b}[31m"),
        ("\u{7F}\u{9B}", "\\u{7f}\\u{9b}"),
        ("a\u{2028}b\u{A0}c", "a\\u{2028}b\\u{a0}c"),
        ("\u{E000}\u{E0041}", "\\u{e000}\\u{e0041}"),
    ]

    @Test(arguments: escapes) func escape(_ text: String, _ shown: String) {
        #expect(ShownText.escape(text) == shown)
    }

    static let cuts: [(text: String, limit: Int, shown: String)] = [
        ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("東京都", 6, "東京都"), ("東京都庁", 6, "東京…"),
        // A base letter under a pile of marks counts for the pile.
        ("a" + String(repeating: "\u{301}", count: 9), 4, "…"),
    ]

    @Test(arguments: cuts) func cut(_ text: String, _ limit: Int, _ shown: String) {
        #expect(ShownText.cut(text, to: limit) == shown)
    }

    @Test func namesAreCutAt64() {
        #expect(ShownText.name(String(repeating: "a", count: 64)).count == 64)
        #expect(ShownText.name(String(repeating: "a", count: 65)) == String(repeating: "a", count: 63) + "…")
    }

    static let events: [(instant: Instant, shown: String)] = [
        ("2026-07-04", "2026-07-04 (in 3 d)"),
        ("2026-07-03T23:59:59Z", "2026-07-03 23:59:59Z (in 2 d 23 h)"),
        ("2026-07-02T00:00:00Z", "2026-07-02 00:00:00Z (in 1 d)"),
        ("2026-07-01T03:12:40Z", "2026-07-01 03:12:40Z (in 3 h 12 min)"),
        ("2026-07-01T00:00:59Z", "2026-07-01 00:00:59Z (in 59 s)"),
        ("2026-07-01T00:00:00Z", "2026-07-01 00:00:00Z (now)"),
        ("2026-06-30T23:58:30Z", "2026-06-30 23:58:30Z (1 min 30 s ago)"),
        ("2026-06-28", "2026-06-28 (3 d ago)"),
        ("9999-12-31T23:59:59Z", "9999-12-31 (in 2912261 d)"),
    ]

    @Test(arguments: events) func event(_ instant: Instant, _ shown: String) {
        #expect(ShownTime.event(instant, from: now) == shown)
    }

    @Test func openSSLTime() {
        #expect(ShownTime.openSSL("2027-01-02T23:15:17Z") == "Jan  2 23:15:17 2027 GMT")
        #expect(ShownTime.openSSL("2026-12-31T00:00:00Z") == "Dec 31 00:00:00 2026 GMT")
    }
}
