/// Decides which address may be dialled. A name is resolved once, its addresses are vetted here, and the
/// vetted literal is dialled, so that a second answer of the name server changes nothing.
package struct EgressPolicy: Sendable {
    /// Whether loopback, private, link-local and other special-purpose addresses may be dialled. A server
    /// that listens on loopback alone allows them; one that strangers reach must not.
    package let allowsPrivate: Bool

    package init(allowsPrivate: Bool) { self.allowsPrivate = allowsPrivate }

    /// Why an address is refused.
    package enum Refusal: Sendable, Hashable {
        /// Never allowed.
        case metadata(SpecialRange)
        /// Allowed when `allowsPrivate`.
        case special(SpecialRange)

        package var range: SpecialRange {
            switch self {
            case .metadata(let range), .special(let range): range
            }
        }
    }

    /// Nil: the address may be dialled. Both the address itself and the IPv4 address inside it are looked at.
    package func refusal(of address: IPAddress) -> Refusal? {
        let forms = address.unmapped == address ? [address] : [address.unmapped, address]
        for form in forms {
            if let range = SpecialRange.metadata.first(where: { $0.range.contains(form) }) {
                return .metadata(range)
            }
        }
        if allowsPrivate { return nil }
        for form in forms {
            if let range = SpecialRange.notGlobal.first(where: { $0.range.contains(form) }) {
                return .special(range)
            }
        }
        return nil
    }
}
