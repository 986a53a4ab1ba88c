import Glibc

/// The local table of names (hosts(5)), read once: an edit counts after a reload.
package struct HostsFile: Sendable {
    private let table: [String: [IPAddress]]

    /// Bytes read at most; block lists of a hundred thousand names stay below it.
    package static let maximumBytes = 8 << 20

    /// An absent or unreadable file is an empty table.
    package init(path: String = "/etc/hosts") {
        self.init(contents: Self.read(path))
    }

    package init(contents: String) {
        var table: [String: [IPAddress]] = [:]
        for line in contents.split(whereSeparator: \.isNewline) {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, let address = IPAddress(text: String(first)) else { continue }
            for name in words.dropFirst() {
                let key = Self.key(name)
                if table[key]?.contains(address) != true { table[key, default: []].append(address) }
            }
        }
        self.table = table
    }

    /// Nil when the table has no such name. `localhost` and what is below it never leave the host (RFC 6761
    /// §6.3).
    package subscript(name: String) -> [IPAddress]? {
        let key = Self.key(name)
        if let addresses = table[key] { return addresses }
        if key == "localhost" || key.hasSuffix(".localhost") { return Self.loopback }
        return nil
    }

    private static let loopback = ["127.0.0.1", "::1"].compactMap { IPAddress(text: $0) }

    private static func key(_ name: some StringProtocol) -> String {
        let lower = name.lowercased()
        return lower.hasSuffix(".") ? String(lower.dropLast()) : lower
    }

    private static func read(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < maximumBytes {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count <= 0 { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
