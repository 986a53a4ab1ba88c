import Certificates
import Fixtures
import Foundation
import Reports
import Testing
import TrustStores

/// The table of StoreTableTests: for each chain, three instants and what each store's client makes of it.
enum StoreTable {
    static let columns = ["mozilla", "chrome", "apple", "microsoft", "android", "java", "debian"]

    struct Row: Sendable, CustomTestStringConvertible {
        let chain: String
        let at: Instant
        let cells: [String]
        var testDescription: String { "\(chain) \(at)" }
    }

    /// `yes`, or the reasons against it, joined by `+`. Words with `?` are reasons of which nobody knows
    /// whether they hold: alone they make null, beside others they change nothing. A list that is too old to
    /// say no makes null whatever is beside it.
    struct Cell {
        let trusted: Bool?
        let reasons: Set<Reason>

        init?(_ text: String) {
            guard text != "yes" else {
                (trusted, reasons) = (true, [])
                return
            }
            let words = text.split(separator: "+").map(String.init)
            guard words.allSatisfy({ StoreTable.words[$0] != nil }) else { return nil }
            reasons = Set(words.flatMap { StoreTable.words[$0] ?? [] })
            let isOpen = words.allSatisfy { $0.hasSuffix("?") } || reasons.contains(.storeStale)
            trusted = isOpen ? .none : false
        }
    }

    static let words: [String: [Reason]] = [
        // No anchor: in no list, in no path at all, or in a fresh list alone while this one is old.
        "none": [.anchorAbsent], "issuer": [.issuerAbsent], "old?": [.anchorAbsent, .storeStale],
        "older?": [.storeStale],
        // The issuer is not sent: to fetch, perhaps preloaded, fetched and of no use to those who do not.
        "fetch?": [.issuerNotFetched], "preload?": [.preloadUnknown], "unsent": [.issuerNotSent],
        // The time: not yet, no more; no more and not known whether the client cares; `over` for the issuer
        // below an anchor on the way; longer than 398 days.
        "early": [.validityNotStarted], "end": [.validityEnded], "end?": [.validityEnded],
        "over": [.issuerFoundExpired], "long": [.lifetimeOver398Days],
        // Conditions of the anchor: issued after a date, SCTs after it, used after one, not at all, Chrome's
        // sets, names, one that is not understood.
        "late": [.issuedAfterDistrust], "slate": [.sctAfterDistrust], "use": [.distrusted],
        "barred": [.anchorBlocked], "set": [.constraintsNotMet], "names": [.nameNotPermitted],
        "cond?": [.conditionUnknown],
        // No extended key usage, which Apple demands under its own anchors.
        "eku": [.ekuAbsent],
        // In a list of blocked certificates.
        "listed": [.certificateBlocked],
        // Transparency: too few, of one operator, of a later time, of logs that are not known.
        "scts": [.sctTooFew], "oneop": [.sctOperatorDiversity], "soon": [.sctInFuture],
        "log?": [.sctLogUnknown],
        // RSA 1024, SHA-1 and an issuer that is no anchor; the last two; the last.
        "weak": [.keyTooSmall, .digestTooWeak, .issuerFoundUntrusted],
        "sha": [.digestTooWeak, .issuerFoundUntrusted], "far": [.issuerFoundUntrusted],
    ]

    struct Chain: Sendable {
        let name: String
        /// Below Tests/Fixtures/real; empty for a generated one.
        var file = ""
        var certificates: [FixtureCertificate] = []
        var host: String?
        /// Stores that are asked at an older version than their newest.
        var versions: [String: String] = [:]
        var standIns: [StandInStores.StandIn] = []
        var blocks: [BlockList] = []
        var fetched: [Fetched] = []

        var isReal: Bool { !file.isEmpty }

        func presented() throws -> [[UInt8]] {
            guard isReal else { return certificates.map(\.der) }
            let path = StandInStores.repository + "/Tests/Fixtures/real/" + file
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            return file.hasSuffix(".crt") ? [bytes] : try PEM.decode(bytes, limit: 10)
        }
    }

    static let chains = real + generated

    static let rows: [Row] = text.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ").map(String.init)
        guard words.count > 2, let at = Instant(rfc3339: words[1] + "T00:00:00Z") else { return nil }
        return Row(chain: words[0], at: at, cells: Array(words[2...]))
    }
}
