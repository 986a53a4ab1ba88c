import Certificates

/// Certificates that name each other as issuers, end entity first. Not judged.
package struct CandidatePath: Sendable, Equatable {
    package let certificates: [Certificate]
    package let end: End

    package enum End: Sendable, Equatable {
        /// The last certificate is an anchor.
        case anchor
        /// No issuer of the last certificate is known.
        case issuerAbsent
        /// The last certificate is self-signed and no anchor.
        case selfSigned
        /// Issuers are known; the bound on depth ends it here.
        case depth
    }

    package init(certificates: [Certificate], end: End) {
        (self.certificates, self.end) = (certificates, end)
    }

    package var leaf: Certificate { certificates[0] }
    package var anchor: Certificate? { end == .anchor ? certificates.last : nil }

    /// Depths (end entity 0) of what stands between end entity and anchor.
    package var intermediateDepths: Range<Int> {
        let last = end == .anchor ? certificates.count - 1 : certificates.count
        return min(1, last)..<last
    }

    /// Intermediates as RFC 5280 §6.1.4 (l) counts them: self-issued ones do not.
    package var countedIntermediates: Int { intermediateDepths.count { !certificates[$0].isSelfIssued } }

    /// Depths of all certificates below the anchor.
    package var belowAnchor: Range<Int> {
        certificates.count == 1 ? 0..<1 : 0..<(end == .anchor ? certificates.count - 1 : certificates.count)
    }
}

/// What a search learned.
package struct SearchResult: Sendable {
    /// That end at an anchor, in the order found: shortest first, then by the rules of `PathBuilder`.
    package var paths: [CandidatePath] = []
    /// That end elsewhere, sought only when none ends at an anchor.
    package var deadEnds: [CandidatePath] = []
    /// Bounds that were hit.
    package var exhausted: Set<SearchBudget.Bound> = []
    package var pruned: [Pruned] = []
    package var steps = 0
    package var signatures = 0

    package init() {}

    /// A step not taken, and why.
    package struct Pruned: Sendable, Equatable {
        package let subject: SHA256Digest
        package let issuer: SHA256Digest
        package let cause: Cause

        package enum Cause: String, Sendable {
            /// The same subject and key stands on the path already (RFC 4158 §5.2).
            case repetition
            /// The signature does not verify under this issuer's key.
            case signatureBad = "signature_bad"
            case algorithmMismatch = "algorithm_mismatch"
            /// The issuer's key cannot be decoded, so the signature was not checked.
            case keyUndecodable = "key_undecodable"
            case notACA = "not_a_ca"
            case depth
        }
    }
}
