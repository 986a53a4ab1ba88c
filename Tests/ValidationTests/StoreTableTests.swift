import Certificates
import Fixtures
import Foundation
import Reports
import Testing
import TrustStores

@testable import Validation

/// Who trusts what, when and why not: a line of StoreTable for each chain and instant, a cell for each store.
@Suite struct StoreTableTests {
    /// When all of it is asked: the age of the lists counts here.
    static let today: Instant = "2026-11-24"

    @Test func aTableOfManyChains() {
        let byChain = Dictionary(grouping: StoreTable.rows, by: \.chain)
        #expect(byChain.count >= 25)
        #expect(byChain.values.allSatisfy { Set($0.map(\.at)).count >= 3 })
        #expect(Set(byChain.keys) == Set(StoreTable.chains.map(\.name)))
        #expect(StoreTable.rows.allSatisfy { $0.cells.count == StoreTable.columns.count })
    }

    @Test(arguments: StoreTable.rows) func answers(_ row: StoreTable.Row) throws {
        let chain = try #require(StoreTable.chains.first { $0.name == row.chain })
        let report = try Self.report(chain, at: row.at)
        for (index, name) in StoreTable.columns.enumerated() {
            let answer = try #require(report.stores.first { $0.name == name })
            let found = Set(answer.reasons.map(\.reason))
            let cell = try #require(StoreTable.Cell(row.cells[index]), "no such word: \(row.cells[index])")
            #expect(answer.trusted == cell.trusted, "\(row.chain) \(row.at) \(name): \(found)")
            #expect(found == cell.reasons, "\(row.chain) \(row.at) \(name)")
        }
    }

    static func report(_ chain: StoreTable.Chain, at: Instant) throws -> Report {
        let shipped = try StandInStores.shipped()
        let set =
            try chain.isReal
            ? shipped
            : StoreSet(
                StandInStores.stores(chain.standIns),
                clients: Array(shipped.clients.values), logs: StandInStores.logList(),
                blocks: chain.blocks)
        var evidence = Evidence()
        evidence.presented = try chain.presented()
        evidence.source = .handshake
        evidence.fetched = chain.fetched
        var options = Options()
        if let name = chain.host { options.names = [try ReferenceIdentifier(parsing: name)] }
        let references = StoreTable.columns.map { name in
            chain.versions[name].map { "\(name)@\($0)" } ?? name
        }
        return Validator(stores: set, cache: cache).judge(
            Question(
                evidence: evidence, options: options, stores: try set.resolve(references), at: at,
                checkedAt: today, id: "1"))
    }
}
