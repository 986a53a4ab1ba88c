/// KeyUsage (RFC 5280 §4.2.1.3), in the RFC's spellings.
package struct KeyUsage: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let digitalSignature = KeyUsage(rawValue: 1 << 0)
    package static let nonRepudiation = KeyUsage(rawValue: 1 << 1)
    package static let keyEncipherment = KeyUsage(rawValue: 1 << 2)
    package static let dataEncipherment = KeyUsage(rawValue: 1 << 3)
    package static let keyAgreement = KeyUsage(rawValue: 1 << 4)
    package static let keyCertSign = KeyUsage(rawValue: 1 << 5)
    package static let cRLSign = KeyUsage(rawValue: 1 << 6)
    package static let encipherOnly = KeyUsage(rawValue: 1 << 7)
    package static let decipherOnly = KeyUsage(rawValue: 1 << 8)

    package var names: [String] {
        [
            "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
            "keyCertSign",
            "cRLSign", "encipherOnly", "decipherOnly",
        ].enumerated().filter { rawValue & 1 << $0.offset != 0 }.map(\.element)
    }
}

/// BasicConstraints (RFC 5280 §4.2.1.9).
package struct BasicConstraints: Sendable, Equatable {
    package let ca: Bool
    /// The largest number of non-self-issued intermediates that may follow.
    package let pathLength: Int?
}

/// AuthorityKeyIdentifier (RFC 5280 §4.2.1.1).
package struct AuthorityKeyIdentifier: Sendable, Equatable {
    package let keyID: [UInt8]?
    package let hasIssuerAndSerial: Bool
}

/// What an SCT says before its signature is looked at (RFC 6962 §3.2).
package struct SCTSummary: Sendable, Equatable {
    /// SHA-256 of the log's key.
    package let log: [UInt8]
    package let milliseconds: UInt64
}

/// The extensions of one certificate, each decoded once; an extension that cannot be decoded is listed as
/// malformed and its value left empty.
package struct Extensions: Sendable {
    package struct Item: Sendable, Equatable {
        package let oid: OID
        package let critical: Bool
        package let value: [UInt8]
    }

    package private(set) var all: [Item] = []
    package private(set) var malformed: [OID] = []
    package private(set) var repeated: [OID] = []
    package private(set) var subjectAltName: [GeneralName]?
    package private(set) var basicConstraints: BasicConstraints?
    package private(set) var keyUsage: KeyUsage?
    package private(set) var extendedKeyUsage: [OID]?
    package private(set) var nameConstraints: NameConstraints?
    package private(set) var subjectKeyIdentifier: [UInt8]?
    package private(set) var authorityKeyIdentifier: AuthorityKeyIdentifier?
    package private(set) var policies: [OID] = []
    package private(set) var ocspURLs: [String] = []
    package private(set) var issuerURLs: [String] = []
    package private(set) var crlURLs: [String] = []
    package private(set) var scts: [SCTSummary] = []

    package subscript(_ oid: OID) -> Item? { all.first { $0.oid == oid } }

    init() {}

    /// `cursor` stands inside the SEQUENCE OF Extension.
    init(_ cursor: inout DERCursor) throws(DERError) {
        while !cursor.isAtEnd {
            var fields = cursor.inside(try cursor.next(Tag.sequence))
            let oid = OID(content: Array(fields.bytes[try fields.next(Tag.oid).content]))
            let flag = try fields.optional(Tag.boolean)
            let value = try fields.next(Tag.octetString)
            try fields.expectEnd()
            let critical = Self.isTrue(flag, fields.bytes)
            if self[oid] != nil { repeated.append(oid) }
            all.append(Item(oid: oid, critical: critical, value: Array(fields.bytes[value.content])))
            do {
                try decode(oid, DERCursor(fields.bytes, value.content))
            } catch {
                malformed.append(oid)
            }
        }
    }

    private mutating func decode(_ oid: OID, _ start: DERCursor) throws(DERError) {
        var cursor = start
        switch oid {
        case OIDs.subjectAltName:
            var names = cursor.inside(try cursor.next(Tag.sequence))
            subjectAltName = try GeneralName.list(&names)
        case OIDs.basicConstraints:
            basicConstraints = try Self.basicConstraints(&cursor)
        case OIDs.keyUsage:
            keyUsage = try Self.keyUsage(&cursor)
        case OIDs.extendedKeyUsage:
            extendedKeyUsage = try Self.oids(&cursor)
        case OIDs.nameConstraints:
            var inner = cursor.inside(try cursor.next(Tag.sequence))
            nameConstraints = try NameConstraints(&inner)
        case OIDs.subjectKeyIdentifier:
            subjectKeyIdentifier = Array(cursor.bytes[try cursor.next(Tag.octetString).content])
        case OIDs.authorityKeyIdentifier:
            var inner = cursor.inside(try cursor.next(Tag.sequence))
            let keyID = try inner.optional(Tag.context(0)).map { Array(inner.bytes[$0.content]) }
            authorityKeyIdentifier = AuthorityKeyIdentifier(keyID: keyID, hasIssuerAndSerial: !inner.isAtEnd)
        case OIDs.authorityInfoAccess:
            try accessDescriptions(&cursor)
        case OIDs.crlDistributionPoints:
            crlURLs = try Self.distributionPoints(&cursor)
        case OIDs.certificatePolicies:
            policies = try Self.policies(&cursor)
        case OIDs.sctList:
            let list = try cursor.next(Tag.octetString)
            scts = Self.scts(Array(cursor.bytes[list.content]))
            return
        default:
            return
        }
        try cursor.expectEnd()
    }

    /// An absent BOOLEAN with DEFAULT FALSE is false.
    private static func isTrue(_ element: DERElement?, _ bytes: [UInt8]) -> Bool {
        guard let element else { return false }
        return bytes[element.content].contains { $0 != 0 }
    }

    private static func basicConstraints(_ cursor: inout DERCursor) throws(DERError) -> BasicConstraints {
        var inner = cursor.inside(try cursor.next(Tag.sequence))
        let ca = isTrue(try inner.optional(Tag.boolean), inner.bytes)
        var length: Int?
        if let element = try inner.optional(Tag.integer) {
            let content = inner.bytes[element.content]
            guard let first = content.first, first < 0x80 else { throw DERError(offset: element.start) }
            // Longer than any path that a budget allows: the largest Int says the same.
            length = content.count > 4 ? Int.max : content.reduce(0) { $0 << 8 | Int($1) }
        }
        try inner.expectEnd()
        return BasicConstraints(ca: ca, pathLength: length)
    }

    private static func keyUsage(_ cursor: inout DERCursor) throws(DERError) -> KeyUsage {
        var bits = Array(cursor.bytes[try cursor.next(Tag.bitString).content])
        guard let unused = bits.first, unused < 8 else { throw DERError(offset: cursor.at) }
        // DER wants unused bits to be 0; libcrypto does not look at them.
        if bits.count > 1 { bits[bits.count - 1] &= 0xFF << unused }
        var value: UInt16 = 0
        for (index, byte) in bits.dropFirst().prefix(2).enumerated() {
            for bit in 0..<8 where byte & (0x80 >> UInt8(bit)) != 0 { value |= 1 << UInt16(index * 8 + bit) }
        }
        return KeyUsage(rawValue: value)
    }

    private static func oids(_ cursor: inout DERCursor) throws(DERError) -> [OID] {
        var inner = cursor.inside(try cursor.next(Tag.sequence))
        var out: [OID] = []
        while !inner.isAtEnd { out.append(OID(content: Array(inner.bytes[try inner.next(Tag.oid).content]))) }
        return out
    }

    private mutating func accessDescriptions(_ cursor: inout DERCursor) throws(DERError) {
        var list = cursor.inside(try cursor.next(Tag.sequence))
        // SIZE (1..MAX), RFC 5280 §4.2.2.1.
        guard !list.isAtEnd else { throw DERError(offset: list.at) }
        while !list.isAtEnd {
            var fields = list.inside(try list.next(Tag.sequence))
            let method = OID(content: Array(fields.bytes[try fields.next(Tag.oid).content]))
            let location = try fields.next()
            try fields.expectEnd()
            guard location.tag & 0xC0 == 0x80 else { throw DERError(offset: location.start) }
            guard case .uri(let url) = GeneralName.read(location, in: fields.bytes) else { continue }
            if method == OIDs.ocspAccess { ocspURLs.append(url) }
            if method == OIDs.caIssuers { issuerURLs.append(url) }
        }
    }

    private static func distributionPoints(_ cursor: inout DERCursor) throws(DERError) -> [String] {
        var list = cursor.inside(try cursor.next(Tag.sequence))
        var out: [String] = []
        while !list.isAtEnd {
            var point = list.inside(try list.next(Tag.sequence))
            guard let name = try point.optional(Tag.constructed(0)) else { continue }
            var choice = point.inside(name)
            guard let full = try choice.optional(Tag.constructed(0)) else { continue }
            var names = choice.inside(full)
            for case .uri(let url) in try GeneralName.list(&names) { out.append(url) }
        }
        return out
    }

    private static func policies(_ cursor: inout DERCursor) throws(DERError) -> [OID] {
        var list = cursor.inside(try cursor.next(Tag.sequence))
        var out: [OID] = []
        while !list.isAtEnd {
            var information = list.inside(try list.next(Tag.sequence))
            out.append(OID(content: Array(information.bytes[try information.next(Tag.oid).content])))
        }
        return out
    }

    /// SignedCertificateTimestampList: stops at the first entry that is cut.
    private static func scts(_ list: [UInt8]) -> [SCTSummary] {
        var out: [SCTSummary] = []
        var at = 2
        while at + 2 <= list.count {
            let length = Int(list[at]) << 8 | Int(list[at + 1])
            let body = at + 2
            at = body + length
            guard at <= list.count else { break }
            guard length >= 41, list[body] == 0 else { continue }
            let stamp = list[body + 33..<body + 41].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            out.append(SCTSummary(log: Array(list[body + 1..<body + 33]), milliseconds: stamp))
        }
        return out
    }
}
