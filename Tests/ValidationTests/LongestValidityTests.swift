import Certificates
import Fixtures
import Reports
import Testing
import TrustStores

@testable import Validation

/// `renewal.longest_validity_days`: what the client allows, what the Baseline Requirements allow, what is
/// left of the path.
@Suite struct LongestValidityTests {
    typealias Authority = Fixtures.Authority

    struct Row: Sendable {
        let refuses: [String]
        let isPublic: Bool
        let due: Instant
        let days: Int
    }

    /// The path ends on 2040-01-01, with the root.
    static let rows = [
        Row(refuses: [], isPublic: true, due: "2026-10-01", days: 200),
        Row(refuses: [], isPublic: true, due: "2027-03-15", days: 100),
        Row(refuses: ["lifetime_over_398_days@leaf"], isPublic: true, due: "2026-10-01", days: 200),
        Row(refuses: ["lifetime_over_schedule@leaf"], isPublic: true, due: "2029-03-15", days: 47),
        // No Baseline Requirements for a private anchor; a client may have a limit of its own.
        Row(refuses: ["lifetime_over_825_days"], isPublic: false, due: "2026-10-01", days: 825),
        Row(refuses: ["lifetime_over_398_days"], isPublic: false, due: "2030-01-01", days: 3_652),
        Row(refuses: ["lifetime_over_825_days"], isPublic: false, due: "2039-12-02", days: 30),
    ]

    @Test(arguments: rows) func days(_ row: Row) throws {
        let root = Authority.root("Validity Root")
        let client = Client(name: ClientName("client"), completes: .aia, refuses: rules(row.refuses))
        let held = try store(
            row.isPublic ? "mozilla" : "corp", [root.certificate], origin: row.isPublic ? .shipped : .custom,
            client: client)
        var asking = Asking([root.leaf(StandardChains.host)], stores: [held])
        asking.clients = [client]
        asking.options.reissue = row.due
        #expect(try asking.report().renewal?.longestValidityDays == row.days)
    }
}
