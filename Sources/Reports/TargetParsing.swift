import Certificates

/// A target as people write it: a host and perhaps a port.
package struct TargetText: Sendable, Equatable {
    package var host: ReferenceIdentifier
    package var port: UInt16?
    package var scheme: TargetScheme?

    /// `host`, `host:port`, `[v6]`, `[v6]:port`, a bare IPv6 address, or any of these with the scheme of a
    /// protocol, `https://` or `smtp://` say, and a path that is ignored.
    package init(parsing text: String) throws(Malformed) {
        var authority = Substring(text)
        if let scheme = text.firstRange(of: "://") {
            guard let known = TargetScheme(text[..<scheme.lowerBound]) else {
                throw Self.refusal(text, "has a scheme that is not known")
            }
            self.scheme = known
            authority = text[scheme.upperBound...].prefix { !["/", "?", "#"].contains($0) }
            guard !authority.contains("@") else { throw Self.refusal(text, "carries user information") }
        }
        let (host, port) = try Self.split(authority, text)
        self.port = try port.map { digits throws(Malformed) in
            guard let port = Self.port(digits) else {
                throw Self.refusal(text, "has a port that is not a number from 1 to 65535")
            }
            return port
        }
        self.host = try Self.host(String(host))
    }

    /// A host alone: a DNS name or an IP address, IPv6 with or without brackets.
    package static func host(_ text: String) throws(Malformed) -> ReferenceIdentifier {
        do throws(Malformed) {
            guard text.hasPrefix("["), text.hasSuffix("]") else {
                return try ReferenceIdentifier(parsing: text)
            }
            guard let address = IPAddress(text.dropFirst().dropLast()), !address.isIPv4 else {
                throw refusal(text, "is not an IPv6 address")
            }
            return .ip(octets: address.octets, text: address.text)
        } catch {
            throw Malformed(.targetMalformed, error.detail)
        }
    }

    /// 1 to 65535 without sign and leading zeros.
    package static func port(_ text: some StringProtocol) -> UInt16? {
        guard (1...5).contains(text.utf8.count), text.utf8.first != 0x30,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return UInt16(text)
    }

    private static func split(
        _ authority: Substring, _ text: String
    ) throws(Malformed) -> (host: Substring, port: Substring?) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else {
                throw refusal(text, "has a bracket that is not closed")
            }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else {
                throw refusal(text, "has text after the bracket")
            }
            return (authority[...end], rest.isEmpty ? nil : rest.dropFirst())
        }
        let colons = authority.utf8.filter { $0 == 0x3A }.count
        guard colons == 1, let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    private static func refusal(_ text: String, _ why: String) -> Malformed {
        Malformed(.targetMalformed, "\(Malformed.shown(text)) \(why)")
    }
}
