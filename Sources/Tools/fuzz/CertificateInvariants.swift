import COpenSSL
import Certificates
import Reports

/// One certificate: what we read is what libcrypto reads, and any judgement of it is sound.
enum CertificateInvariants {
    static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
        let certificate: Certificate
        do throws(CertificateError) {
            certificate = try Certificate.parse(der: bytes)
        } catch {
            if case .malformed(let offset) = error {
                try require((0...bytes.count).contains(offset), "an offset outside the certificate")
            }
            return
        }
        try require(certificate.der == bytes, "other bytes")
        try facts(certificate)
        try libcrypto(certificate)
        try signature(of: certificate, by: certificate)
        var options = Options()
        options.include = [.checks, .trace]
        options.anchors = [bytes]
        _ = try ReportInvariants.judge(presented: [bytes], options: options)
        try resigned(bytes)
    }

    private static func facts(_ certificate: Certificate) throws(BrokenInvariant) {
        let json = try JSONInvariants.read([0x7B] + certificate.renderedJSON + [0x7D], "the description")
        try require(json.object?["serial"]?.string == certificate.serialHex, "JSON has another serial number")
        try require(certificate.subjectMatches(subjectOf: certificate), "its subject is not its subject")
        try require(
            certificate.isSelfIssued == certificate.subjectMatches(issuerOf: certificate),
            "self-issued or not")
        try require(certificate.isSameEntity(as: certificate), "not the same entity as itself")
        if let from = certificate.notBefore, let to = certificate.notAfter {
            try require(certificate.lifetime == to - from + 1, "another lifetime")
        }
        _ = (certificate.subject.display, certificate.key.display, certificate.signatureAlgorithm)
        _ = certificate.keyIdentifierMatches(certificate)
        _ = certificate.authorityMatchesIssuerAndSerial(certificate)
    }

    /// Two readers of the same bytes: what the report shows is what was judged.
    private static func libcrypto(_ certificate: Certificate) throws(BrokenInvariant) {
        var differences: [String] = []
        func same(_ what: String, _ condition: Bool) { if !condition { differences.append(what) } }
        certificate.withX509 { x509 in
            if certificate.version != 0 { same("version", certificate.version == X509_get_version(x509) + 1) }
            same("subject", encoded(X509_get_subject_name(x509)) == certificate.subject.der)
            same("issuer", encoded(X509_get_issuer_name(x509)) == certificate.issuer.der)
            // Some of these are known without libcrypto's key object: they must be what it says.
            same("key", certificate.isKeyDecodable == (X509_get0_pubkey(x509) != nil))
            same(
                "subject's hash",
                certificate.subjectHash == X509_NAME_hash_ex(X509_get_subject_name(x509), nil, nil, nil))
            let isInvalid = X509_get_extension_flags(x509) & UInt32(EXFLAG_INVALID) != 0
            same("validity of extensions", certificate.hasInvalidExtension == isInvalid)
            times(certificate, x509, same)
            let number = X509_get0_serialNumber(x509)
            same("sign of the serial number", ((certificate.serial.first ?? 0) >= 0x80) == isNegative(number))
            guard !certificate.hasInvalidExtension, certificate.extensions.repeated.isEmpty else { return }
            extensions(certificate, x509, same)
        }
        try require(differences.isEmpty, "libcrypto reads another \(differences.joined(separator: ", "))")
    }

    /// Good by our road over the bytes exactly where `X509_verify` says so.
    static func signature(of child: Certificate, by issuer: Certificate) throws(BrokenInvariant) {
        let verified = child.withX509 { subject in
            issuer.withX509 { X509_verify(subject, X509_get0_pubkey($0)) == 1 }
        }
        ERR_clear_error()
        let outcome = child.signature(by: issuer)
        try require(
            (outcome == .valid) == (verified && issuer.isKeyDecodable),
            "a signature is \(outcome), libcrypto says \(verified)")
    }

    private static func times(
        _ certificate: Certificate, _ x509: OpaquePointer, _ same: (String, Bool) -> Void
    ) {
        if let from = certificate.notBefore {
            let order = ASN1_TIME_cmp_time_t(X509_get0_notBefore(x509), time_t(from.seconds))
            same("notBefore", order == 0)
        }
        if let to = certificate.notAfter {
            same("notAfter", ASN1_TIME_cmp_time_t(X509_get0_notAfter(x509), time_t(to.seconds)) == 0)
        }
    }

    private static func extensions(
        _ certificate: Certificate, _ x509: OpaquePointer, _ same: (String, Bool) -> Void
    ) {
        let own = certificate.extensions
        let flags = X509_get_extension_flags(x509)
        same("cA", certificate.isCA == (flags & UInt32(EXFLAG_CA) != 0))
        let length = X509_get_pathlen(x509)
        if let limit = own.basicConstraints?.pathLength, limit <= Int(Int32.max) {
            same("pathLenConstraint", length == limit)
        } else if own.basicConstraints?.pathLength == nil {
            same("pathLenConstraint", length == -1)
        }
        let usage = X509_get_key_usage(x509)
        same("keyUsage", (own.keyUsage == nil) == (usage == UInt32.max))
        if let bits = own.keyUsage, usage != UInt32.max {
            same("keyCertSign", bits.contains(.keyCertSign) == (usage & UInt32(KU_KEY_CERT_SIGN) != 0))
            same("cRLSign", bits.contains(.cRLSign) == (usage & UInt32(KU_CRL_SIGN) != 0))
        }
        let ski = X509_get0_subject_key_id(x509)
        same("subjectKeyIdentifier", own.subjectKeyIdentifier == ski.map(octets))
        same("extendedKeyUsage", (own.extendedKeyUsage == nil) == (flags & UInt32(EXFLAG_XKUSAGE) == 0))
        same("extensions", own.all.count == Int(X509_get_ext_count(x509)))
    }

    private static func encoded(_ name: OpaquePointer?) -> [UInt8] {
        var start: UnsafePointer<UInt8>?
        var count = 0
        guard X509_NAME_get0_der(name, &start, &count) == 1 else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: count))
    }

    private static func isNegative(_ number: UnsafePointer<ASN1_INTEGER>?) -> Bool {
        number.map { ASN1_STRING_type($0) == V_ASN1_NEG_INTEGER } ?? false
    }

    private static func octets(_ string: UnsafePointer<ASN1_OCTET_STRING>) -> [UInt8] {
        Array(
            UnsafeBufferPointer(start: ASN1_STRING_get0_data(string), count: Int(ASN1_STRING_length(string))))
    }

    /// The same content as an intermediate's honest issue, so that the rest of the rules is reached.
    private static func resigned(_ bytes: [UInt8]) throws(BrokenInvariant) {
        guard let der = Stage.resigned(bytes, by: Stage.intermediate.key),
            let certificate = try? Certificate.parse(der: der)
        else { return }
        var options = Options()
        // Any octet of the input will do: each profile and purpose gets its share.
        options.profile = (certificate.draw & 1) == 0 ? .webpki : .rfc5280
        options.purpose = (certificate.draw & 2) == 0 ? .server : .any
        let name = certificate.dnsNames.first.flatMap { try? ReferenceIdentifier(parsing: $0) }
        options.names = name.map { [$0] } ?? []
        _ = try ReportInvariants.judge(
            presented: [der, Stage.intermediate.certificate.der], options: options)
    }
}

extension Certificate {
    /// Two bits that follow from the content alone.
    fileprivate var draw: UInt8 { spkiSHA256.bytes.first ?? 0 }
}
