import Certificates
import Reports

extension ClientRule {
    /// RFC 5280 §6.1.4 (l) does not count self-issued certificates for a path length; Firefox, Go, GnuTLS and
    /// rustls do (ran).
    static let pathLength = ClientRule(
        .clientPathLength, "Path lengths hold with self-issued certificates counted", .rfc(5280, "6.1.4(l)"),
        .pathLengthSelfIssued
    ) { context in
        .of(
            context.path.certificates.indices.dropFirst().compactMap { depth in
                let below = context.path.certificates[1..<depth]
                guard let limit = context.path.certificates[depth].extensions.basicConstraints?.pathLength,
                    below.count > limit, below.count(where: { !$0.isSelfIssued }) <= limit
                else { return nil }
                return Failure(
                    .pathLengthSelfIssued, at: depth, expected: "at most \(limit) intermediates below it",
                    presented: "\(below.count) with the self-issued")
            })
    }
}
