import Certificates

/// Certificates parsed in one load, shared by every store that holds them.
struct CertificateShelf {
    /// Certificates of one file or folder; the largest public list has about 300.
    static let limit = 10_000

    private(set) var known: [SHA256Digest: Certificate]

    /// Starts with those of an earlier load: a reload parses only what is new.
    init(reusing earlier: [Certificate] = []) {
        known = Dictionary(earlier.map { ($0.sha256, $0) }) { first, _ in first }
    }

    mutating func certificate(_ der: [UInt8]) throws(CertificateError) -> Certificate {
        let digest = SHA256Digest(of: der)
        if let found = known[digest] { return found }
        let fresh = try Certificate.parse(der: der)
        known[digest] = fresh
        return fresh
    }

    /// All certificates of a PEM file, or the one of a DER file. What does not parse goes to `bad` where
    /// there is one, else it is an error that says which.
    mutating func certificates(
        _ bytes: [UInt8], file: String, bad: ((TrustStoreError) -> Void)? = nil
    ) throws(TrustStoreError) -> [Certificate] {
        var out = [Certificate]()
        let ders = bytes.first == 0x30 ? [bytes] : try Self.decode(bytes, file: file)
        guard !ders.isEmpty else { throw TrustStoreError(.empty, file: file, "no certificate in it") }
        for (at, der) in ders.enumerated() {
            do {
                out.append(try certificate(der))
            } catch {
                let which = ders.count == 1 ? "the certificate" : "certificate \(at + 1) of \(ders.count)"
                let failure = TrustStoreError(.malformed, file: file, "\(which) \(Self.reason(error))")
                guard let bad else { throw failure }
                bad(failure)
            }
        }
        return out
    }

    private static func decode(_ bytes: [UInt8], file: String) throws(TrustStoreError) -> [[UInt8]] {
        do {
            return try PEM.decode(bytes, limit: limit)
        } catch {
            switch error {
            case .noBlock: throw TrustStoreError(.empty, file: file, "no PEM block in it")
            case .privateKey:
                throw TrustStoreError(
                    .privateKey, file: file,
                    "holds a private key; a trust store is a list of certificates only")
            case .tooMany(let limit):
                throw TrustStoreError(.tooLarge, file: file, "more than \(limit) certificates")
            case .unterminated(let block):
                throw TrustStoreError(.malformed, file: file, "PEM block \(block + 1) has no END line")
            case .labelsDiffer(let block):
                throw TrustStoreError(
                    .malformed, file: file, "PEM block \(block + 1): its END line has another label")
            case .base64(let block):
                throw TrustStoreError(.malformed, file: file, "PEM block \(block + 1) is not base64")
            case .pkcs7(let block):
                throw TrustStoreError(.malformed, file: file, "PEM block \(block + 1) is not PKCS#7")
            }
        }
    }

    private static func reason(_ error: CertificateError) -> String {
        switch error {
        case .malformed(let offset): "does not decode from byte \(offset) on"
        case .trailingBytes(let offset): "ends at byte \(offset) and something follows"
        case .refused: "is refused by libcrypto"
        case .tooLarge(let size): "has \(size) bytes"
        }
    }
}
