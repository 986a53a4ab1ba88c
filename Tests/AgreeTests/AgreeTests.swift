import Testing

@testable import agree

/// The short run of `scripts/agree`: fixed seeds, some hundred chains.
@Suite struct AgreeTests {
    @Test func fixtures() throws {
        var agreement = Agreement()
        try agreement.fixtures(seeds: 3)
        for found in agreement.disagreements { Issue.record("\(found)") }
        #expect(agreement.taken > 40)
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>) func mutants(_ seed: UInt64) throws {
        var agreement = Agreement()
        try agreement.mutants(seed: seed, count: 150)
        for found in agreement.disagreements { Issue.record("\(found)") }
        // Else nothing was compared.
        #expect(agreement.taken > 3)
    }
}
