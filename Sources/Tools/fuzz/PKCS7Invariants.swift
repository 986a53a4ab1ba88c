import Certificates
import Reports

enum PKCS7Invariants {
    static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
        guard let certificates = try? PKCS7.certificates(der: bytes) else { return }
        // libcrypto reads BER and writes DER, which is never the longer one by more than a length's octets.
        let total = certificates.reduce(0) { $0 + $1.count }
        try require(total <= 2 * bytes.count, "\(total) octets of certificates in \(bytes.count)")
        for der in certificates {
            try require(!der.isEmpty, "an empty certificate")
            // libcrypto read it as a certificate; whether we do is ours to say.
            _ = try? Certificate.parse(der: der)
        }
        let posted = try? PostedCertificates.pkcs7(bytes).decoded()
        try require(
            certificates.isEmpty || certificates.count > PostedCertificates.limit || posted == certificates,
            "a request reads other certificates")
    }
}
