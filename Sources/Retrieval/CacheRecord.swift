import Certificates
import Reports

/// What is known of a kept answer, as lines `name: value`; the last is the hash of those before it.
struct CacheRecord: Sendable, Equatable {
    /// A URL, an ETag, a date and four numbers are below.
    static let maximumOctets = 8192
    /// A longer ETag is not worth sending.
    static let maximumField = 1024
    private static let form = "catenary-fetched 1"

    var url: String
    var etag: String?
    var lastModified: String?
    var sha256: SHA256Digest
    var count: Int
    var at: Instant
    var lifetime: Int64

    init(_ entry: CacheEntry) {
        (url, etag, lastModified) = (entry.url, entry.etag, entry.lastModified)
        (sha256, count) = (entry.octets.sha256, entry.octets.count)
        (at, lifetime) = (entry.at, entry.lifetime)
    }

    func entry(_ octets: Octets) -> CacheEntry {
        CacheEntry(
            url: url, etag: etag, lastModified: lastModified, octets: octets, at: at, lifetime: lifetime)
    }

    var bytes: [UInt8] {
        var lines = [
            Self.form, "url: " + url, "sha256: " + sha256.hex, "octets: \(count)", "at: \(at.seconds)",
        ]
        lines.append("lifetime: \(lifetime)")
        if let etag { lines.append("etag: " + etag) }
        if let lastModified { lines.append("last-modified: " + lastModified) }
        let text = Array((lines.joined(separator: "\n") + "\n").utf8)
        return text + Array("end: \(SHA256Digest(of: text))\n".utf8)
    }

    /// Nil when an octet is not as it was written.
    init?(_ bytes: [UInt8]) {
        let tail = 5 + 64 + 1
        guard bytes.count > tail else { return nil }
        let text = Array(bytes.dropLast(tail))
        guard Array("end: \(SHA256Digest(of: text))\n".utf8) == bytes.suffix(tail) else { return nil }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        guard lines.first == Substring(Self.form) else { return nil }
        var fields: [Substring: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ": ", maxSplits: 1)
            if parts.count == 2 { fields[parts[0]] = String(parts[1]) }
        }
        guard let url = fields["url"], let sha256 = fields["sha256"].flatMap({ SHA256Digest(hex: $0) }),
            let count = fields["octets"].flatMap({ Int($0) }), count >= 0,
            let at = fields["at"].flatMap({ Int64($0) }),
            let lifetime = fields["lifetime"].flatMap({ Int64($0) })
        else { return nil }
        (self.url, self.sha256, self.count) = (url, sha256, count)
        (self.at, self.lifetime) = (Instant(seconds: at), lifetime)
        (etag, lastModified) = (fields["etag"], fields["last-modified"])
    }

    /// A field of an answer that may be sent back and written here; nil when it may not.
    static func field(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.utf8.count <= maximumField,
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        return text
    }
}
