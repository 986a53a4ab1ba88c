import Certificates

/// A signed certificate timestamp (RFC 6962 §3.2).
package struct SCT: Sendable, Hashable {
    /// How it reached us (RFC 6962 §3.3).
    package enum Source: String, Sendable, CaseIterable { case embedded, tls, ocsp }

    package let source: Source
    /// SHA-256 of the log's key.
    package let log: [UInt8]
    /// Since 1970-01-01T00:00:00Z, leap seconds not counted.
    package let milliseconds: UInt64
    package let extensions: [UInt8]
    /// HashAlgorithm and SignatureAlgorithm of RFC 5246 §7.4.1.4.1.
    package let hash: UInt8
    package let algorithm: UInt8
    package let signature: [UInt8]

    /// One SerializedSCT; nil when it is cut, has trailing bytes or is not of version 1.
    package init?(_ bytes: some Collection<UInt8>, source: Source) {
        var rest = TLSReader(Array(bytes))
        guard rest.take(1) == [0], let log = rest.take(32), let stamp = rest.take(8),
            let extensions = rest.vector(), let hash = rest.take(1), let algorithm = rest.take(1),
            let signature = rest.vector(), rest.isAtEnd
        else { return nil }
        (self.source, self.log, self.extensions, self.signature) = (source, log, extensions, signature)
        milliseconds = stamp.reduce(0) { $0 << 8 | UInt64($1) }
        (self.hash, self.algorithm) = (hash[0], algorithm[0])
    }
}

/// A SignedCertificateTimestampList (RFC 6962 §3.3) as found in one place.
package struct SCTList: Sendable, Equatable {
    /// 64: real lists hold two to ten; each costs a signature check.
    package static let limit = 64

    package private(set) var scts: [SCT] = []
    /// Something in it could not be decoded, or there were more than `limit`.
    package private(set) var isMalformed = false

    package init() {}

    package init(_ bytes: [UInt8], source: SCT.Source) {
        var outer = TLSReader(bytes)
        guard let content = outer.vector(), outer.isAtEnd else {
            isMalformed = true
            return
        }
        var list = TLSReader(content)
        while !list.isAtEnd {
            guard let one = list.vector(), scts.count < Self.limit else {
                isMalformed = true
                return
            }
            // Each stands by itself: one of an unknown version does not spoil the others.
            if let sct = SCT(one, source: source) { scts.append(sct) } else { isMalformed = true }
        }
    }

    /// From the certificate, the TLS extension and the stapled OCSP response, in this order.
    package static func all(of leaf: Certificate, tls: [UInt8]?, ocsp: [UInt8]?) -> [SCT] {
        var found = embedded(in: leaf).scts
        if let tls { found += SCTList(tls, source: .tls).scts }
        if let ocsp { found += stapled(ocsp, serial: leaf.serial).scts }
        var seen = Set<SCT>()
        return Array(found.filter { seen.insert($0).inserted }.prefix(limit))
    }

    package static func embedded(in certificate: Certificate) -> SCTList {
        guard let value = certificate.extensions[OIDs.sctList]?.value else { return SCTList() }
        return inOctetString(value, source: .embedded)
    }

    private static func inOctetString(_ value: [UInt8], source: SCT.Source) -> SCTList {
        var cursor = DERCursor(value)
        guard let octets = try? cursor.next(Tag.octetString), cursor.isAtEnd else {
            var broken = SCTList()
            broken.isMalformed = true
            return broken
        }
        return SCTList(Array(value[octets.content]), source: source)
    }

    /// singleExtensions 1.3.6.1.4.1.11129.2.4.5 of the response for this serial number. The response's own
    /// signature is not looked at: an SCT bears the log's.
    package static func stapled(_ response: [UInt8], serial: [UInt8]) -> SCTList {
        guard let value = try? StapledResponse(response).sctExtension(serial: serial) else {
            return SCTList()
        }
        return inOctetString(value, source: .ocsp)
    }
}

/// The presentation language of RFC 8446 §3: fields of fixed size, and vectors with a length of two octets.
struct TLSReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count <= bytes.count - at else { return nil }
        defer { at += count }
        return Array(bytes[at..<at + count])
    }

    mutating func vector() -> [UInt8]? {
        guard let length = take(2) else { return nil }
        return take(Int(length[0]) << 8 | Int(length[1]))
    }
}
