import Certificates
import Reports

extension ClientRule {
    /// What an anchor may be besides a root. An end entity that is the anchor itself is refused by Chromium
    /// and GnuTLS; an anchor with another issuer by `openssl verify` without partial chains, Node and rustls
    /// (ran).
    static let anchorForm = ClientRule(
        .clientAnchorForm, "The anchor is a root", .rfc(5280, "6.1.1(d)"), .anchorIsEndEntity,
        .anchorNotSelfIssued
    ) { context in
        guard let anchor = context.path.anchor else { return .notApplicable }
        let depth = context.path.certificates.count - 1
        var failures: [Failure] = []
        if depth == 0 {
            failures.append(
                Failure(
                    .anchorIsEndEntity, at: 0, expected: "an issuer that is the anchor",
                    presented: anchor.subject.text))
        }
        if !anchor.isSelfIssued {
            var failure = Failure(
                .anchorNotSelfIssued, at: depth, expected: "its own issuer", presented: anchor.issuer.text)
            failure.place = .anchor
            failures.append(failure)
        }
        return .of(failures)
    }
}
