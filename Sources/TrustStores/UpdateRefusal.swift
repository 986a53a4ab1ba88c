/// Why trust data of a file is not taken. Nothing of a file's content is in it but names.
package struct UpdateRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        // the file
        case unreadable = "archive_unreadable"
        case tooLarge = "archive_too_large"
        case digest = "archive_digest_differs"
        case compressed = "archive_compressed"
        case malformed = "archive_malformed"
        case memberKind = "archive_member_kind"
        case memberName = "archive_member_name"
        case memberTwice = "archive_member_twice"
        case memberTooLarge = "archive_member_too_large"
        case tooMany = "archive_too_many_members"
        // its SOURCES.json
        case manifestAbsent = "manifest_absent"
        case manifestMalformed = "manifest_malformed"
        case fileAbsent = "manifest_file_absent"
        case fileUnlisted = "manifest_file_unlisted"
        case fileDigest = "manifest_digest_differs"
        // what it would change
        case storeGone = "update_store_gone"
        case clientGone = "update_client_gone"
        case older = "update_older"
        case future = "update_from_future"
        case implausible = "update_implausible"
        // the swap
        case busy = "update_busy"
        case unwritable = "update_unwritable"
    }

    package let code: Code
    /// One sentence without a full stop.
    package let detail: String

    package init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }

    package var description: String { "\(code.rawValue): \(detail)" }
}
