import Certificates

/// A time as a certificate writes it. A literal is an instant, encoded as RFC 5280 §4.1.2.5 asks.
package enum EncodedTime: Sendable, Hashable, ExpressibleByStringLiteral {
    case instant(Instant)
    /// Content of a UTCTime, whatever it is.
    case utc(String)
    /// Content of a GeneralizedTime, whatever it is.
    case generalized(String)
    /// One whole element.
    case raw([UInt8])

    package init(stringLiteral text: String) { self = .instant(Instant(stringLiteral: text)) }

    package var der: [UInt8] {
        switch self {
        case .instant(let instant): Encode.time(instant)
        case .utc(let text): Encode.tlv(0x17, Array(text.utf8))
        case .generalized(let text): Encode.tlv(0x18, Array(text.utf8))
        case .raw(let bytes): bytes
        }
    }
}

/// All that a certificate says. Version 3, self-issued and without extensions as it starts; `Authority` fills
/// in the defaults of a root, an intermediate and a leaf, so that a test changes only what is its defect.
package struct CertificateSpec: Sendable {
    package enum Signature: Sendable {
        case honest
        case flippedBit
        /// Signed with this key while naming the other issuer.
        case by(Key)
        case raw([UInt8])
    }

    /// 1 leaves the field out, as DER asks of a default.
    package var version = 3
    /// Content octets; nil: sixteen octets that follow from everything else.
    package var serial: [UInt8]?
    package var issuer: Name
    package var subject: Name
    package var notBefore: EncodedTime = "2020-01-01"
    package var notAfter: EncodedTime = "2040-01-01"
    package var key: Key
    package var digest = DigestKind.sha256
    /// RSASSA-PSS instead of PKCS#1 v1.5; for an RSA issuer.
    package var pss = false
    /// AlgorithmIdentifier inside the TBS, in place of the signature's own.
    package var innerAlgorithm: [UInt8]?
    /// AlgorithmIdentifier beside the signature, in place of the signature's own.
    package var outerAlgorithm: [UInt8]?
    /// Whatever stands between the public key and the extensions: unique identifiers.
    package var uniqueIdentifiers: [UInt8] = []
    package var extensions: [ExtensionSpec] = []
    /// In place of the whole `[3]` element.
    package var rawExtensions: [UInt8]?
    package var signature = Signature.honest

    package init(subject: Name, key: Key) { (self.subject, issuer, self.key) = (subject, subject, key) }

    /// Puts the extension in place of the one with the same OID, or at the end.
    package mutating func replace(_ new: ExtensionSpec) {
        if let at = extensions.firstIndex(where: { $0.oid == new.oid }) {
            extensions[at] = new
        } else {
            extensions.append(new)
        }
    }

    /// Adds at the end, even when there is one already.
    package mutating func add(_ new: ExtensionSpec) { extensions.append(new) }
    package mutating func remove(_ oid: String) { extensions.removeAll { $0.oid == oid } }

    package func signed(by issuerKey: Key) -> FixtureCertificate {
        let signer =
            switch signature {
            case .by(let stranger): stranger
            case .honest, .flippedBit, .raw: issuerKey
            }
        let algorithm = signer.signatureAlgorithm(digest: digest, pss: pss)
        let number = serial ?? derivedSerial(algorithm)
        let tbs = tbsCertificate(serial: number, algorithm: innerAlgorithm ?? algorithm)
        var bits = signer.sign(tbs, digest: digest, pss: pss)
        switch signature {
        case .flippedBit: bits[bits.count - 1] ^= 1
        case .raw(let bytes): bits = bytes
        case .honest, .by: break
        }
        return FixtureCertificate(
            der: Encode.sequence(tbs, outerAlgorithm ?? algorithm, Encode.bitString(bits)),
            serial: number, spec: self, issuerKey: issuerKey)
    }

    /// Positive, sixteen octets, another for anything that differs.
    private func derivedSerial(_ algorithm: [UInt8]) -> [UInt8] {
        let digest = SHA256Digest(of: tbsCertificate(serial: [0], algorithm: algorithm)).bytes
        return [digest[0] & 0x3F | 0x40] + digest[1..<16]
    }

    private func tbsCertificate(serial: [UInt8], algorithm: [UInt8]) -> [UInt8] {
        let list =
            extensions.isEmpty
            ? [] : Encode.context(3, Encode.sequence(of: extensions.map(\.der)))
        return Encode.sequence(
            version == 1 ? [] : Encode.context(0, Encode.integer(version - 1)),
            Encode.integer(octets: serial), algorithm, issuer.der,
            Encode.sequence(notBefore.der, notAfter.der), subject.der, key.spki, uniqueIdentifiers,
            rawExtensions ?? list)
    }
}
