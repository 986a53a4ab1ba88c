import Certificates
import Fixtures
import PathBuilding
import Reports

@testable import Checks

/// A path in front of one check: end entity first, the anchor last.
struct Bench {
    var certificates: [FixtureCertificate]
    var end = CandidatePath.End.anchor
    var names: [String] = []
    var at: Instant = now
    var purpose = Purpose.server
    var profile = Profile.webpki

    init(_ chain: StandardChain) {
        certificates = chain.presented + chain.anchors
        names = chain.names
    }

    init(_ certificates: [FixtureCertificate], names: [String] = []) {
        (self.certificates, self.names) = (certificates, names)
    }

    /// The usual chain with a change to what the leaf says.
    static func leaf(_ change: @escaping (inout CertificateSpec) -> Void) -> Bench {
        let chain = StandardChains.good()
        return Bench(
            [StandardChains.intermediate.leaf(names: [StandardChains.host], change), chain.presented[1]]
                + chain.anchors)
    }

    /// The usual chain with a change to what the intermediate says.
    static func intermediate(_ change: @escaping (inout CertificateSpec) -> Void) -> Bench {
        let issuer = StandardChains.root.intermediate("Odd Intermediate", key: nil, change)
        return Bench([issuer.leaf(StandardChains.host), issuer.certificate, StandardChains.root.certificate])
    }

    /// The usual chain with a change to what the anchor says.
    static func anchor(_ change: @escaping (inout CertificateSpec) -> Void) -> Bench {
        let root = Fixtures.Authority.root("Odd Root", change)
        let issuer = root.intermediate("Intermediate Of Odd")
        return Bench([issuer.leaf(StandardChains.host), issuer.certificate, root.certificate])
    }

    func with(_ change: (inout Bench) -> Void) -> Bench {
        var copy = self
        change(&copy)
        return copy
    }

    func context() throws -> PathContext {
        PathContext(
            path: CandidatePath(
                certificates: try certificates.map { try Certificate.parse(der: $0.der) }, end: end),
            at: at, names: try names.map { try ReferenceIdentifier(parsing: $0) }, purpose: purpose,
            profile: profile,
            cache: CertificateCache())
    }

    func outcome(of check: Check) throws -> Outcome { check.evaluate?(try context()) ?? .passed }

    /// `reason depth expected|presented number`, one line for each failure; `passed`, `not applicable`.
    func lines(_ check: Check) throws -> [String] {
        switch try outcome(of: check) {
        case .passed: return ["passed"]
        case .notApplicable: return ["not applicable"]
        case .failed(let failures):
            return failures.map { failure in
                let sides = "\(failure.expected ?? "-")|\(failure.presented ?? "-")"
                let open = failure.status == .notEstablished ? "?" : ""
                return "\(open)\(failure.reason.rawValue) \(failure.depth) \(sides)"
                    + (failure.native.map { " \($0.code)" } ?? "")
            }
        }
    }
}
