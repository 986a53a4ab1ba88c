import Certificates

/// A certificate revocation list (RFC 5280 §5) and what may be wrong with it.
package struct CRLSpec: Sendable {
    package struct Entry: Sendable {
        package var serial: [UInt8]
        package var date: EncodedTime
        package var extensions: [ExtensionSpec]

        /// `reason` is a CRLReason (RFC 5280 §5.3.1); 8 is removeFromCRL.
        package init(serial: [UInt8], date: EncodedTime = "2026-06-15", reason: UInt8? = nil) {
            (self.serial, self.date) = (serial, date)
            extensions = reason.map { [.reasonCode($0)] } ?? []
        }
    }

    /// 2 for the extensions; 1 leaves the field out.
    package var version = 2
    package var issuer: Name
    package var thisUpdate: EncodedTime = "2026-06-30"
    package var nextUpdate: EncodedTime? = "2026-07-07"
    package var entries: [Entry] = []
    package var extensions: [ExtensionSpec] = []
    package var digest = DigestKind.sha256
    package var signature = CertificateSpec.Signature.honest

    package init(issuer: Name) { self.issuer = issuer }

    package mutating func revoke(_ certificate: FixtureCertificate, reason: UInt8? = nil) {
        entries.append(Entry(serial: certificate.serial, reason: reason))
    }

    package func signed(by issuerKey: Key) -> FixtureCRL {
        let signer = if case .by(let stranger) = signature { stranger } else { issuerKey }
        let algorithm = signer.signatureAlgorithm(digest: digest)
        let rows = entries.map { entry in
            Encode.sequence(
                Encode.integer(octets: entry.serial), entry.date.der,
                entry.extensions.isEmpty ? [] : Encode.sequence(of: entry.extensions.map(\.der)))
        }
        let tbs = Encode.sequence(
            version == 1 ? [] : Encode.integer(version - 1), algorithm, issuer.der, thisUpdate.der,
            nextUpdate?.der ?? [], rows.isEmpty ? [] : Encode.sequence(of: rows),
            extensions.isEmpty ? [] : Encode.context(0, Encode.sequence(of: extensions.map(\.der))))
        var bits = signer.sign(tbs, digest: digest)
        switch signature {
        case .flippedBit: bits[bits.count - 1] ^= 1
        case .raw(let bytes): bits = bytes
        case .honest, .by: break
        }
        return FixtureCRL(der: Encode.sequence(tbs, algorithm, Encode.bitString(bits)))
    }
}

package struct FixtureCRL: Sendable {
    package let der: [UInt8]
    package var pem: String { PEMText.block("X509 CRL", der) }
}

extension Authority {
    /// A complete CRL, number 1, current at `now`, revoking these.
    package func crl(
        revoking revoked: [FixtureCertificate] = [], number: Int? = 1,
        _ change: (inout CRLSpec) -> Void = { _ in }
    ) -> FixtureCRL {
        var spec = CRLSpec(issuer: name)
        revoked.forEach { spec.revoke($0) }
        spec.extensions = [.authorityKeyIdentifier(key.identifier)]
        if let number { spec.extensions.append(.crlNumber(number)) }
        change(&spec)
        return spec.signed(by: key)
    }
}

extension ExtensionSpec {
    package static func crlNumber(_ number: Int) -> Self {
        Self(oid: ExtensionOID.crlNumber, value: Encode.integer(number))
    }

    package static func reasonCode(_ reason: UInt8) -> Self {
        Self(oid: ExtensionOID.reasonCode, value: Encode.enumerated(reason))
    }

    package static func deltaCRLIndicator(base: Int) -> Self {
        Self(oid: ExtensionOID.deltaCRLIndicator, critical: true, value: Encode.integer(base))
    }

    /// In an entry of an indirect CRL.
    package static func certificateIssuer(_ name: Name) -> Self {
        Self(
            oid: ExtensionOID.certificateIssuer, critical: true,
            value: Encode.sequence(GeneralNameSpec.directory(name).der))
    }

    /// RFC 5280 §5.2.5; `someReasons` is the content of the BIT STRING, its unused bits first.
    package static func issuingDistributionPoint(
        uri: String? = nil, onlyUser: Bool = false, onlyCA: Bool = false, someReasons: [UInt8]? = nil,
        indirect: Bool = false, onlyAttribute: Bool = false
    ) -> Self {
        func flag(_ number: UInt8, _ set: Bool) -> [UInt8] { set ? Encode.primitive(number, [0xFF]) : [] }
        return Self(
            oid: ExtensionOID.issuingDistributionPoint, critical: true,
            value: Encode.sequence(
                uri.map { Encode.context(0, Encode.context(0, GeneralNameSpec.uri($0).der)) } ?? [],
                flag(1, onlyUser), flag(2, onlyCA), someReasons.map { Encode.primitive(3, $0) } ?? [],
                flag(4, indirect), flag(5, onlyAttribute)))
    }
}
