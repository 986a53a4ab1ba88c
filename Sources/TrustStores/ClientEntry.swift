/// One entry of a client's data: `reason[@place][@public|private][+reason[@place]]…`.
///
/// `validity_ended@anchor`: this reason, found at the anchor; `below_anchor`: of the certificate next to it.
/// `@public`: on a path to an anchor that a programme's list holds; `@private`: on any other.
/// `purpose_not_allowed@leaf+eku_any_only@leaf`: the first reason counts when the others are found with it,
/// on the same certificate or on none in particular.
package struct ClientEntry: Hashable, Sendable, CustomStringConvertible {
    /// Where on a path the certificate stands.
    package enum Place: String, Sendable, CaseIterable {
        case leaf, intermediate, anchor
        /// Issued by the anchor, whether an intermediate or the end entity.
        case belowAnchor = "below_anchor"
    }

    /// Under which anchors.
    package enum Scope: String, Sendable, CaseIterable { case `public`, `private` }

    /// A reason, and the place where it must be found; nil: anywhere.
    package struct Term: Hashable, Sendable {
        package let reason: String
        package let place: Place?
        package init(reason: String, place: Place?) { (self.reason, self.place) = (reason, place) }
    }

    package let term: Term
    package let scope: Scope?
    /// What must be found with it.
    package let together: [Term]
    package let description: String

    /// Nil when the text is not of that form. Whether the reasons exist is not known here.
    package init?(parsing text: String) {
        let halves = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        guard let first = halves.first, let head = Self.head(first) else { return nil }
        var together = [Term]()
        for half in halves.dropFirst() {
            guard let other = Self.head(half), other.scope == nil else { return nil }
            together.append(other.term)
        }
        (term, scope, self.together, description) = (head.term, head.scope, together, text)
    }

    private static func head(_ text: String) -> (term: Term, scope: Scope?)? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard let reason = parts.first, isReason(reason), parts.count <= 3 else { return nil }
        var (place, scope): (Place?, Scope?)
        for part in parts.dropFirst() {
            if place == nil, scope == nil, let found = Place(rawValue: part) {
                place = found
            } else if scope == nil, let found = Scope(rawValue: part) {
                scope = found
            } else {
                return nil
            }
        }
        return (Term(reason: reason, place: place), scope)
    }

    private static func isReason(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
        }
    }
}
