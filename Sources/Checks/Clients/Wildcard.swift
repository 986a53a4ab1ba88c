import Certificates
import Reports

extension ClientRule {
    /// A reference identifier that only a wildcard matches.
    ///
    /// - Directly below a public suffix (`*.co.uk`): Chromium's `X509Certificate::VerifyHostname` (ICANN
    ///   section alone: `*.appspot.com` is somebody's); the JDK's `HostnameChecker` under shipped anchors.
    /// - A label with an underscore in its place: OpenSSL's `valid_star` and `wildcard_match` know letters,
    ///   digits and hyphens only.
    static let wildcard = ClientRule(
        .clientWildcard, "A wildcard does not stand for other people's names", .rfc(9525, "6.3"),
        .wildcardPublicSuffix, .wildcardUnderscore
    ) { context in
        let presented = context.leaf.dnsNames
        var failures: [Failure] = []
        for case .dns(let name, _) in context.names {
            guard !presented.contains(where: { $0.lowercased() == name }), let dot = name.firstIndex(of: "."),
                let match = presented.first(where: { NameMatch.matches(name, $0) })
            else { continue }
            if PublicSuffixes.contains(String(name[name.index(after: dot)...])) {
                let expected = "no wildcard directly below a public suffix (\(PublicSuffixes.version))"
                failures.append(
                    Failure(.wildcardPublicSuffix, at: 0, expected: expected, presented: match))
            }
            if name[..<dot].contains("_") {
                failures.append(
                    Failure(
                        .wildcardUnderscore, at: 0, expected: "letters, digits, hyphens for the wildcard",
                        presented: "\(match) for \(name)"))
            }
        }
        return .of(failures)
    }
}
