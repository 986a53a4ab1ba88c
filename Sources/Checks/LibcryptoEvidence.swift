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
        case .criticalExtensionUnknown: return (nil, unknown(certificate))
        default: return (nil, nil)
        }
    }

    private static func usages(_ extensions: Extensions) -> String? {
        extensions.keyUsage?.names.joined(separator: ", ")
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
