import Certificates
import Reports

extension Check {
    /// TLS BR 7.1.4.3: a commonName is one of the names of the SAN: an IPv4 address as RFC 3986 §3.2.2 writes
    /// it, an IPv6 address as RFC 5952 §4 does, a domain name as a character for character copy, so in
    /// A-labels.
    ///
    /// Only the form is looked at. That the SAN has the name at all is not demanded: no client reads the
    /// commonName (RFC 9525 §2), and five good paths of x509-limbo and 47 of BetterTLS have one that is not
    /// in the SAN.
    static let commonNameForm = Check(
        id: .profileCommonName, title: "A common name that is a host is written as in the SAN",
        kind: .profile,
        reference: .baseline("7.1.4.3"), severity: .warning, profiles: [.webpki]
    ) { context in
        let names = context.leaf.subject.attributes.filter { $0.type == "CN" }.map(\.value)
        guard !names.isEmpty else { return .notApplicable }
        let offered = context.leaf.dnsNames
        return .of(
            names.compactMap { name in
                guard let wanted = canonical(name, offered), wanted != name else { return nil }
                return Failure(.commonNameForm, at: 0, expected: wanted, presented: name)
            })
    }

    /// How the name should be written; nil when it is no host.
    private static func canonical(_ name: String, _ offered: [String]) -> String? {
        if let address = IPAddress(name) { return address.text }
        if isOldAddress(name) { return "an IPv4 address of four decimal numbers" }
        if let copy = offered.first(where: { $0.lowercased() == name.lowercased() }) { return copy }
        guard !name.utf8.allSatisfy({ $0 < 0x80 }), name.contains("."), !name.contains(" ") else {
            return nil
        }
        return try? IDNA.toASCII(name)
    }

    /// Octal, hexadecimal and short forms, which `inet_aton` reads; not a lone decimal number.
    private static func isOldAddress(_ name: String) -> Bool {
        let labels = name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        func isHex(_ label: Substring.UTF8View) -> Bool {
            label.starts(with: [0x30, 0x78]) && label.count > 2
        }
        guard labels.count > 1 || labels.first.map(isHex) == true, labels.count <= 4 else { return false }
        return labels.allSatisfy { label in
            isHex(label)
                ? label.dropFirst(2).allSatisfy {
                    (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20)
                }
                : !label.isEmpty && label.allSatisfy { (0x30...0x39).contains($0) }
        }
    }
}
