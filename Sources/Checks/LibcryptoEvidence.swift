import COpenSSL
import Certificates
import PathBuilding
import Reports

/// Both sides of the comparisons that libcrypto made and does not tell: what the rule asks, what the
/// certificate has.
package enum LibcryptoEvidence {
    package static func sides(_ reason: Reason, at depth: Int, in context: PathContext)
        -> (expected: String?, presented: String?)
    {
        let certificate = context.path.certificates[depth]
        let extensions = certificate.extensions
        switch reason {
        case .keyTooSmall:
            return ("a key of 112 bits of security, as RSA 2048 or P-256", certificate.key.display)
        case .digestTooWeak: return ("a digest such as SHA-256", certificate.signatureAlgorithm)
        case .keyCertSignAbsent: return ("keyCertSign", usages(extensions))
        case .keyUsageUnsuitable:
            return (
                context.purpose == .client ? "digitalSignature" : "digitalSignature or keyEncipherment",
                usages(extensions)
            )
        case .notACA:
            return ("cA TRUE", extensions.basicConstraints == nil ? "no basicConstraints" : "cA FALSE")
        case .purposeNotAllowed:
            let names = (extensions.extendedKeyUsage ?? []).map { OIDs.purposeNames[$0] ?? $0.description }
            return (context.purpose == .client ? "clientAuth" : "serverAuth", names.joined(separator: ", "))
        case .pathLengthExceeded:
            let below = context.path.certificates[..<depth].dropFirst().count { !$0.isSelfIssued }
            return (
                extensions.basicConstraints?.pathLength.map { "at most \($0) intermediates below it" },
                "\(below)"
            )
        case .nameNotPermitted, .nameExcluded: return constraint(reason, depth, context)
        case .criticalExtensionUnknown: return (nil, unknown(certificate))
        default: return (nil, nil)
        }
    }

    private static func usages(_ extensions: Extensions) -> String? {
        extensions.keyUsage?.names.joined(separator: ", ")
    }

    /// The subtrees of the nearest issuer whose constraints the certificate's names break.
    private static func constraint(_ reason: Reason, _ depth: Int, _ context: PathContext)
        -> (expected: String?, presented: String?)
    {
        let certificates = context.path.certificates
        let issuer = certificates[depth...].dropFirst().first {
            !certificates[depth].isWithinNameConstraints(of: $0)
        }
        let names = NameMatch.presented(certificates[depth])
        let presented = names.isEmpty ? certificates[depth].subject.text : names
        guard let constraints = issuer?.extensions.nameConstraints else { return (nil, presented) }
        let bases = (reason == .nameExcluded ? constraints.excluded : constraints.permitted).map {
            text($0.base)
        }
        let shown =
            bases.prefix(8).joined(separator: ", ") + (bases.count > 8 ? " and \(bases.count - 8) more" : "")
        return (reason == .nameExcluded ? "not within \(shown)" : "within \(shown)", presented)
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

    /// The critical extensions that libcrypto does not handle.
    private static func unknown(_ certificate: Certificate) -> String? {
        let names = certificate.withX509 { x509 in
            (0..<X509_get_ext_count(x509)).compactMap { index -> String? in
                guard let item = X509_get_ext(x509, index), X509_EXTENSION_get_critical(item) == 1,
                    X509_supported_extension(item) == 0
                else { return nil }
                return certificate.extensions.all.indices.contains(Int(index))
                    ? certificate.extensions.all[Int(index)].oid.description : nil
            }
        }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }
}
