import Glibc

/// An IPv4 or IPv6 address as octets. Only addresses that can be dialled exist: no zones, no short or octal
/// forms.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    package enum Family: Sendable { case v4, v6 }

    /// Four or sixteen octets in network order.
    package let octets: [UInt8]

    package var family: Family { octets.count == 4 ? .v4 : .v6 }

    /// Nil unless there are four or sixteen octets.
    package init?(octets: [UInt8]) {
        guard octets.count == 4 || octets.count == 16 else { return nil }
        self.octets = octets
    }

    /// Reads four decimal numbers (RFC 6943 §3.1.1, strict) or RFC 4291 §2.2 text without brackets or zone.
    package init?(text: String) {
        var octets = [UInt8](repeating: 0, count: text.contains(":") ? 16 : 4)
        let family = octets.count == 4 ? AF_INET : AF_INET6
        guard text.utf8.allSatisfy({ $0 != 0 }), inet_pton(family, text, &octets) == 1 else { return nil }
        self.octets = octets
    }

    /// RFC 5952 text, or four decimal numbers.
    package var description: String {
        let size = Int(INET6_ADDRSTRLEN)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
            guard let base = buffer.baseAddress,
                inet_ntop(family == .v4 ? AF_INET : AF_INET6, octets, base, socklen_t(size)) != nil
            else { return "" }
            return String(cString: base)
        }
    }
}

extension IPAddress {
    /// The IPv4 address inside a translated or tunnelled IPv6 one, else the address itself: IPv4-mapped
    /// (RFC 4291 §2.5.5.2), IPv4-compatible (§2.5.5.1), IPv4-translated (RFC 2765 §2.1), NAT64 (RFC 6052
    /// §2.1), 6to4 (RFC 3056 §2) and the client of a Teredo address (RFC 4380 §4). What is dialled is where
    /// the packets end, so that is what a policy must look at.
    package var unmapped: IPAddress { embedded.first ?? self }

    /// Every IPv4 address inside; of a Teredo address also its server, and of the local translation prefix
    /// (RFC 8215) both places that RFC 6052 §2.2 knows for it.
    package var embedded: [IPAddress] {
        guard family == .v6 else { return [] }
        let last = Array(octets[12...])
        let inner: [[UInt8]]
        if Self.translated.contains(where: octets.starts) {
            inner = [last]
        } else if octets.starts(with: Self.compatible), octets[12] != 0 {
            // Not :: and ::1, which are addresses of their own.
            inner = [last]
        } else if octets.starts(with: Self.localNAT64) {
            inner = [last, [octets[6], octets[7], octets[9], octets[10]]]
        } else if octets.starts(with: [0x20, 0x02]) {
            inner = [Array(octets[2..<6])]
        } else if octets.starts(with: [0x20, 0x01, 0, 0]) {
            inner = [last.map { ~$0 }, Array(octets[4..<8])]
        } else {
            inner = []
        }
        return inner.compactMap { IPAddress(octets: $0) }
    }

    private static let compatible = [UInt8](repeating: 0, count: 12)
    private static let localNAT64: [UInt8] = [0, 0x64, 0xff, 0x9b, 0, 1]
    /// Prefixes of twelve octets before an IPv4 address: mapped, translated, NAT64.
    private static let translated: [[UInt8]] = [
        [UInt8](repeating: 0, count: 10) + [0xff, 0xff],
        [UInt8](repeating: 0, count: 8) + [0xff, 0xff, 0, 0],
        [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0],
    ]
}
