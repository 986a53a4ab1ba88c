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
    /// Bytes in which `take(through:)` found no end.
    private var searched = 0
    /// What has come of a reply that is not whole.
    private var begun: (code: Int?, lines: [String]) = (nil, [])

    mutating func append(_ more: some Sequence<UInt8>) throws(StartTLSFailure) {
        let before = bytes.count
        bytes += more
        total += bytes.count - before
        guard total <= Self.maximumTotal else {
            throw .unexpectedReply("more than \(Self.maximumTotal) bytes before the handshake")
        }
    }

    /// Everything up to and with the next `end`; nil until that is there. No byte is looked at twice, so
    /// that whoever sends them one by one costs no more than another.
    mutating func take(through end: UInt8) -> [UInt8]? {
        guard let at = bytes[searched...].firstIndex(of: end) else {
            searched = bytes.count
            return nil
        }
        return take(at + 1)
    }

    /// The next line without its end; nil until it is whole.
    mutating func line() throws(StartTLSFailure) -> String? {
        guard var line = take(through: 0x0a) else {
            guard bytes.count <= Self.maximumLine else { throw tooLong }
            return nil
        }
        line.removeLast()
        guard line.count <= Self.maximumLine else { throw tooLong }
        if line.last == 0x0d { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }

    private var tooLong: StartTLSFailure { .unexpectedReply("a line of more than \(Self.maximumLine) bytes") }

    /// The first `count` bytes; nil until they are there.
    mutating func take(_ count: Int) -> [UInt8]? {
        guard bytes.count >= count else { return nil }
        defer {
            bytes.removeFirst(count)
            searched = 0
        }
        return Array(bytes.prefix(count))
    }

    /// One reply of SMTP or FTP (RFC 5321 §4.2, RFC 959 §4.2): its code and the text of its lines; nil until
    /// it is whole.
    mutating func reply() throws(StartTLSFailure) -> (code: Int, lines: [String])? {
        while let line = try line() {
            let digits = line.utf8.prefix(3)
            let separator = line.utf8.dropFirst(3).first ?? 0x20
            let number = digits.count == 3 ? Int(String(Substring(digits))) : nil
            begun.lines.append(String(Substring(line.utf8.dropFirst(4))))
            if let number, (100...699).contains(number), [0x20, 0x2d].contains(separator),
                begun.code == nil || begun.code == number
            {
                begun.code = number
                if separator == 0x20 {
                    defer { begun = (nil, []) }
                    return (number, begun.lines)
                }
            } else if begun.code == nil || number != nil {
                throw .unexpectedReply(line)
            }
            // FTP lets lines between the first and the last look like anything.
        }
        return nil
    }
}
