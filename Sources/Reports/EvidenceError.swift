/// Why evidence cannot be judged again.
package struct EvidenceError: Error, Sendable, Equatable {
    /// Stable; the problem codes of evidence.
    package enum Code: String, Sendable, CaseIterable {
        /// A member is missing or is not what it should be.
        case malformed = "evidence_malformed"
        case memberUnknown = "evidence_member_unknown"
        /// Written by a later version of this program.
        case schemaUnknown = "evidence_schema_unknown"
        /// Octets that are not those of their name.
        case hashMismatch = "evidence_hash_mismatch"
        /// Octets that are named and not there, or a report without evidence.
        case incomplete = "evidence_incomplete"
        case tooLarge = "evidence_too_large"
    }

    package var code: Code
    /// JSON pointer (RFC 6901).
    package var pointer: String
    package var detail: String

    package init(_ code: Code, at pointer: String, _ detail: String) {
        (self.code, self.pointer, self.detail) = (code, pointer, detail)
    }
}
