import Certificates
import Fixtures
import Foundation
import Reports
import Validation
import Vectors

/// The fast road against the full road: how many chains, how often it was taken, where they differ.
package struct Agreement {
    package private(set) var chains = 0
    /// Times that libcrypto was not asked.
    package private(set) var taken = 0
    package private(set) var disagreements: [String] = []

    package init() {}

    /// The chains of the fixtures and of random small PKIs, each twice, so that the caches are warm.
    package mutating func fixtures(seeds: UInt64) throws {
        for chain in StandardChains.all {
            try compare(
                chain.id, chain.presented.map(\.der), anchors: chain.anchors.map(\.der), names: chain.names)
        }
        for seed in 0..<seeds {
            let pki = PlainPKI(seed: seed)
            let made = pki.certificates()
            try compare(
                "PlainPKI \(seed)", pki.presented.map { made[$0].der },
                anchors: pki.anchors.map { made[$0].der },
                names: [pki.name])
        }
    }

    private mutating func compare(
        _ label: String, _ chain: [[UInt8]], anchors: [[UInt8]], names: [String]
    ) throws {
        let roads = try TwoRoads(anchors: anchors)
        for purpose in [Purpose.server, .client, .any] {
            for profile in [Profile.webpki, .rfc5280] {
                var options = Options()
                options.names = try names.map { try ReferenceIdentifier(parsing: $0) }
                (options.purpose, options.profile) = (purpose, profile)
                for _ in 0..<2 { note(label, roads.disagreement(chain, options)) }
            }
        }
        taken += roads.caPaths.hits
    }

    /// Every public vector, twice; both roads know the anchors of the shipped stores.
    package mutating func vectors(_ folder: String, trustData: String) throws {
        let caPaths = CAPathCache()
        let fast = try Engine(trustData: trustData, caPaths: caPaths)
        let full = try Engine(trustData: trustData, cache: CertificateCache(shortcuts: false), caPaths: nil)
        // Of vectors that name no instant: those live for centuries.
        let now = Instant(seconds: 1_796_000_000)
        for vector in try VectorFolder(path: folder).vectors() {
            let long = Trial(vector, full, now: now)
            for _ in 0..<2 {
                let short = Trial(vector, fast, now: now)
                chains += 1
                if let a = short.report, let b = long.report {
                    if let found = Disagreement(a, b, []) { disagreements.append("\(vector.id)\n\(found)") }
                } else if short.refusal != long.refusal {
                    disagreements.append("\(vector.id): \(short.refusal ?? "-"), \(long.refusal ?? "-")")
                }
            }
        }
        taken += caPaths.hits
    }

    /// Mutated chains until `count` are done or `goesOn` says no. The same seed gives the same chains, but
    /// for RSA keys and the noise of ECDSA signatures.
    package mutating func mutants(
        seed: UInt64, count: Int, stopAt limit: Int = 20, goesOn: (Int) -> Bool = { _ in true }
    ) throws {
        var mutator = Mutator(seed: seed)
        let families = Family.all
        // One CA path for all: the anchors are those of all families.
        let roads = try TwoRoads(anchors: families.map(\.family.root.certificate.der))
        let total = families.reduce(0) { $0 + $1.weight }
        let first = chains
        while chains - first < count, disagreements.count < limit, goesOn(chains) {
            var ticket = mutator.pick(0..<total)
            let family = families.first { entry in
                ticket -= entry.weight
                return ticket < 0
            }
            guard let family = family?.family else { continue }
            var options = Options()
            options.names = [try ReferenceIdentifier(parsing: Family.host)]
            options.purpose = [.server, .server, .server, .server, .client, .any][mutator.pick(0..<6)]
            let chain = mutator.chain(family)
            // A good sibling first: only under a CA path that was judged is the fast road taken.
            let sibling = [family.good[0], chain[1]]
            if chain[1] != family.issuer.certificate.der {
                note("sibling of a mutant, \(family.name)", roads.disagreement(sibling, options))
            } else if chains - first < 100 {
                note(family.name, roads.disagreement(family.good, options))
            }
            note("mutant \(chains) of seed \(seed), \(family.name)", roads.disagreement(chain, options))
        }
        taken += roads.caPaths.hits
    }

    private mutating func note(_ label: String, _ found: Disagreement?) {
        chains += 1
        if let found { disagreements.append("\(label)\n\(found)") }
    }
}
