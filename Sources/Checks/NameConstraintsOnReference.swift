import Certificates
import Reports

extension Check {
    /// RFC 5280 §6.1.3 (b), (c): name constraints. libcrypto compares the names that certificates carry; a
    /// wildcard SAN `*.example.com` thus slips past an excluded `secret.example.com` (CVE-2025-61727 in Go),
    /// so excluded subtrees are applied to the reference identifier as well.
    static let nameConstraints = Check(
        id: .pathNameConstraints, title: "Name constraints hold", kind: .path,
        reference: .rfc(5280, "6.1.3(c)")
    ) { context in
        let constrained = context.path.certificates.indices.dropFirst().filter {
            context.path.certificates[$0].extensions.nameConstraints != nil
        }
        guard !constrained.isEmpty else { return .notApplicable }
        var failures: [Failure] = []
        for depth in constrained {
            guard let excluded = context.path.certificates[depth].extensions.nameConstraints?.excluded else {
                continue
            }
            for case .dns(let name, _) in context.names {
                for subtree in excluded {
                    guard case .dns(let base) = subtree.base, isWithin(name, base.lowercased()) else {
                        continue
                    }
                    var failure = Failure(
                        .nameExcluded, at: 0, expected: "not within \(base)", presented: name,
                        native: LibcryptoTable.native(48))
                    if context.place(depth) == .anchor { failure.place = .anchor }
                    failures.append(failure)
                }
            }
        }
        return .of(failures)
    }

    private static func isWithin(_ name: String, _ base: String) -> Bool {
        base.isEmpty || name == base || name.hasSuffix(base.hasPrefix(".") ? base : "." + base)
    }
}
