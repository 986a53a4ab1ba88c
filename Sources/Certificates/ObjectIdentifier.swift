/// An OBJECT IDENTIFIER (X.660), kept as its content octets.
package struct OID: Hashable, Sendable, CustomStringConvertible {
    package let content: [UInt8]

    package init(content: [UInt8]) { self.content = content }

    /// From dotted decimal; nil when it is not one. First arc 0 to 2, at least two arcs.
    package init?(_ dotted: String) {
        let arcs = dotted.split(separator: ".", omittingEmptySubsequences: false).map { UInt64($0) }
        guard arcs.count >= 2, let first = arcs[0], let second = arcs[1], first <= 2,
            first == 2 || second < 40, second < UInt64.max - 80
        else { return nil }
        var out = [UInt8]()
        func put(_ value: UInt64) {
            var groups = [UInt8(value & 0x7F)]
            var rest = value >> 7
            while rest > 0 {
                groups.append(UInt8(rest & 0x7F) | 0x80)
                rest >>= 7
            }
            out.append(contentsOf: groups.reversed())
        }
        put(first * 40 + second)
        for arc in arcs.dropFirst(2) {
            guard let arc else { return nil }
            put(arc)
        }
        content = out
    }

    /// Dotted decimal; an arc beyond 64 bits or a cut one is shown as hex of the whole, behind `#`.
    package var description: String {
        var arcs: [UInt64] = []
        var value: UInt64 = 0
        var open = false
        for byte in content {
            guard value <= UInt64.max >> 7 else { return "#" + Hex.encode(content) }
            value = value << 7 | UInt64(byte & 0x7F)
            open = byte & 0x80 != 0
            if !open {
                arcs.append(value)
                value = 0
            }
        }
        guard !open, let first = arcs.first else { return "#" + Hex.encode(content) }
        let top = min(first / 40, 2)
        return ([top, first - top * 40] + arcs.dropFirst()).map(String.init).joined(separator: ".")
    }
}

/// The content octets of the OIDs that certificates are read by (RFC 5280, RFC 5480, RFC 8410, RFC 6962).
package enum OIDs {
    private static func id(_ dotted: String) -> OID { OID(dotted) ?? OID(content: []) }

    package static let subjectKeyIdentifier = id("2.5.29.14")
    package static let keyUsage = id("2.5.29.15")
    package static let subjectAltName = id("2.5.29.17")
    package static let issuerAltName = id("2.5.29.18")
    package static let basicConstraints = id("2.5.29.19")
    package static let nameConstraints = id("2.5.29.30")
    package static let crlDistributionPoints = id("2.5.29.31")
    package static let certificatePolicies = id("2.5.29.32")
    package static let policyMappings = id("2.5.29.33")
    package static let authorityKeyIdentifier = id("2.5.29.35")
    package static let policyConstraints = id("2.5.29.36")
    package static let extendedKeyUsage = id("2.5.29.37")
    package static let inhibitAnyPolicy = id("2.5.29.54")
    package static let authorityInfoAccess = id("1.3.6.1.5.5.7.1.1")
    package static let tlsFeature = id("1.3.6.1.5.5.7.1.24")
    package static let sctList = id("1.3.6.1.4.1.11129.2.4.2")
    package static let precertificatePoison = id("1.3.6.1.4.1.11129.2.4.3")

    package static let serverAuth = id("1.3.6.1.5.5.7.3.1")
    package static let clientAuth = id("1.3.6.1.5.5.7.3.2")
    package static let anyExtendedKeyUsage = id("2.5.29.37.0")
    package static let serverGatedCryptoNetscape = id("2.16.840.1.113730.4.1")
    package static let ocspAccess = id("1.3.6.1.5.5.7.48.1")
    package static let caIssuers = id("1.3.6.1.5.5.7.48.2")

    package static let rsaEncryption = id("1.2.840.113549.1.1.1")
    package static let rsaPSS = id("1.2.840.113549.1.1.10")
    package static let dsa = id("1.2.840.10040.4.1")
    package static let ecPublicKey = id("1.2.840.10045.2.1")
    package static let ed25519 = id("1.3.101.112")
    package static let ed448 = id("1.3.101.113")
    package static let commonName = id("2.5.4.3")

    /// Extended key usages with the names of RFC 5280 §4.2.1.12.
    package static let purposeNames: [OID: String] = [
        serverAuth: "serverAuth", clientAuth: "clientAuth", anyExtendedKeyUsage: "any",
        serverGatedCryptoNetscape: "nsSGC",
    ]

    static let signatureNames: [OID: String] = [
        id("1.2.840.113549.1.1.2"): "RSA-MD2",
        id("1.2.840.113549.1.1.4"): "RSA-MD5",
        id("1.2.840.113549.1.1.5"): "RSA-SHA1",
        id("1.2.840.113549.1.1.10"): "RSA-PSS",
        id("1.2.840.113549.1.1.11"): "RSA-SHA256",
        id("1.2.840.113549.1.1.12"): "RSA-SHA384",
        id("1.2.840.113549.1.1.13"): "RSA-SHA512",
        id("1.2.840.113549.1.1.14"): "RSA-SHA224",
        id("1.2.840.10045.4.1"): "ECDSA-SHA1",
        id("1.2.840.10045.4.3.1"): "ECDSA-SHA224",
        id("1.2.840.10045.4.3.2"): "ECDSA-SHA256",
        id("1.2.840.10045.4.3.3"): "ECDSA-SHA384",
        id("1.2.840.10045.4.3.4"): "ECDSA-SHA512",
        id("1.2.840.10040.4.3"): "DSA-SHA1",
        id("2.16.840.1.101.3.4.3.2"): "DSA-SHA256",
        id("1.3.101.112"): "Ed25519",
        id("1.3.101.113"): "Ed448",
        id("2.16.840.1.101.3.4.3.17"): "ML-DSA-44",
        id("2.16.840.1.101.3.4.3.18"): "ML-DSA-65",
        id("2.16.840.1.101.3.4.3.19"): "ML-DSA-87",
    ]

    /// Curve OID → SEC/NIST name and size in bits.
    static let curves: [OID: (name: String, bits: Int)] = [
        id("1.2.840.10045.3.1.1"): ("P-192", 192),
        id("1.3.132.0.33"): ("P-224", 224),
        id("1.2.840.10045.3.1.7"): ("P-256", 256),
        id("1.3.132.0.34"): ("P-384", 384),
        id("1.3.132.0.35"): ("P-521", 521),
        id("1.3.132.0.10"): ("secp256k1", 256),
        id("1.3.36.3.3.2.8.1.1.7"): ("brainpoolP256r1", 256),
        id("1.3.36.3.3.2.8.1.1.11"): ("brainpoolP384r1", 384),
        id("1.3.36.3.3.2.8.1.1.13"): ("brainpoolP512r1", 512),
    ]

    /// Attribute types with their usual names (RFC 4514 §3, X.520, RFC 5280 appendix A).
    static let attributeNames: [OID: String] = [
        commonName: "CN", id("2.5.4.4"): "SN", id("2.5.4.5"): "serialNumber", id("2.5.4.6"): "C",
        id("2.5.4.7"): "L", id("2.5.4.8"): "ST", id("2.5.4.9"): "street", id("2.5.4.10"): "O",
        id("2.5.4.11"): "OU", id("2.5.4.12"): "title", id("2.5.4.15"): "businessCategory",
        id("2.5.4.17"): "postalCode", id("2.5.4.42"): "GN", id("2.5.4.43"): "initials",
        id("2.5.4.44"): "generationQualifier", id("2.5.4.46"): "dnQualifier", id("2.5.4.65"): "pseudonym",
        id("2.5.4.97"): "organizationIdentifier", id("0.9.2342.19200300.100.1.25"): "DC",
        id("0.9.2342.19200300.100.1.1"): "UID", id("1.2.840.113549.1.9.1"): "emailAddress",
        id("1.3.6.1.4.1.311.60.2.1.1"): "jurisdictionL", id("1.3.6.1.4.1.311.60.2.1.2"): "jurisdictionST",
        id("1.3.6.1.4.1.311.60.2.1.3"): "jurisdictionC",
    ]

    /// Back from the usual name of an attribute to its dotted OID.
    static let attributeOIDs = Dictionary(
        uniqueKeysWithValues: attributeNames.map { ($0.value, $0.key.description) })
}
