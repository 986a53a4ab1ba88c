import Certificates

/// A Certificate Transparency log (RFC 6962) that signs whatever it is asked to.
package struct FixtureLog: Sendable {
    package let name: String
    package let key: Key

    /// The key follows from the name.
    package init(_ name: String, kind: KeyKind = .ec256) {
        (self.name, key) = (name, .labelled(kind, "log \(name)"))
    }

    /// RFC 6962 §3.2: SHA-256 of the log's key.
    package var id: [UInt8] { SHA256Digest(of: key.spki).bytes }

    /// What may be wrong with an SCT.
    package enum Defect: Sendable { case none, flippedBit, otherTimestamp, version2, wrongAlgorithm }

    /// An SCT over the certificate itself, for the TLS extension and for OCSP.
    package func sct(
        for certificate: FixtureCertificate, at milliseconds: UInt64, defect: Defect = .none
    ) -> [UInt8] {
        sct(entry: [0, 0] + Self.counted(certificate.der), at: milliseconds, defect: defect)
    }

    /// An SCT over a precertificate: the TBSCertificate that has no SCT list yet, and the issuer's key.
    package func sct(
        tbs: [UInt8], issuerKey: Key, at milliseconds: UInt64, defect: Defect = .none
    ) -> [UInt8] {
        sct(
            entry: [0, 1] + SHA256Digest(of: issuerKey.spki).bytes + Self.counted(tbs), at: milliseconds,
            defect: defect)
    }

    private func sct(entry: [UInt8], at milliseconds: UInt64, defect: Defect) -> [UInt8] {
        func octets(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        let stamp = octets(milliseconds)
        var signature = key.sign([0, 0] + stamp + entry + [0, 0])
        if defect == .flippedBit { signature[signature.count - 1] ^= 1 }
        let shown = defect == .otherTimestamp ? octets(milliseconds - 1) : stamp
        // sha256 is 4; rsa 1, ecdsa 3.
        let isRSA = if case .rsa = key.kind { true } else { false }
        let algorithm: UInt8 = isRSA == (defect == .wrongAlgorithm) ? 3 : 1
        return [defect == .version2 ? 1 : 0] + id + shown + [0, 0, 4, algorithm]
            + [UInt8(signature.count >> 8), UInt8(signature.count & 0xFF)] + signature
    }

    private static func counted(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count >> 16), UInt8(bytes.count >> 8 & 0xFF), UInt8(bytes.count & 0xFF)] + bytes
    }
}

/// One log's stamp as a certificate is to carry it.
package struct Stamping: Sendable {
    package let log: FixtureLog
    package let milliseconds: UInt64
    package let defect: FixtureLog.Defect

    package init(
        _ log: FixtureLog, at: Instant, milliseconds: UInt64 = 0, _ defect: FixtureLog.Defect = .none
    ) {
        self.log = log
        self.milliseconds = UInt64(at.seconds) * 1_000 + milliseconds
        self.defect = defect
    }
}

extension FixtureCertificate {
    /// The same certificate with the SCTs of these logs in it, at this place among its extensions.
    package func logged(_ stampings: [Stamping], place: Int? = nil) -> FixtureCertificate {
        guard let tbs = Encode.children(of: der).first else { return self }
        let scts = stampings.map {
            $0.log.sct(tbs: tbs, issuerKey: issuerKey, at: $0.milliseconds, defect: $0.defect)
        }
        return reissued { spec in
            spec.serial = serial
            spec.extensions.insert(.sctList(scts), at: place ?? spec.extensions.count)
        }
    }
}
