import Certificates
import Reports

extension Check {
    /// RFC 9525 §6: a reference identifier matches one presented identifier of its own kind. CN is never
    /// looked at (§2), a wildcard is the whole left-most label and stands for exactly one label (§6.3).
    static let nameMatch = Check(
        id: .nameMatch, title: "The certificate is for this name", kind: .path, reference: .rfc(9525, "6.3")
    ) { context in
        guard !context.names.isEmpty else { return .notApplicable }
        let presented = NameMatch.presented(context.leaf)
        return .of(
            context.names.filter { !NameMatch.matches($0, context.leaf) }.map { name in
                let native = LibcryptoTable.native(name.isAddress ? 64 : 62)
                return presented.isEmpty
                    ? Failure(
                        .namesAbsent, at: 0, expected: name.text,
                        presented: context.leaf.subject.commonName.map { "only CN=\($0)" }, native: native)
                    : Failure(.nameMismatch, at: 0, expected: name.text, presented: presented, native: native)
            })
    }
}

extension ReferenceIdentifier {
    fileprivate var isAddress: Bool {
        if case .ip = self { true } else { false }
    }
}

package enum NameMatch {
    package static func matches(_ name: ReferenceIdentifier, _ certificate: Certificate) -> Bool {
        let names = certificate.extensions.subjectAltName ?? []
        switch name {
        case .ip(let octets, _):
            // IP-ID to IP-ID only: a dNSName "192.0.2.9" is not that address.
            return names.contains { $0 == .ip(octets) }
        case .dns(let reference, _):
            return names.contains {
                if case .dns(let presented) = $0 { matches(reference, presented) } else { false }
            }
        }
    }

    /// `reference` is in lower case, without a trailing dot.
    package static func matches(_ reference: String, _ presented: String) -> Bool {
        let wanted = Array(reference.utf8)
        let offered = presented.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard offered.starts(with: Array("*.".utf8)) else { return wanted == offered }
        let suffix = offered.dropFirst(1)
        // At least two labels behind the wildcard, as libcrypto has it: `*.com` is nobody's.
        guard suffix.dropFirst().contains(0x2E), !suffix.dropFirst().contains(0x2A),
            let dot = wanted.firstIndex(of: 0x2E), dot > 0
        else { return false }
        return wanted[dot...].elementsEqual(suffix)
    }

    /// What was offered, cut where a sentence would drown in it.
    static func presented(_ certificate: Certificate) -> String {
        let names = (certificate.extensions.subjectAltName ?? []).compactMap { name -> String? in
            switch name {
            case .dns(let text): text
            case .ip(let octets): IPAddress(octets: octets)?.text
            default: nil
            }
        }
        let shown = names.prefix(8).joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
}
