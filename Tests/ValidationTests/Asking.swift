import Certificates
import Fixtures
import PathBuilding
import Reports
import Testing
import TrustStores

@testable import Validation

/// Holds nothing that depends on stores or time, so all tests share it.
let cache = CertificateCache()

func parsed(_ certificates: [FixtureCertificate]) throws -> [Certificate] {
    try certificates.map { try Certificate.parse(der: $0.der) }
}

func store(
    _ name: String, _ anchors: [FixtureCertificate], origin: TrustStore.Origin = .custom,
    client: Client = Client(name: .libcrypto, completes: .nothing)
) throws -> TrustStore {
    TrustStore(
        name: name, origin: origin, client: client,
        basis: .full, anchors: try parsed(anchors).map { Anchor(certificate: $0) })
}

/// Entries of a client's data; one that cannot be read fails the test.
func rules(_ texts: [String]) -> [ClientEntry] {
    let read = texts.compactMap { ClientEntry(parsing: $0) }
    #expect(read.map(\.description) == texts)
    return read
}

/// What is asked in one test: everything but the chain has a default.
struct Asking {
    var presented: [FixtureCertificate]
    var source = Evidence.Source.handshake
    var fetched: [Fetched] = []
    var names: [String] = []
    /// Loaded; asked are those of `asked`, or all.
    var loaded: [TrustStore] = []
    var asked: [String]?
    var clients: [Client] = []
    var at: Instant = now
    var options = Options()
    var budget = SearchBudget()

    init(_ presented: [FixtureCertificate], names: [String] = [], stores: [TrustStore] = []) {
        (self.presented, self.names, loaded) = (presented, names, stores)
    }

    /// The chain as a server sends it, its anchors as the store `corp`.
    init(_ chain: StandardChain) throws {
        self.init(chain.presented, names: chain.names, stores: [try store("corp", chain.anchors)])
    }

    func report() throws -> Report {
        let (validator, question) = try question()
        let report = validator.judge(question)
        try expectCatalogued(report)
        return report
    }

    func missing() throws -> [Wanted] {
        let (validator, question) = try question()
        return validator.missing(question)
    }

    private func question() throws -> (Validator, Question) {
        let set = StoreSet(loaded, clients: clients)
        var evidence = Evidence()
        evidence.presented = presented.map(\.der)
        evidence.source = source
        evidence.fetched = fetched
        var options = options
        options.names = try names.map { try ReferenceIdentifier(parsing: $0) }
        return (
            Validator(stores: set, cache: cache, budget: budget),
            Question(
                evidence: evidence, options: options, stores: try set.resolve(asked ?? loaded.map(\.name)),
                storesFrom: .request, at: at, checkedAt: at, id: "1")
        )
    }

    func with(_ change: (inout Asking) -> Void) -> Asking {
        var copy = self
        change(&copy)
        return copy
    }
}

extension Finding {
    /// `check reason place number`, the parts that it has; `?` before the reason when it is not established.
    var short: String {
        let reason = status == .notEstablished ? "?\(self.reason.rawValue)" : self.reason.rawValue
        return
            ([check.rawValue, reason] + [place?.rawValue, native.map { String($0.code) }].compactMap { $0 })
            .joined(separator: " ")
    }
}

extension Report {
    /// All findings, the one that the summary begins with first.
    var shorts: [String] {
        guard let first = Summary.primary(findings) else { return [] }
        return [first.short] + findings.filter { $0 != first }.map(\.short).sorted()
    }

    func finding(_ check: CheckID) -> Finding? { findings.first { $0.check == check } }
}
