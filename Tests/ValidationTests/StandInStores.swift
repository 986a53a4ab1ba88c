import Certificates
import Fixtures
import Foundation

@testable import TrustStores

/// The shipped stores, and the same with stand-ins for some of their anchors: each store holds the stand-in
/// exactly where it holds the real one, with the real conditions.
enum StandInStores {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private static let once = Result {
        try TrustStoreLoader(folder: repository + "/trust-store", systemBundle: nil).load()
    }
    /// As in the repository, read once for all tests.
    static func shipped() throws -> StoreSet { try once.get() }

    /// One certificate in the place of a real anchor.
    struct StandIn: Sendable {
        /// How the real anchor's subject begins (RFC 4514).
        let subject: String
        let certificate: FixtureCertificate
        /// Put on it besides, in the stores of these names.
        var also: [String: [AnchorCondition]] = [:]
    }

    static func stores(_ standIns: [StandIn]) throws -> [TrustStore] {
        let shipped = try shipped()
        let parsed = try standIns.map { ($0, try Certificate.parse(der: $0.certificate.der)) }
        return shipped.all.compactMap { store in
            guard let client = shipped.clients[store.client] else { return nil }
            let anchors = parsed.flatMap { standIn, certificate in
                store.anchors.filter { $0.certificate.subject.text.hasPrefix(standIn.subject) }.map {
                    Anchor(
                        certificate: certificate, purposes: $0.purposes,
                        conditions: $0.conditions + (standIn.also[store.name] ?? []),
                        checksDates: $0.checksDates, checksConstraints: $0.checksConstraints)
                }
            }
            return TrustStore(
                name: store.name, version: store.version, published: store.published, origin: .shipped,
                client: client, clientVersion: store.clientVersion, basis: store.basis, anchors: anchors,
                isNewestCandidate: store.isNewestCandidate)
        }
    }

    // MARK: logs

    /// Three operators' logs that are usable all the time, one that was retired on 2026-07-01, one that
    /// no list has.
    static let logs = ["Alder", "Birch", "Cedar"].map { FixtureLog("Table \($0)") }
    static let retired = FixtureLog("Table Retired")
    static let unknown = FixtureLog("Table Unknown")
    /// Another log of the first one's operator.
    static let sister = FixtureLog("Table Sister")

    /// As old as the shipped list.
    static func logList() throws -> CTLogList {
        let known = (logs + [sister]).map { log in
            CTLog(
                key: log.key.spki, name: log.name,
                operator: log.name == sister.name ? logs[0].name : log.name,
                states: [.init(.usable, since: "2013-01-01")])
        }
        let gone = CTLog(
            key: retired.key.spki, name: retired.name, operator: retired.name,
            states: [.init(.usable, since: "2013-01-01"), .init(.retired, since: "2026-07-01")])
        let published = try shipped().logs?.published ?? "2026-11-02"
        return CTLogList(version: "table", published: published, logs: known + [gone])
    }
}
