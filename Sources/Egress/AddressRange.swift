/// A block of addresses, `192.0.2.0/24`.
package struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    package let base: IPAddress
    /// 0 to 32 or 128.
    package let bits: Int

    /// Reads CIDR notation; nil when it is malformed or when bits beyond the prefix are set.
    package init?(cidr: String) {
        let parts = cidr.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = IPAddress(text: String(parts[0])),
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]),
            bits <= base.octets.count * 8
        else { return nil }
        (self.base, self.bits) = (base, bits)
        guard Self.masked(base.octets, bits) == base.octets else { return nil }
    }

    package func contains(_ address: IPAddress) -> Bool {
        guard address.octets.count == base.octets.count else { return false }
        return Self.masked(address.octets, bits) == base.octets
    }

    package var description: String { "\(base)/\(bits)" }

    private static func masked(_ octets: [UInt8], _ bits: Int) -> [UInt8] {
        octets.enumerated().map { index, octet in
            let kept = min(max(bits - index * 8, 0), 8)
            return octet & UInt8(truncatingIfNeeded: 0xff00 >> kept)
        }
    }
}
