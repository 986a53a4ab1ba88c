import Certificates

/// What else a store demands of a chain that ends at an anchor. Every condition of an anchor must hold.
/// docs/trust-data.md describes their form in the files.
package enum AnchorCondition: Sendable, Equatable {
    /// End entities whose notBefore is later are refused, and SCTs later than it do not count (Mozilla's
    /// `CKA_NSS_SERVER_DISTRUST_AFTER`).
    case distrustAfter(Instant)
    /// End entities whose notBefore is later are refused: an issuance date as Apple, Microsoft and the JDK
    /// know it.
    case notBeforeAfter(Instant)
    /// Nothing is accepted at an instant later than this, whenever it was issued (the JDK).
    case distrustAnyUseAfter(Instant)
    /// At least one set must hold; never empty (Chrome).
    case constraintSets([ConstraintSet])
    /// DNS names of the end entity must lie below one of these, as name constraints say (RFC 5280
    /// §4.2.1.10), although the anchor does not say so itself.
    case permittedDNSNames([String])
    /// The anchor is in the list and is never accepted (the JDK).
    case blocked
    /// A kind or a member that this program does not know: never skipped, the store's answer cannot be
    /// established.
    case notUnderstood(type: String)

    package var type: String {
        switch self {
        case .distrustAfter: "distrust_after"
        case .notBeforeAfter: "not_before_after"
        case .distrustAnyUseAfter: "distrust_any_use_after"
        case .constraintSets: "constraint_sets"
        case .permittedDNSNames: "permitted_dns_names"
        case .blocked: "blocked"
        case .notUnderstood(let type): type
        }
    }
}

/// One of an anchor's constraint sets of the Chrome Root Store: every member that is there must hold.
package struct ConstraintSet: Sendable, Equatable {
    /// The earliest SCT that counts must not be later. Milliseconds since 1970-01-01T00:00:00Z, as SCTs have
    /// them (RFC 6962 §3.2).
    package var sctNotAfter: Int64?
    /// Every SCT that counts must be later; milliseconds.
    package var sctAllAfter: Int64?
    /// The set is for clients of at least this version.
    package var minVersion: ClientVersion?
    /// The set is for clients below this version.
    package var maxVersionExclusive: ClientVersion?
    /// DNS names of the end entity must lie below one of these (RFC 5280 §4.2.1.10).
    package var permittedDNSNames: [String]?
    /// The end entity's notBefore must not be later; milliseconds.
    package var validityStartsNotAfter: Int64?
    /// The end entity's notBefore must be later; milliseconds.
    package var validityStartsAfter: Int64?
    /// Members that this program does not know: whether the set holds cannot be established, unless one that
    /// it knows already fails.
    package var notUnderstood: [String] = []

    package init() {}

    /// Whether a client of `version` looks at the set at all; nil when its version is not known and matters.
    package func applies(to version: ClientVersion?) -> Bool? {
        if minVersion == nil && maxVersionExclusive == nil { return true }
        guard let version else { return nil }
        if let minVersion, version < minVersion { return false }
        if let maxVersionExclusive, version >= maxVersionExclusive { return false }
        return true
    }
}

/// A client's dotted version, `156.0.8078.79`. Numbers compare from the left; a missing one is 0.
package struct ClientVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let parts: [Int]
    package let description: String

    /// Nil for anything but one to four numbers of at most nine digits between dots.
    package init?(_ text: String) {
        let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(pieces.count) else { return nil }
        var parts = [Int]()
        for piece in pieces {
            guard (1...9).contains(piece.utf8.count), piece.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(piece)
            else { return nil }
            parts.append(number)
        }
        while parts.last == 0 { parts.removeLast() }
        (self.parts, description) = (parts, text)
    }

    package static func == (a: Self, b: Self) -> Bool { a.parts == b.parts }
    package func hash(into hasher: inout Hasher) { hasher.combine(parts) }
    package static func < (a: Self, b: Self) -> Bool { a.parts.lexicographicallyPrecedes(b.parts) }
}
