import Certificates
import Fixtures
import PathBuilding
import Reports

@testable import Checks

/// A path of fixtures, end entity first, its last an anchor unless told otherwise.
func context(
    _ certificates: [FixtureCertificate], end: CandidatePath.End = .anchor, profile: Profile = .webpki,
    purpose: Purpose = .server, names: [ReferenceIdentifier] = []
) throws -> PathContext {
    PathContext(
        path: CandidatePath(
            certificates: try certificates.map { try Certificate.parse(der: $0.der) }, end: end),
        at: now, names: names, purpose: purpose, profile: profile, cache: CertificateCache())
}

extension Check {
    /// What the check finds, as reason and depth; nil when it has nothing to say.
    func failures(_ context: PathContext) -> [String]? {
        switch evaluate?(context) {
        case .passed: []
        case .failed(let failures): failures.map { "\($0.reason.rawValue)@\($0.depth)" }
        case .notApplicable, nil: nil
        }
    }
}
