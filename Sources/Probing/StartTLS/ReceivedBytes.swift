/// What a server has said and nobody has taken yet.
struct ReceivedBytes {
    /// RFC 2683 §3.2.1.5 tells IMAP clients to accept lines of 8,000 octets: the longest of these protocols.
    static let maximumLine = 8192
    /// A whole dialogue: the longest real one, a sieve or IMAP server's capabilities, is below 4 kB.
    static let maximumTotal = 65_536
    /// Shown of a reply in a finding.
    static let shown = 128

    private(set) var bytes: [UInt8] = []
    private var total = 0

    mutating func append(_ more: some Sequence<UInt8>) throws(StartTLSFailure) {
        let before = bytes.count
        bytes += more
        total += bytes.count - before
        guard total <= Self.maximumTotal else {
            throw .unexpectedReply("more than \(Self.maximumTotal) bytes before the handshake")
        }
    }

    /// The next line without its end; nil until it is whole.
    mutating func line() throws(StartTLSFailure) -> String? {
        guard let end = bytes.firstIndex(of: 0x0a) else {
            guard bytes.count <= Self.maximumLine else { throw tooLong }
            return nil
        }
        guard end <= Self.maximumLine else { throw tooLong }
        var line = bytes[..<end]
        if line.last == 0x0d { line.removeLast() }
        bytes.removeFirst(end + 1)
        return String(decoding: line, as: UTF8.self)
    }

    private var tooLong: StartTLSFailure { .unexpectedReply("a line of more than \(Self.maximumLine) bytes") }

    /// The first `count` bytes; nil until they are there.
    mutating func take(_ count: Int) -> [UInt8]? {
        guard bytes.count >= count else { return nil }
        defer { bytes.removeFirst(count) }
        return Array(bytes.prefix(count))
    }

    /// One reply of SMTP or FTP (RFC 5321 §4.2, RFC 959 §4.2): its code and the text of its lines; nil, and
    /// nothing is taken, until it is whole.
    mutating func reply() throws(StartTLSFailure) -> (code: Int, lines: [String])? {
        var rest = self
        var lines: [String] = []
        var code: Int?
        while let line = try rest.line() {
            let digits = line.utf8.prefix(3)
            let separator = line.utf8.dropFirst(3).first ?? 0x20
            let number = digits.count == 3 ? Int(String(Substring(digits))) : nil
            lines.append(String(Substring(line.utf8.dropFirst(4))))
            if let number, (100...699).contains(number), [0x20, 0x2d].contains(separator),
                code == nil || code == number
            {
                code = number
                if separator == 0x20 {
                    self = rest
                    return (number, lines)
                }
            } else if code == nil || number != nil {
                throw .unexpectedReply(line)
            }
            // FTP lets lines between the first and the last look like anything.
        }
        return nil
    }

    /// All there is, decoded for a search.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
