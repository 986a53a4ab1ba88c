import Certificates
import Foundation

package struct FixtureCertificate: Sendable {
    package let der: [UInt8]
    /// Content octets.
    package let serial: [UInt8]
    package let spec: CertificateSpec
    let issuerKey: Key

    package var key: Key { spec.key }
    package var sha256: SHA256Digest { SHA256Digest(of: der) }
    package var pem: String { PEMText.block("CERTIFICATE", der) }
    /// The private key, PKCS#8 in PEM; empty when there is none.
    package var keyPEM: String { key.pkcs8.map { PEMText.block("PRIVATE KEY", $0) } ?? "" }

    /// The same certificate made again by the same issuer with something changed: a renewal, or a defect.
    package func reissued(_ change: (inout CertificateSpec) -> Void) -> FixtureCertificate {
        var spec = spec
        change(&spec)
        return spec.signed(by: issuerKey)
    }
}

package enum PEMText {
    /// RFC 7468, 64 columns.
    package static func block(_ label: String, _ der: [UInt8]) -> String {
        let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
    }
}

extension Sequence<FixtureCertificate> {
    package var pem: String { map(\.pem).joined() }

    /// A PKCS#7 SignedData without signers: certificates only (RFC 5652 §5, RFC 8551 §3.2).
    package var pkcs7: [UInt8] {
        Encode.sequence(
            Encode.oid("1.2.840.113549.1.7.2"),
            Encode.context(
                0,
                Encode.sequence(
                    Encode.integer(1), Encode.set(of: []),
                    Encode.sequence(Encode.oid("1.2.840.113549.1.7.1")),
                    Encode.context(0, Array(map(\.der).joined())), Encode.set(of: []))))
    }
}
