import Certificates

/// Certificates and keys that clients refuse wherever in a path they stand: Mozilla's OneCRL, the keys
/// compiled into Chrome, the JDK's blocked certificates.
package struct BlockList: Sendable {
    /// By what an entry names a certificate.
    package enum Entry: String, Sendable {
        case issuerSerial = "issuer_serial"
        case subjectKey = "subject_key"
        case key
        case certificate
    }

    struct IssuerSerial: Hashable, Sendable {
        let issuer: [UInt8]
        let serial: [UInt8]
    }

    /// `onecrl`, `chrome`, `jdk`.
    package let name: String
    package let version: String
    /// Upstream's date of the list; nil when it names none.
    package let published: Instant?
    /// The clients that refuse what is in it.
    package let clients: Set<ClientName>
    let issuerSerials: Set<IssuerSerial>
    /// SHA-256 of the key to those of the subjects' DER.
    let subjectKeys: [SHA256Digest: Set<SHA256Digest>]
    let keys: Set<SHA256Digest>
    let certificates: Set<SHA256Digest>

    package var count: Int {
        issuerSerials.count + subjectKeys.values.reduce(0) { $0 + $1.count } + keys.count + certificates.count
    }

    /// Why `certificate` is in the list; nil when it is not. Names and serial numbers compare as bytes, as
    /// the clients do.
    package func entry(for certificate: Certificate) -> Entry? {
        if certificates.contains(certificate.sha256) { return .certificate }
        if keys.contains(certificate.spkiSHA256) { return .key }
        if !issuerSerials.isEmpty,
            issuerSerials.contains(
                IssuerSerial(issuer: certificate.issuer.der, serial: certificate.serial))
        {
            return .issuerSerial
        }
        if let subjects = subjectKeys[certificate.spkiSHA256],
            subjects.contains(SHA256Digest(of: certificate.subject.der))
        {
            return .subjectKey
        }
        return nil
    }
}
