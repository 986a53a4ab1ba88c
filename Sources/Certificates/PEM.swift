/// Why text is not a list of certificates in PEM (RFC 7468).
package enum PEMError: Error, Equatable, Sendable {
    /// There is no BEGIN line at all.
    case noBlock
    /// A block without its END line, counted from 0.
    case unterminated(block: Int)
    /// The END line bears another label than the BEGIN line (RFC 7468 §2).
    case labelsDiffer(block: Int)
    /// A block whose body is not base64.
    case base64(block: Int)
    /// A private key. Its bytes go no further.
    case privateKey(block: Int)
    /// More certificates than `limit`.
    case tooMany(limit: Int)
    /// A PKCS#7 block that does not decode.
    case pkcs7(block: Int)
}

/// Certificates as text. Bytes outside the blocks are ignored, as are blocks of other types (CRLs,
/// parameters).
package enum PEM {
    private static let dashes = Array("-----".utf8)
    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)

    package struct Block: Sendable, Equatable {
        package let label: String
        package let der: [UInt8]
    }

    /// The DER of all certificates, in order; PKCS#7 blocks are opened. At most `limit`, counted before any
    /// DER is looked at.
    package static func decode(_ bytes: [UInt8], limit: Int) throws(PEMError) -> [[UInt8]] {
        var out: [[UInt8]] = []
        var seen = 0
        try scan(bytes) { (block, index) throws(PEMError) in
            seen += 1
            switch block.label {
            case "CERTIFICATE", "X509 CERTIFICATE": out.append(block.der)
            case "PKCS7", "CMS":
                guard let inner = try? PKCS7.certificates(der: block.der) else { throw .pkcs7(block: index) }
                out.append(contentsOf: inner)
            default: return
            }
            guard out.count <= limit else { throw .tooMany(limit: limit) }
        }
        guard seen > 0 else { throw .noBlock }
        return out
    }

    /// The DER of all CRLs, in order; other blocks are ignored.
    package static func decodeCRLs(_ bytes: [UInt8], limit: Int) throws(PEMError) -> [[UInt8]] {
        var out: [[UInt8]] = []
        var seen = 0
        try scan(bytes) { (block, index) throws(PEMError) in
            seen += 1
            guard block.label == "X509 CRL" else { return }
            out.append(block.der)
            guard out.count <= limit else { throw .tooMany(limit: limit) }
        }
        guard seen > 0 else { throw .noBlock }
        return out
    }

    /// Every block in order; refuses private keys unless told otherwise.
    package static func scan(
        _ bytes: [UInt8], allowingPrivateKeys: Bool = false, _ body: (Block, Int) throws(PEMError) -> Void
    ) throws(PEMError) {
        var at = 0
        var index = 0
        while let start = find(begin, in: bytes, from: at) {
            let labelStart = start + begin.count
            guard let labelEnd = find(dashes, in: bytes, from: labelStart), labelEnd - labelStart <= 64 else {
                throw .unterminated(block: index)
            }
            let label = ASN1Text.utf8(bytes[labelStart..<labelEnd])
            if label.hasSuffix("PRIVATE KEY"), !allowingPrivateKeys { throw .privateKey(block: index) }
            let bodyStart = labelEnd + dashes.count
            guard let stop = find(end, in: bytes, from: bodyStart) else { throw .unterminated(block: index) }
            let closing = Array(bytes[labelStart..<bodyStart])
            guard bytes[(stop + end.count)...].starts(with: closing) else {
                throw .labelsDiffer(block: index)
            }
            guard let der = Base64.decode(bytes[bodyStart..<stop]) else { throw .base64(block: index) }
            try body(Block(label: label, der: der), index)
            index += 1
            at = stop + end.count
        }
    }

    package static func encode(_ der: [UInt8], label: String = "CERTIFICATE") -> String {
        var out = "-----BEGIN \(label)-----\n"
        let text = Base64.encode(der)
        var rest = Substring(text)
        while !rest.isEmpty {
            out += rest.prefix(64) + "\n"
            rest = rest.dropFirst(64)
        }
        return out + "-----END \(label)-----\n"
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBufferPointer { buffer in
            var at = start
            let last = buffer.count - needle.count
            while at <= last {
                if buffer[at] == needle[0] {
                    var same = 1
                    while same < needle.count, buffer[at + same] == needle[same] { same += 1 }
                    if same == needle.count { return at }
                }
                at += 1
            }
            return nil
        }
    }
}

/// Base64 (RFC 4648 §4), white space between the characters allowed.
package enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        for space in [0x20, 0x09, 0x0A, 0x0D] { table[space] = 0xFE }
        return table
    }()

    /// Nil for a character outside the alphabet, wrong padding or a cut group.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var out = [UInt8]()
        out.reserveCapacity(text.count * 3 / 4)
        var group: UInt32 = 0
        var filled = 0
        var padding = 0
        for character in text {
            if character == 0x3D {
                padding += 1
                continue
            }
            let value = values[Int(character)]
            if value == 0xFE { continue }
            guard value != 0xFF, padding == 0 else { return nil }
            group = group << 6 | UInt32(value)
            filled += 1
            if filled == 4 {
                out.append(UInt8(truncatingIfNeeded: group >> 16))
                out.append(UInt8(truncatingIfNeeded: group >> 8))
                out.append(UInt8(truncatingIfNeeded: group))
                (group, filled) = (0, 0)
            }
        }
        switch (filled, padding) {
        case (0, 0): break
        case (2, 2): out.append(UInt8(truncatingIfNeeded: group >> 4))
        case (3, 1):
            out.append(UInt8(truncatingIfNeeded: group >> 10))
            out.append(UInt8(truncatingIfNeeded: group >> 2))
        default: return nil
        }
        return out
    }

    package static func encode(_ bytes: [UInt8]) -> String {
        var out = [UInt8]()
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            let a = UInt32(bytes[start]) << 16
            let b = count > 1 ? UInt32(bytes[start + 1]) << 8 : 0
            let c = count > 2 ? UInt32(bytes[start + 2]) : 0
            let group = a | b | c
            out.append(alphabet[Int(group >> 18)])
            out.append(alphabet[Int(group >> 12 & 63)])
            out.append(count > 1 ? alphabet[Int(group >> 6 & 63)] : 0x3D)
            out.append(count > 2 ? alphabet[Int(group & 63)] : 0x3D)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
