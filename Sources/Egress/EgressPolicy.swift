/// Decides which address may be dialled. A name is resolved once, its addresses are vetted here, and the
/// vetted literal is dialled, so that a second answer of the name server changes nothing.
///
/// In this order: metadata addresses never, then what is denied, then what is allowed, then the base.
/// Whoever is refused learns nothing of why: the answer is yes or no.
package struct EgressPolicy: Sendable, Equatable {
    /// What may be dialled when no rule speaks of it.
    package enum Base: String, Sendable, CaseIterable {
        /// Loopback, private and other special-purpose addresses, too.
        case all
        /// Only what the special-purpose registries leave, `SpecialRange.notGlobal`.
        case `public`
        case none
    }

    package var base: Base
    package var allowed: [EgressRule]
    package var denied: [EgressRule]

    package init(_ base: Base, allowed: [EgressRule] = [], denied: [EgressRule] = []) {
        (self.base, self.allowed, self.denied) = (base, allowed, denied)
    }

    /// - Parameter allowsPrivate: a server that listens on loopback alone allows them; one that strangers
    ///   reach must not.
    package init(allowsPrivate: Bool) { self.init(allowsPrivate ? .all : .public) }

    /// - Parameters:
    ///   - name: the host asked for; nil for a literal.
    ///   - isResolved: the address is what the name resolved to. Else whoever asks has chosen it, and a
    ///     name that is allowed must not lend it its right.
    package func allows(_ address: IPAddress, port: UInt16, name: String? = nil, isResolved: Bool = true)
        -> Bool
    {
        // Where the packets may end: whatever is refused is refused in every disguise.
        let forms = [address] + address.embedded
        if forms.contains(where: SpecialRange.metadata.contains) { return false }
        if denied.contains(where: { $0.holds(forms, port: port, name: name) }) { return false }
        let own = Array(Set([address, address.unmapped]))
        if allowed.contains(where: { $0.holds(own, port: port, name: isResolved ? name : nil) }) {
            return true
        }
        switch base {
        case .all: return true
        case .public: return !forms.contains(where: SpecialRange.notGlobal.contains)
        case .none: return false
        }
    }

    /// Whether the name is denied whatever it resolves to, so that it need not be looked up.
    package func denies(name: String, port: UInt16) -> Bool {
        denied.contains { $0.holds(name: name, port: port) }
    }
}

extension [SpecialRange] {
    fileprivate func contains(_ address: IPAddress) -> Bool { contains { $0.range.contains(address) } }
}
