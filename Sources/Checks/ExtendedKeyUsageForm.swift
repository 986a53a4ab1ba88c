import Certificates
import Reports

extension Check {
    /// TLS BR 7.1.2.7.10: a server's certificate carries a non-critical extendedKeyUsage with serverAuth and
    /// without anyExtendedKeyUsage. 7.1.2.1.2: a root carries none.
    static let purposeForm = Check(
        id: .profileEKU, title: "Extended key usage is as the Baseline Requirements ask", kind: .profile,
        reference: .baseline("7.1.2.7.10"), severity: .warning, profiles: [.webpki]
    ) { context in
        var failures: [Failure] = []
        for depth in context.path.belowAnchor {
            let extensions = context.path.certificates[depth].extensions
            if extensions[OIDs.extendedKeyUsage]?.critical == true {
                failures.append(
                    Failure(.ekuCritical, at: depth, expected: "not critical", presented: "critical"))
            }
        }
        if let root = context.path.anchor, root.isSelfIssued, root.extensions[OIDs.extendedKeyUsage] != nil,
            context.path.certificates.count > 1
        {
            failures.append(
                Failure(
                    .ekuForbidden, at: context.path.certificates.count - 1, expected: "none in a root",
                    presented: "extendedKeyUsage"))
        }
        if context.purpose == .server {
            switch context.leaf.extensions.extendedKeyUsage {
            // One that cannot be decoded is not absent; path.critical_extension says so.
            case nil where context.leaf.extensions[OIDs.extendedKeyUsage] != nil: break
            case nil: failures.append(Failure(.ekuAbsent, at: 0, expected: "serverAuth"))
            case .some(let purposes) where purposes.contains(OIDs.anyExtendedKeyUsage):
                failures.append(
                    Failure(.ekuAny, at: 0, expected: "serverAuth", presented: "anyExtendedKeyUsage"))
            case .some: break
            }
        }
        return .of(failures)
    }
}
