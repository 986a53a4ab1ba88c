import Foundation

/// GeneralName (RFC 5280 §4.2.1.6), also as the base of a name constraint.
package enum GeneralNameSpec: Sendable, Hashable {
    case dns(String)
    /// An address, or with `/prefix` an address and mask as name constraints have it.
    case ip(String)
    case email(String)
    case uri(String)
    case directory(Name)
    case registeredID(String)
    /// otherName with its value's element.
    case other(oid: String, value: [UInt8])
    /// One whole element.
    case raw([UInt8])

    package var der: [UInt8] {
        switch self {
        case .other(let oid, let value): Encode.context(0, Encode.oid(oid) + Encode.context(0, value))
        case .email(let text): Encode.primitive(1, Array(text.utf8))
        case .dns(let text): Encode.primitive(2, Array(text.utf8))
        case .directory(let name): Encode.context(4, name.der)
        case .uri(let text): Encode.primitive(6, Array(text.utf8))
        case .ip(let text): Encode.primitive(7, Self.octets(text))
        case .registeredID(let oid): Encode.primitive(8, Array(Encode.oid(oid).dropFirst(2)))
        case .raw(let bytes): bytes
        }
    }

    private static func octets(_ text: String) -> [UInt8] {
        let parts = text.split(separator: "/")
        let address = String(parts.first ?? "")
        var octets = [UInt8](repeating: 0, count: address.contains(":") ? 16 : 4)
        let read = inet_pton(octets.count == 16 ? AF_INET6 : AF_INET, address, &octets)
        precondition(read == 1, "not an address: \(text)")
        guard parts.count == 2, let prefix = Int(parts[1]) else { return octets }
        let mask = (0..<octets.count).map { at -> UInt8 in
            let bits = min(max(prefix - 8 * at, 0), 8)
            return bits == 0 ? 0 : 0xFF << UInt8(8 - bits)
        }
        return octets + mask
    }
}
