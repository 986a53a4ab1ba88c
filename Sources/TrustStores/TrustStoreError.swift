/// Why a store, a client or a rule cannot be used. Nothing of a file's content is in it.
package struct TrustStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        case unreadable = "store_unreadable"
        case empty = "store_empty"
        case malformed = "store_malformed"
        case tooLarge = "store_too_large"
        case privateKey = "store_private_key"
        case nameInvalid = "store_name_invalid"
        case nameReserved = "store_name_reserved"
        case nameTaken = "store_name_taken"
        case unknown = "store_unknown"
        case clientUnknown = "store_client_unknown"
        case ruleInvalid = "store_rule_invalid"
    }

    package let code: Code
    /// The file or folder as it was named to us; nil when none is concerned.
    package let file: String?
    /// One sentence without a full stop.
    package let detail: String

    package init(_ code: Code, file: String? = nil, _ detail: String) {
        (self.code, self.file, self.detail) = (code, file, detail)
    }

    package var description: String { (file.map { "\($0): " } ?? "") + detail }
}
