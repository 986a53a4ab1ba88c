import COpenSSL
import Synchronization

/// Why bytes are not a certificate.
package enum CertificateError: Error, Equatable, Sendable {
    /// Not the DER of a Certificate (RFC 5280 §4.1), from about this offset on.
    case malformed(offset: Int)
    /// A certificate, and then something else.
    case trailingBytes(offset: Int)
    /// Well-formed by our reading, refused by libcrypto.
    case refused
    /// Larger than `Certificate.sizeLimit`.
    case tooLarge(Int)
}

/// An X.509 certificate (RFC 5280), immutable, parsed once. The only owner of an `X509*`.
package final class Certificate: Sendable, Hashable {
    /// 256 kB: ten thousand DNS names fit; nothing that a TLS server can send is larger (its message holds 16
    /// MB, clients cap it at 100 kB to 1 MB).
    package static let sizeLimit = 256 * 1024

    package let der: [UInt8]
    package let sha256: SHA256Digest
    /// 1, 2 or 3 (RFC 5280 §4.1.2.1); 0 for a negative number or one of several octets.
    package let version: Int
    /// Content octets of the INTEGER (§4.1.2.2).
    package let serial: [UInt8]
    package let issuer: DistinguishedName
    package let subject: DistinguishedName
    package let validFrom: CertificateTime
    package let validTo: CertificateTime
    package let key: PublicKeyInfo
    package let spkiSHA256: SHA256Digest
    package let extensions: Extensions
    /// AlgorithmIdentifier beside the signature and inside the TBSCertificate; they must be equal (§4.1.1.2).
    package let outerAlgorithm: [UInt8]
    package let innerAlgorithm: [UInt8]
    /// libcrypto can decode the public key.
    package let isKeyDecodable: Bool
    /// `X509_NAME_hash_ex` of the canonical subject and issuer: equal names have equal hashes.
    package let subjectHash: UInt
    package let issuerHash: UInt
    /// Subject and issuer are the same name (§3.2).
    package let isSelfIssued: Bool
    /// libcrypto found an extension that it could not decode (EXFLAG_INVALID).
    package let hasInvalidExtension: Bool
    /// The members of a report's description from `version` on, without braces.
    package let renderedJSON: [UInt8]

    /// Where the TBSCertificate and the signature's octets stand in `der`.
    let tbs: Range<Int>
    let signature: Range<Int>

    /// libcrypto's object without the public key: names, extensions, encoding. Made by a library context that
    /// has no algorithms, because decoding the key through the provider layer costs five times all the rest.
    nonisolated(unsafe) private let keyless: OpaquePointer
    /// The whole object, made when it is first asked for; 0 before. Most end entities never need it.
    private let whole = Atomic<UInt>(0)

    /// Throws `CertificateError`. `der` must be one certificate and nothing else. Without `shortcuts`
    /// libcrypto decodes everything at once, key included.
    package static func parse(der: [UInt8], shortcuts: Bool = true) throws(CertificateError) -> Certificate {
        guard der.count <= sizeLimit else { throw .tooLarge(der.count) }
        let fields: Fields
        do {
            fields = try Fields(der)
        } catch {
            throw .malformed(offset: error.offset)
        }
        guard fields.end == der.count else { throw .trailingBytes(offset: fields.end) }
        let pointer: OpaquePointer? = der.withUnsafeBufferPointer { buffer in
            var at = buffer.baseAddress
            var target = shortcuts ? X509_new_ex(libraryWithoutAlgorithms, nil) : X509_new()
            return d2i_X509(&target, &at, buffer.count)
        }
        ERR_clear_error()
        guard let pointer else { throw .refused }
        return Certificate(der: der, fields: fields, keyless: pointer, shortcuts: shortcuts)
    }

    private init(der: [UInt8], fields: Fields, keyless x509: OpaquePointer, shortcuts: Bool) {
        self.der = der
        keyless = x509
        tbs = fields.tbs
        signature = fields.signature
        sha256 = SHA256Digest(of: der)
        version = fields.version
        serial = fields.serial
        issuer = fields.issuer
        subject = fields.subject
        validFrom = fields.validFrom
        validTo = fields.validTo
        key = fields.key
        spkiSHA256 = SHA256Digest(of: fields.key.der)
        extensions = fields.extensions
        innerAlgorithm = fields.innerAlgorithm
        outerAlgorithm = fields.outerAlgorithm
        // Fills the extension cache once, so that later readers on any thread only read.
        X509_check_purpose(x509, -1, 0)
        isKeyDecodable = shortcuts && key.isSurelyDecodable || Self.libcryptoDecodesKey(der)
        hasInvalidExtension = X509_get_extension_flags(x509) & UInt32(EXFLAG_INVALID) != 0
        subjectHash = X509_NAME_hash_ex(X509_get_subject_name(x509), nil, nil, nil)
        issuerHash = X509_NAME_hash_ex(X509_get_issuer_name(x509), nil, nil, nil)
        isSelfIssued = X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0
        ERR_clear_error()
        renderedJSON = CertificateJSON.members(fields, der: der)
    }

    deinit {
        X509_free(keyless)
        X509_free(OpaquePointer(bitPattern: whole.load(ordering: .acquiring)))
    }

    /// Lends libcrypto's object; it must not be kept or changed.
    package func withX509<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
        try withExtendedLifetime(self) { try body(pointer) }
    }

    /// As `withX509`, when neither the key nor a fingerprint is needed.
    func withKeyless<R>(_ body: (OpaquePointer) throws -> R) rethrows -> R {
        try withExtendedLifetime(self) { try body(keyless) }
    }

    private var pointer: OpaquePointer {
        if let made = OpaquePointer(bitPattern: whole.load(ordering: .acquiring)) { return made }
        // The same bytes were decoded before; a key that cannot be is no error here.
        guard let fresh = Self.decode(der) else { return keyless }
        X509_check_purpose(fresh, -1, 0)
        ERR_clear_error()
        let (exchanged, earlier) = whole.compareExchange(
            expected: 0, desired: UInt(bitPattern: fresh), ordering: .acquiringAndReleasing)
        guard !exchanged else { return fresh }
        // Another thread was faster.
        X509_free(fresh)
        return OpaquePointer(bitPattern: earlier) ?? keyless
    }

    private static func decode(_ der: [UInt8]) -> OpaquePointer? {
        der.withUnsafeBufferPointer { buffer in
            var at = buffer.baseAddress
            return d2i_X509(nil, &at, buffer.count)
        }
    }

    private static func libcryptoDecodesKey(_ der: [UInt8]) -> Bool {
        guard let x509 = decode(der) else { return false }
        defer { X509_free(x509) }
        return X509_get0_pubkey(x509) != nil
    }

    package static func == (a: Certificate, b: Certificate) -> Bool { a === b || a.sha256 == b.sha256 }
    package func hash(into hasher: inout Hasher) { hasher.combine(sha256) }
}

extension Certificate {
    package var notBefore: Instant? { validFrom.instant }
    package var notAfter: Instant? { validTo.instant }

    /// Seconds of the validity, both ends counted (RFC 5280 §4.1.2.5); nil when a time is malformed.
    package var lifetime: Int64? {
        guard let from = notBefore, let to = notAfter else { return nil }
        return to - from + 1
    }

    /// Lowercase hex of whole octets.
    package var serialHex: String { Hex.encode(serial) }
    /// Lowercase hex of the SHA-1 fingerprint, by which older tools know a certificate.
    package var sha1: String { CertificateJSON.sha1(der) }
    package var isCA: Bool { extensions.basicConstraints?.ca ?? false }
    package var signatureAlgorithm: String { CertificateJSON.signatureName(outerAlgorithm) }

    /// Names of the SAN by kind, as text.
    package var dnsNames: [String] {
        (extensions.subjectAltName ?? []).compactMap { if case .dns(let name) = $0 { name } else { nil } }
    }
    package var ipAddresses: [[UInt8]] {
        (extensions.subjectAltName ?? []).compactMap { if case .ip(let octets) = $0 { octets } else { nil } }
    }

    /// RFC 5280 §7.1 comparison of two names, by libcrypto.
    package func subjectMatches(issuerOf child: Certificate) -> Bool {
        guard subjectHash == child.issuerHash else { return false }
        return withKeyless { issuer in
            child.withKeyless { X509_NAME_cmp(X509_get_subject_name(issuer), X509_get_issuer_name($0)) == 0 }
        }
    }

    package func subjectMatches(subjectOf other: Certificate) -> Bool {
        guard subjectHash == other.subjectHash else { return false }
        return withKeyless { a in
            other.withKeyless { X509_NAME_cmp(X509_get_subject_name(a), X509_get_subject_name($0)) == 0 }
        }
    }

    /// The same entity: one subject and one key (RFC 4158 §5.2).
    package func isSameEntity(as other: Certificate) -> Bool {
        subjectHash == other.subjectHash && key.der == other.key.der && subjectMatches(subjectOf: other)
    }
}

/// A library context with no algorithm at all.
nonisolated(unsafe) private let libraryWithoutAlgorithms: OpaquePointer? = {
    let library = OSSL_LIB_CTX_new()
    OSSL_PROVIDER_load(library, "null")
    return library
}()

/// What is read from the bytes of a certificate, in the order of RFC 5280 §4.1.
struct Fields {
    let end: Int
    let tbs: Range<Int>
    /// Empty when the BIT STRING does not hold whole octets.
    let signature: Range<Int>
    let version: Int
    let serial: [UInt8]
    let innerAlgorithm: [UInt8]
    let outerAlgorithm: [UInt8]
    let issuer: DistinguishedName
    let subject: DistinguishedName
    let validFrom: CertificateTime
    let validTo: CertificateTime
    let key: PublicKeyInfo
    let extensions: Extensions

    init(_ der: [UInt8]) throws(DERError) {
        var outer = DERCursor(der)
        let whole = try outer.next(Tag.sequence)
        end = whole.whole.upperBound
        var parts = outer.inside(whole)
        let signed = try parts.next(Tag.sequence)
        self.tbs = signed.whole
        var tbs = parts.inside(signed)
        outerAlgorithm = Array(der[try parts.next(Tag.sequence).whole])
        let bits = try parts.next(Tag.bitString).content
        // Whole octets: the first says how many bits are unused.
        let isWhole = bits.count > 1 && der[bits.lowerBound] == 0
        signature = isWhole ? bits.dropFirst() : bits.upperBound..<bits.upperBound
        try parts.expectEnd()

        var version = 1
        if let explicit = try tbs.optional(Tag.constructed(0)) {
            var inner = tbs.inside(explicit)
            let content = der[try inner.next(Tag.integer).content]
            // Two's complement: of one octet only the lower half is not negative.
            version = content.count == 1 ? content.first.map { $0 < 0x80 ? Int($0) + 1 : 0 } ?? 0 : 0
        }
        self.version = version
        serial = Array(der[try tbs.next(Tag.integer).content])
        innerAlgorithm = Array(der[try tbs.next(Tag.sequence).whole])
        issuer = try DistinguishedName(der: Array(der[try tbs.next(Tag.sequence).whole]))
        var validity = tbs.inside(try tbs.next(Tag.sequence))
        let from = try validity.next()
        let to = try validity.next()
        try validity.expectEnd()
        validFrom = CertificateTime(tag: from.tag, der[from.content])
        validTo = CertificateTime(tag: to.tag, der[to.content])
        subject = try DistinguishedName(der: Array(der[try tbs.next(Tag.sequence).whole]))
        key = try PublicKeyInfo(der: Array(der[try tbs.next(Tag.sequence).whole]))
        _ = try tbs.optional(Tag.context(1))
        _ = try tbs.optional(Tag.context(2))
        if let explicit = try tbs.optional(Tag.constructed(3)) {
            var inner = tbs.inside(explicit)
            var list = inner.inside(try inner.next(Tag.sequence))
            extensions = try Extensions(&list)
        } else {
            extensions = Extensions()
        }
        try tbs.expectEnd()
    }
}
