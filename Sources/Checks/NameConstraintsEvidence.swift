import Certificates
import PathBuilding
import Reports

/// Whose name constraints a certificate's names break: libcrypto says which certificate, and not under which
/// of its issuers.
package enum NameConstraintsEvidence {
    /// One failure for each issuer whose constraints give libcrypto's error, the nearest first. Those of the
    /// anchor are at the anchor: they are a condition of whoever trusts it.
    package static func failures(_ reason: Reason, _ code: Int32, at depth: Int, in context: PathContext)
        -> [Failure]
    {
        let certificates = context.path.certificates
        let names = NameMatch.presented(certificates[depth])
        return certificates.indices.dropFirst(depth + 1).filter {
            certificates[depth].nameConstraintsError(under: certificates[$0]) == code
        }.map { upper in
            var failure = Failure(
                reason, at: depth, expected: text(reason, of: certificates[upper]),
                presented: names.isEmpty ? certificates[depth].subject.text : names,
                native: LibcryptoTable.native(code))
            if context.place(upper) == .anchor { failure.place = .anchor }
            return failure
        }
    }

    private static func text(_ reason: Reason, of issuer: Certificate) -> String? {
        guard let constraints = issuer.extensions.nameConstraints else { return nil }
        let bases = (reason == .nameExcluded ? constraints.excluded : constraints.permitted).map {
            text($0.base)
        }
        let shown =
            bases.prefix(8).joined(separator: ", ") + (bases.count > 8 ? " and \(bases.count - 8) more" : "")
        return reason == .nameExcluded ? "not within \(shown)" : "within \(shown)"
    }

    private static func text(_ base: GeneralName) -> String {
        switch base {
        case .dns(let text), .email(let text), .uri(let text): text.isEmpty ? "everything" : text
        case .ip(let octets):
            IPAddress(octets: Array(octets.prefix(octets.count / 2))).flatMap { address in
                IPAddress(octets: Array(octets.suffix(octets.count / 2))).map {
                    "\(address.text) mask \($0.text)"
                }
            } ?? Hex.encode(octets)
        case .directory(let der): (try? DistinguishedName(der: der).text) ?? "a directory name"
        case .other: "a name of another form"
        }
    }
}
