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
    /// (RFC 4291 §2.5.5.2), IPv4-compatible (§2.5.5.1), NAT64 (RFC 6052 §2.1) and 6to4 (RFC 3056 §2).
    /// What is dialled is where the packets end, so that is what a policy must look at.
    package var unmapped: IPAddress {
        guard family == .v6 else { return self }
        let inner: ArraySlice<UInt8>
        if octets.starts(with: Self.mapped) || octets.starts(with: Self.nat64) {
            inner = octets[12...]
        } else if octets.starts(with: Self.compatible), octets[12] != 0 {
            // Not :: and ::1, which are addresses of their own.
            inner = octets[12...]
        } else if octets[0] == 0x20, octets[1] == 0x02 {
            inner = octets[2..<6]
        } else {
            return self
        }
        return IPAddress(octets: Array(inner)) ?? self
    }

    private static let compatible = [UInt8](repeating: 0, count: 12)
    private static let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
    private static let nat64: [UInt8] = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]
}
