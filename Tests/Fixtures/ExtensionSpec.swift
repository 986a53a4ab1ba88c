/// One extension, its value any bytes.
package struct ExtensionSpec: Sendable, Hashable {
    package var oid: String
    package var critical: Bool
    /// Content of extnValue: usually one DER element.
    package var value: [UInt8]

    package init(oid: String, critical: Bool = false, value: [UInt8]) {
        (self.oid, self.critical, self.value) = (oid, critical, value)
    }

    package var der: [UInt8] {
        Encode.sequence(Encode.oid(oid), critical ? Encode.boolean(true) : [], Encode.octetString(value))
    }

    package func critical(_ flag: Bool) -> Self { Self(oid: oid, critical: flag, value: value) }
}

package enum ExtensionOID {
    package static let subjectKeyIdentifier = "2.5.29.14"
    package static let keyUsage = "2.5.29.15"
    package static let subjectAltName = "2.5.29.17"
    package static let basicConstraints = "2.5.29.19"
    package static let crlNumber = "2.5.29.20"
    package static let reasonCode = "2.5.29.21"
    package static let deltaCRLIndicator = "2.5.29.27"
    package static let issuingDistributionPoint = "2.5.29.28"
    package static let certificateIssuer = "2.5.29.29"
    package static let nameConstraints = "2.5.29.30"
    package static let crlDistributionPoints = "2.5.29.31"
    package static let certificatePolicies = "2.5.29.32"
    package static let policyMappings = "2.5.29.33"
    package static let authorityKeyIdentifier = "2.5.29.35"
    package static let policyConstraints = "2.5.29.36"
    package static let extendedKeyUsage = "2.5.29.37"
    package static let inhibitAnyPolicy = "2.5.29.54"
    package static let authorityInfoAccess = "1.3.6.1.5.5.7.1.1"
    package static let tlsFeature = "1.3.6.1.5.5.7.1.24"
    package static let sctList = "1.3.6.1.4.1.11129.2.4.2"
    package static let precertificatePoison = "1.3.6.1.4.1.11129.2.4.3"
}

package enum PurposeOID {
    package static let serverAuth = "1.3.6.1.5.5.7.3.1"
    package static let clientAuth = "1.3.6.1.5.5.7.3.2"
    package static let codeSigning = "1.3.6.1.5.5.7.3.3"
    package static let emailProtection = "1.3.6.1.5.5.7.3.4"
    package static let ocspSigning = "1.3.6.1.5.5.7.3.9"
    package static let any = "2.5.29.37.0"
    package static let netscapeServerGatedCrypto = "2.16.840.1.113730.4.1"
}

/// KeyUsage by bit number (RFC 5280 §4.2.1.3).
package enum KeyUsageBit: Int, Sendable {
    case digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyAgreement, keyCertSign,
        cRLSign
    case encipherOnly, decipherOnly
}

extension ExtensionSpec {
    /// `cA` FALSE is left out, as DER asks of a default.
    package static func basicConstraints(ca: Bool, pathLen: Int? = nil, critical: Bool = true) -> Self {
        let content = (ca ? Encode.boolean(true) : []) + (pathLen.map(Encode.integer) ?? [])
        return Self(oid: ExtensionOID.basicConstraints, critical: critical, value: Encode.tlv(0x30, content))
    }

    package static func keyUsage(_ bits: KeyUsageBit..., critical: Bool = true) -> Self {
        let word = bits.reduce(0) { $0 | 0x8000 >> $1.rawValue }
        let octets = word & 0xFF == 0 ? [UInt8(word >> 8)] : [UInt8(word >> 8), UInt8(word & 0xFF)]
        let unused = UInt8(octets.last?.trailingZeroBitCount ?? 0)
        let value = word == 0 ? Encode.bitString([]) : Encode.bitString(octets, unused: unused)
        return Self(oid: ExtensionOID.keyUsage, critical: critical, value: value)
    }

    package static func extendedKeyUsage(_ oids: String..., critical: Bool = false) -> Self {
        Self(
            oid: ExtensionOID.extendedKeyUsage, critical: critical,
            value: Encode.sequence(of: oids.map(Encode.oid)))
    }

    package static func subjectAltName(_ names: [GeneralNameSpec], critical: Bool = false) -> Self {
        Self(
            oid: ExtensionOID.subjectAltName, critical: critical,
            value: Encode.sequence(of: names.map(\.der)))
    }

    package static func nameConstraints(
        permitted: [GeneralNameSpec] = [], excluded: [GeneralNameSpec] = [], critical: Bool = true
    ) -> Self {
        func subtrees(_ number: UInt8, _ bases: [GeneralNameSpec]) -> [UInt8] {
            bases.isEmpty ? [] : Encode.context(number, Array(bases.map { Encode.sequence($0.der) }.joined()))
        }
        return Self(
            oid: ExtensionOID.nameConstraints, critical: critical,
            value: Encode.sequence(subtrees(0, permitted), subtrees(1, excluded)))
    }

    package static func subjectKeyIdentifier(_ identifier: [UInt8]) -> Self {
        Self(oid: ExtensionOID.subjectKeyIdentifier, value: Encode.octetString(identifier))
    }

    /// `issuer` and `serial` (content octets) only together, as RFC 5280 asks.
    package static func authorityKeyIdentifier(
        _ identifier: [UInt8]?, issuer: Name? = nil, serial: [UInt8]? = nil
    ) -> Self {
        Self(
            oid: ExtensionOID.authorityKeyIdentifier,
            value: Encode.sequence(
                identifier.map { Encode.primitive(0, $0) } ?? [],
                issuer.map { Encode.context(1, GeneralNameSpec.directory($0).der) } ?? [],
                serial.map { Encode.primitive(2, $0) } ?? []))
    }

    package static func authorityInfoAccess(caIssuers: [String] = [], ocsp: [String] = []) -> Self {
        func description(_ method: String) -> (String) -> [UInt8] {
            { Encode.sequence(Encode.oid(method), GeneralNameSpec.uri($0).der) }
        }
        return Self(
            oid: ExtensionOID.authorityInfoAccess,
            value: Encode.sequence(
                of: ocsp.map(description("1.3.6.1.5.5.7.48.1"))
                    + caIssuers.map(description("1.3.6.1.5.5.7.48.2"))))
    }

    /// One distribution point for each URI.
    package static func crlDistributionPoints(_ uris: String...) -> Self {
        let points = uris.map { uri in
            Encode.sequence(Encode.context(0, Encode.context(0, GeneralNameSpec.uri(uri).der)))
        }
        return Self(oid: ExtensionOID.crlDistributionPoints, value: Encode.sequence(of: points))
    }

    package static func certificatePolicies(_ oids: String..., critical: Bool = false) -> Self {
        Self(
            oid: ExtensionOID.certificatePolicies, critical: critical,
            value: Encode.sequence(of: oids.map { Encode.sequence(Encode.oid($0)) }))
    }

    package static func policyMappings(_ pairs: [(issuer: String, subject: String)]) -> Self {
        Self(
            oid: ExtensionOID.policyMappings, critical: true,
            value: Encode.sequence(
                of: pairs.map { Encode.sequence(Encode.oid($0.issuer), Encode.oid($0.subject)) }))
    }

    package static func policyConstraints(
        requireExplicitPolicy: Int? = nil, inhibitPolicyMapping: Int? = nil, critical: Bool = true
    ) -> Self {
        func skip(_ number: UInt8, _ count: Int?) -> [UInt8] {
            count.map { Encode.primitive(number, Array(Encode.integer($0).dropFirst(2))) } ?? []
        }
        return Self(
            oid: ExtensionOID.policyConstraints, critical: critical,
            value: Encode.sequence(skip(0, requireExplicitPolicy), skip(1, inhibitPolicyMapping)))
    }

    package static func inhibitAnyPolicy(_ skip: Int) -> Self {
        Self(oid: ExtensionOID.inhibitAnyPolicy, critical: true, value: Encode.integer(skip))
    }

    /// RFC 7633: 5 is status_request ("must staple").
    package static func tlsFeature(_ features: Int...) -> Self {
        Self(oid: ExtensionOID.tlsFeature, value: Encode.sequence(of: features.map(Encode.integer)))
    }

    /// RFC 6962 §3.3, of SCTs already serialised.
    package static func sctList(_ scts: [[UInt8]]) -> Self {
        func counted(_ bytes: [UInt8]) -> [UInt8] {
            [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
        }
        let list = counted(Array(scts.map(counted).joined()))
        return Self(oid: ExtensionOID.sctList, value: Encode.octetString(list))
    }

    package static let precertificatePoison = Self(
        oid: ExtensionOID.precertificatePoison, critical: true, value: Encode.null)

    /// An extension nobody knows.
    package static func unknown(critical: Bool) -> Self {
        Self(oid: "1.3.6.1.4.1.99999.1", critical: critical, value: Encode.null)
    }
}
