/// MySQL and MariaDB: SSLRequest after the server's handshake packet (MySQL's documentation,
/// "Protocol::HandshakeV10" and "Protocol::SSLRequest").
struct MySQLDialogue: StartTLSDialogue {
    private enum State { case greeting, ready }
    private var state = State.greeting

    /// CLIENT_SSL.
    private static let tls: UInt32 = 0x0800
    /// With CLIENT_PROTOCOL_41, CLIENT_SECURE_CONNECTION and CLIENT_PLUGIN_AUTH, as every client of today.
    private static let capabilities = tls | 0x0200 | 0x8000 | 0x8_0000

    mutating func step(_ received: inout ReceivedBytes) throws(StartTLSFailure) -> StartTLSStep {
        if state == .ready { return .ready }
        let bytes = received.bytes
        guard bytes.count >= 4 else { return .wait }
        let length = Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
        guard length <= ReceivedBytes.maximumLine, bytes[3] == 0 else {
            throw .unexpectedReply(ProbeText.shown(bytes))
        }
        guard let packet = received.take(4 + length)?.dropFirst(4) else { return .wait }
        // 10 is the protocol's version, then the server's ending with NUL; 0xff begins an error.
        guard packet.first == 10, let end = packet.firstIndex(of: 0), packet.endIndex - end > 16 else {
            throw .unexpectedReply(ProbeText.shown(Array(packet)))
        }
        // NUL, thread id (4), the scramble's first part (8), filler, then the capabilities' lower half.
        let offered = UInt32(packet[end + 14]) | UInt32(packet[end + 15]) << 8
        guard offered & Self.tls != 0 else { throw .notOffered("the capability CLIENT_SSL is not set") }
        state = .ready
        let flags = (0..<4).map { UInt8(truncatingIfNeeded: Self.capabilities >> ($0 * 8)) }
        // The largest packet (16 MB) and the character set (45, utf8mb4) mean nothing before a login.
        return .say([32, 0, 0, 1] + flags + [0, 0, 0, 1, 45] + [UInt8](repeating: 0, count: 23))
    }
}
