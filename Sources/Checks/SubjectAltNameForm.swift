import Certificates
import Reports

extension Check {
    /// RFC 5280 §4.2.1.6 and TLS BR 7.1.2.7.12: names stand in the SAN, in the preferred name syntax; the SAN
    /// is critical exactly when the subject is empty. libcrypto adds, in both profiles, that issuers have a
    /// name (83, 84) and no SAN is empty (87).
    static let subjectAltName = Check(
        id: .profileNames, title: "Names are well-formed", kind: .profile, reference: .rfc(5280, "4.2.1.6"),
        severity: .warning
    ) { context in
        guard context.profile == .webpki else { return .passed }
        let leaf = context.leaf
        guard let names = leaf.extensions.subjectAltName else {
            // One that cannot be decoded is not absent; path.critical_extension says so.
            let absent = leaf.extensions[OIDs.subjectAltName] == nil
            return context.purpose == .server && absent ? .failed(.sanAbsent, at: 0) : .notApplicable
        }
        var failures: [Failure] = []
        if leaf.extensions[OIDs.subjectAltName]?.critical == true, !leaf.subject.isEmpty {
            failures.append(
                Failure(
                    .sanCriticality, at: 0, expected: "not critical beside a subject", presented: "critical"))
        }
        if names.isEmpty { failures.append(Failure(.sanEmpty, at: 0)) }
        if let bad = names.first(where: { !isWellFormed($0) }) {
            failures.append(
                Failure(.nameSyntax, at: 0, expected: "letters, digits, hyphens", presented: text(of: bad)))
        }
        return .of(failures)
    }

    private static func isWellFormed(_ name: GeneralName) -> Bool {
        switch name {
        case .ip(let octets): octets.count == 4 || octets.count == 16
        case .dns(let text): HostSyntax.isLDH(text.hasPrefix("*.") ? text.dropFirst(2) : text[...])
        default: true
        }
    }

    private static func text(of name: GeneralName) -> String {
        switch name {
        case .dns(let text): text
        case .ip(let octets): Hex.encode(octets)
        default: "another form"
        }
    }
}

/// RFC 1034 §3.5 as RFC 1123 §2.1 amends it.
enum HostSyntax {
    static func isLDH(_ name: Substring) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 253 else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard (1...63).contains(label.utf8.count), label.utf8.first != 0x2D, label.utf8.last != 0x2D
            else {
                return false
            }
            return label.utf8.allSatisfy {
                (0x61...0x7A).contains($0 | 0x20) && $0 >= 0x41 || (0x30...0x39).contains($0) || $0 == 0x2D
            }
        }
    }
}
