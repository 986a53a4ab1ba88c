import Certificates

/// Certificates as they came in a request, still encoded.
package enum PostedCertificates: Sendable, Equatable {
    case pem([UInt8])
    case der([UInt8])
    case pkcs7([UInt8])

    /// Certificates a request; no real chain has more than a handful, a folder of anchors a few hundred.
    package static let limit = 1_000

    /// The DER of each certificate in the order of the input, at least one, none parsed yet.
    package func decoded(limit: Int = Self.limit) throws(Malformed) -> [[UInt8]] {
        let certificates: [[UInt8]]
        switch self {
        case .pem(let bytes):
            do { certificates = try PEM.decode(bytes, limit: limit) } catch { throw Malformed(error) }
        case .der(let bytes): certificates = bytes.isEmpty ? [] : [bytes]
        case .pkcs7(let bytes):
            do {
                certificates = try PKCS7.certificates(der: bytes)
            } catch {
                throw Malformed(.pkcs7Malformed, "not a PKCS#7 of certificates in DER")
            }
        }
        guard certificates.count <= limit else { throw Malformed(PEMError.tooMany(limit: limit)) }
        guard !certificates.isEmpty else { throw Malformed(.noCertificate, "the input holds no certificate") }
        return certificates
    }
}
