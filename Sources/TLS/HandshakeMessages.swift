/// What the messages of a handshake said, read from their bytes before libssl judges them, so that a server
/// whose certificate libssl cannot decode still shows it.
struct HandshakeMessages {
    private(set) var version: UInt16?
    private(set) var certificates: [[UInt8]]?
    private(set) var certificateRequested = false
    /// Our Certificate message went out.
    private(set) var requestAnswered = false
    /// There was a certificate in it.
    private(set) var certificateSent = false
    private(set) var sessionTicketSeen = false
    /// The fatal alert received.
    private(set) var alert: UInt8?
    var sctList: [UInt8]?

    var isTLS13: Bool { version == 0x0304 }

    var versionName: String? {
        switch version {
        case 0x0300: "SSL 3.0"
        case 0x0301: "TLS 1.0"
        case 0x0302: "TLS 1.1"
        case 0x0303: "TLS 1.2"
        case 0x0304: "TLS 1.3"
        default: nil
        }
    }

    /// RFC 8446 §4: a whole message with its header of four octets.
    mutating func sawHandshake(_ bytes: UnsafeRawBufferPointer, sent: Bool) {
        var cursor = Cursor(bytes)
        guard let type = cursor.number(1), cursor.number(3) != nil else { return }
        switch (type, sent) {
        case (2, false): version = Self.version(serverHello: &cursor) ?? version
        case (4, false): sessionTicketSeen = true
        case (11, false) where certificates == nil:
            certificates = Self.certificates(message: &cursor, tls13: isTLS13)
        case (11, true):
            requestAnswered = certificateRequested
            certificateSent = !Self.certificates(message: &cursor, tls13: isTLS13).isEmpty
        case (13, false): certificateRequested = true
        default: break
        }
    }

    /// RFC 8446 §6: level and description. Since TLS 1.3 the level means nothing.
    mutating func sawAlert(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 2, bytes[1] != TLSAlert.closeNotify, bytes[1] != TLSAlert.userCanceled,
            bytes[0] == 2 || isTLS13
        else { return }
        alert = bytes[1]
    }

    /// RFC 8446 §4.1.3: legacy_version, unless the extension supported_versions (§4.2.1) says otherwise.
    private static func version(serverHello cursor: inout Cursor) -> UInt16? {
        guard let legacy = cursor.number(2) else { return nil }
        var version = UInt16(truncatingIfNeeded: legacy)
        guard cursor.skip(32), let session = cursor.number(1), cursor.skip(session), cursor.skip(3),
            cursor.number(2) != nil
        else { return version }
        while let type = cursor.number(2), let length = cursor.number(2) {
            if type == 43, length == 2, let selected = cursor.number(2) {
                version = UInt16(truncatingIfNeeded: selected)
            } else if !cursor.skip(length) {
                break
            }
        }
        return version
    }

    /// RFC 8446 §4.4.2 and RFC 5246 §7.4.2; of a malformed message whatever comes before the defect.
    private static func certificates(message cursor: inout Cursor, tls13: Bool) -> [[UInt8]] {
        if tls13 {
            guard let context = cursor.number(1), cursor.skip(context) else { return [] }
        }
        guard cursor.number(3) != nil else { return [] }
        var certificates: [[UInt8]] = []
        while let length = cursor.number(3), let der = cursor.bytes(length) {
            certificates.append(der)
            if tls13 {
                guard let extensions = cursor.number(2), cursor.skip(extensions) else { break }
            }
        }
        return certificates
    }

    /// Big-endian numbers and counted bytes; nil, and no step, beyond the end.
    private struct Cursor {
        private var rest: Slice<UnsafeRawBufferPointer>

        init(_ bytes: UnsafeRawBufferPointer) { rest = bytes[...] }

        mutating func number(_ octets: Int) -> Int? {
            guard rest.count >= octets else { return nil }
            defer { rest = rest.dropFirst(octets) }
            return rest.prefix(octets).reduce(0) { $0 << 8 | Int($1) }
        }

        mutating func skip(_ octets: Int) -> Bool {
            guard rest.count >= octets else { return false }
            rest = rest.dropFirst(octets)
            return true
        }

        mutating func bytes(_ octets: Int) -> [UInt8]? {
            guard rest.count >= octets else { return nil }
            defer { rest = rest.dropFirst(octets) }
            return Array(rest.prefix(octets))
        }
    }
}
