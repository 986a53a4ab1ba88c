import Fixtures

extension Mutator {
    /// One thing of what a certificate says.
    mutating func change(_ spec: inout CertificateSpec, keepsKey: Bool) {
        let at = spec.extensions.isEmpty ? nil : pick(0..<spec.extensions.count)
        switch pick(0..<16) {
        case 0, 1, 2: extensionValue(&spec)
        case 3: if let at { spec.extensions[at].critical.toggle() }
        case 4: if let at { spec.extensions.remove(at: at) }
        case 5: if let at { spec.extensions.append(spec.extensions[at]) }
        case 6, 7: if !keepsKey { spec.key = oddKey(spec.key) }
        case 8: spec.innerAlgorithm = algorithm()
        case 9: spec.outerAlgorithm = algorithm()
        case 10:
            let same = algorithm()
            (spec.innerAlgorithm, spec.outerAlgorithm) = (same, same)
        case 11: spec.version = pick(0...5)
        case 12: spec.serial = [[], [0], [0xFF], [0, 1], random.bytes(pick(1...24))][pick(0..<5)]
        case 13: subject(&spec)
        case 14:
            let times: [EncodedTime] = [
                "2019-01-01", "2026-07-01", "2050-01-01", .utc("2601010000Z"), .utc("260101000000+0100"),
                .generalized("20260101000000Z"), .generalized("20260101000000.5Z"), .raw([0x05, 0]),
            ]
            if random.chance(50) {
                spec.notBefore = times[pick(0..<times.count)]
            } else {
                spec.notAfter = times[pick(0..<times.count)]
            }
        default:
            spec.uniqueIdentifiers = Encode.primitive(UInt8(pick(1...2)), [0] + random.bytes(4))
        }
    }

    private mutating func subject(_ spec: inout CertificateSpec) {
        switch pick(0..<6) {
        case 0: spec.subject = .empty
        case 1: spec.subject = spec.issuer
        case 2: spec.issuer = .empty
        case 3: spec.subject = Name([.commonName("")])
        case 4: spec.subject = Name([.commonName("a\0b"), .country("XX1")])
        default: spec.subject = Name(rdns: [[.commonName("x"), .commonName("y")], []])
        }
    }

    private mutating func algorithm() -> [UInt8] {
        let digests = DigestKind.allCases
        let kinds: [KeyKind] = [.ec256, .rsa(2048), .ed25519, .dsa, .mlDSA44]
        let found = SignatureAlgorithm.identifier(
            for: kinds[pick(0..<kinds.count)], digest: digests[pick(0..<digests.count)],
            pss: random.chance(20))
        // Without parameters, or with NULL where none belong.
        guard random.chance(30), let oid = Encode.children(of: found).first else { return found }
        return Encode.sequence(oid, random.chance(50) ? Encode.null : [])
    }

    private mutating func oddKey(_ key: Key) -> Key {
        switch pick(0..<14) {
        case 0: return key.offCurve()
        case 1: return .pool(.mlDSA44, 0)
        case 2:
            return Key.pool(.rsa(2048), 0).withExponent([[0], [1], [2], [3], [4], [1, 0, 0]][pick(0..<6)])
        case 3: return ExplicitCurve.key("explicit curve")
        case 4: return .pool([.ec192, .ec224, .secp256k1, .dsa, .rsa(1024)][pick(0..<5)], 0)
        case 5:
            var modulus = Key.pool(.rsa(2048), 0).rsaModulus
            modulus[modulus.count - 1] ^= 1
            return key.presenting(spki: Key.rsaSPKI(modulus: modulus, exponent: [1, 0, 1]))
        case 6:
            let count = [1, 64, 2047, 2049][pick(0..<4)]
            return key.presenting(
                spki: Key.rsaSPKI(modulus: [UInt8](repeating: 0xFF, count: count), exponent: [1, 0, 1]))
        case 7: return key.presenting(spki: identified(key, point: key.subjectPublicKey))
        case 8:
            // Compressed, hybrid, at infinity, cut.
            var point = key.subjectPublicKey
            guard point.count > 2 else { return key }
            let half = Array(point.prefix((point.count + 1) / 2))
            let way = pick(0..<4)
            if way == 0 { point = [2 + point[point.count - 1] % 2] + half.dropFirst() }
            if way == 1 { point[0] = 6 + point[point.count - 1] % 2 }
            if way == 2 { point = [0] }
            if way == 3 { point.removeLast() }
            return key.presenting(
                spki: Encode.sequence(Encode.children(of: key.spki)[0], Encode.bitString(point)))
        case 9:
            return key.presenting(
                spki: Encode.sequence(
                    Encode.children(of: key.spki)[0],
                    Encode.bitString(key.subjectPublicKey, unused: UInt8(pick(1...9)))))
        default:
            var tree = DERTree(key.spki)
            let number = pick(0..<(tree?.count ?? 1))
            let (a, b) = (random.next(), random.next())
            tree?.change(number) { node in
                guard !node.content.isEmpty else {
                    node.isPadded = true
                    return
                }
                node.content[Int(a % UInt64(node.content.count))] = UInt8(b & 0xFF)
            }
            return key.presenting(spki: tree?.der ?? key.spki)
        }
    }

    /// The same key under another AlgorithmIdentifier.
    private mutating func identified(_ key: Key, point: [UInt8]) -> [UInt8] {
        let oids = ["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.10045.2.1", "1.3.132.1.12"]
        let own = Encode.children(of: Encode.children(of: key.spki)[0])
        let parameters: [[UInt8]] = [
            [], Encode.null, Encode.oid("1.3.132.0.34"), Encode.oid("1.2.840.10045.3.1.7"), Encode.sequence(),
            Encode.null + Encode.null, own.count > 1 ? own[1] + Encode.null : Encode.null,
        ]
        let oid = random.chance(60) ? own[0] : Encode.oid(oids[pick(0..<oids.count)])
        return Encode.sequence(
            Encode.sequence(oid, parameters[pick(0..<parameters.count)]), Encode.bitString(point))
    }

    private mutating func extensionValue(_ spec: inout CertificateSpec) {
        let new = Self.values[pick(0..<Self.values.count)].critical(random.chance(40))
        if random.chance(75) { spec.replace(new) } else { spec.add(new) }
    }

    private static let values: [ExtensionSpec] = {
        typealias OID = ExtensionOID
        func raw(_ oid: String, _ values: [UInt8]...) -> [ExtensionSpec] {
            values.map { ExtensionSpec(oid: oid, value: $0) }
        }
        let named: [ExtensionSpec] = [
            .basicConstraints(ca: true), .basicConstraints(ca: true, pathLen: 0),
            .basicConstraints(ca: false, pathLen: 0), .basicConstraints(ca: true, pathLen: -1),
            .keyUsage(), .keyUsage(.keyCertSign), .keyUsage(.cRLSign), .keyUsage(.keyEncipherment),
            .keyUsage(.keyAgreement), .keyUsage(.digitalSignature, .keyCertSign),
            .keyUsage(.digitalSignature, .decipherOnly), .extendedKeyUsage(),
            .extendedKeyUsage(PurposeOID.clientAuth), .extendedKeyUsage(PurposeOID.any),
            .extendedKeyUsage(PurposeOID.serverAuth, PurposeOID.clientAuth),
            .extendedKeyUsage(PurposeOID.netscapeServerGatedCrypto),
            .extendedKeyUsage(PurposeOID.ocspSigning),
            .subjectAltName([]), .subjectAltName([.dns("")]), .subjectAltName([.dns(Family.host)]),
            .subjectAltName([.dns("a b"), .ip("192.0.2.1")]), .subjectKeyIdentifier([]),
            .authorityKeyIdentifier(nil), .authorityKeyIdentifier([]), .authorityKeyIdentifier([1, 2, 3]),
            .authorityKeyIdentifier([1], issuer: "somebody", serial: [1]), .certificatePolicies(),
            .certificatePolicies("1.2.3", "1.2.3"), .certificatePolicies("2.5.29.32.0"),
            .policyMappings([("1.2.3", "1.2.4")]), .policyConstraints(requireExplicitPolicy: 0),
            .inhibitAnyPolicy(0), .nameConstraints(permitted: [.dns("example.com")]), .nameConstraints(),
            .nameConstraints(excluded: [.dns("www.example.com")]), .tlsFeature(5), .precertificatePoison,
            .unknown(critical: true), .unknown(critical: false),
        ]
        let malformed: [[UInt8]] = [
            [], [0x05, 0], [0x30, 0], [0x04, 0], [0x30, 0x80, 0, 0], [0x30, 1], [1, 1, 1],
        ]
        let oids = [
            OID.basicConstraints, OID.keyUsage, OID.extendedKeyUsage, OID.subjectAltName,
            OID.subjectKeyIdentifier, OID.authorityKeyIdentifier, OID.certificatePolicies,
            OID.crlDistributionPoints, OID.authorityInfoAccess, OID.sctList, "2.5.29.18",
            "2.16.840.1.113730.1.1",
        ]
        return named + oids.flatMap { oid in malformed.map { ExtensionSpec(oid: oid, value: $0) } }
            + raw(OID.basicConstraints, [0x30, 3, 1, 1, 0], [0x30, 3, 1, 1, 1], [0x30, 3, 2, 1, 0])
            + raw(
                OID.keyUsage, [3, 1, 0], [3, 2, 7, 0xFF], [3, 2, 0, 0x80], [3, 3, 7, 0x80, 0],
                [3, 2, 8, 0x80])
            + raw("2.16.840.1.113730.1.1", [3, 2, 6, 0x40], [3, 2, 5, 0x20], [3, 2, 6, 0xC0])
    }()
}
