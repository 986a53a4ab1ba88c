import COpenSSL

/// A SHA-256 digest; shown as 64 lowercase hex digits. Certificates are named by that of their DER.
package struct SHA256Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
    private let a, b, c, d: UInt64

    /// The digest of `bytes` (FIPS 180-4), computed by libcrypto.
    package init(of bytes: [UInt8]) { self = bytes.withUnsafeBytes { Self(of: $0) } }

    package init(of bytes: UnsafeRawBufferPointer) {
        var out = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        withUnsafeMutableBytes(of: &out) { raw in
            _ = SHA256(
                bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count,
                raw.baseAddress?.assumingMemoryBound(to: UInt8.self))
        }
        (a, b, c, d) = (out.0.bigEndian, out.1.bigEndian, out.2.bigEndian, out.3.bigEndian)
    }

    /// Reads 64 hex digits of either case; nil when it is anything else.
    package init?(hex text: some StringProtocol) {
        guard let bytes = Hex.decode(text) else { return nil }
        self.init(octets: bytes)
    }

    /// A digest as it is; nil unless it is of 32 bytes.
    package init?(octets: [UInt8]) {
        guard octets.count == 32 else { return nil }
        func word(_ at: Int) -> UInt64 { octets[at..<at + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        (a, b, c, d) = (word(0), word(8), word(16), word(24))
    }

    package var bytes: [UInt8] {
        withUnsafeBytes(of: (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)) { Array($0) }
    }

    package var hex: String { Hex.encode(bytes) }
    package var description: String { hex }

    package static func < (x: Self, y: Self) -> Bool { (x.a, x.b, x.c, x.d) < (y.a, y.b, y.c, y.d) }
    package static func == (x: Self, y: Self) -> Bool { x.a == y.a && x.b == y.b && x.c == y.c && x.d == y.d }
    package func hash(into hasher: inout Hasher) { hasher.combine(a) }
}

/// Lowercase hexadecimal. `String(format:)` costs tens of microseconds for one digest.
package enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { out in
            var at = 0
            for byte in bytes {
                out[at] = digits[Int(byte >> 4)]
                out[at + 1] = digits[Int(byte & 15)]
                at += 2
            }
            return at
        }
    }

    /// Nil for an odd count or anything but hex digits.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        func nibble(_ c: UInt8) -> UInt8? {
            switch c {
            case 0x30...0x39: c - 0x30
            case 0x41...0x46: c - 0x37
            case 0x61...0x66: c - 0x57
            default: nil
            }
        }
        var out = [UInt8]()
        var high: UInt8?
        for c in text.utf8 {
            guard let value = nibble(c) else { return nil }
            if let h = high {
                out.append(h << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? out : nil
    }
}
