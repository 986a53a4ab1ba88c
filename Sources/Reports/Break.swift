import Certificates
import JSON

/// An instant after the one judged for at which a store's answer changes. It can be checked: judging at `at`
/// gives `trustedAfter` and `verdictAfter`, one second earlier the answers before.
package struct Break: Sendable, Equatable {
    /// The first second at which the new answer holds.
    package var at: Instant
    package var store: String
    /// The path that begins or ends, as an index into the report's paths.
    package var path: Int?
    package var cause: FirstBreak.Cause
    /// Whose date it is.
    package var certificate: SHA256Digest?
    package var trustedAfter: Bool?
    /// Over all stores asked for.
    package var verdictAfter: Verdict

    package init(
        at: Instant, store: String, path: Int?, cause: FirstBreak.Cause, certificate: SHA256Digest?,
        trustedAfter: Bool?, verdictAfter: Verdict
    ) {
        (self.at, self.store, self.path, self.cause) = (at, store, path, cause)
        (self.certificate, self.trustedAfter, self.verdictAfter) = (certificate, trustedAfter, verdictAfter)
    }

    func write(_ json: inout JSONWriter) {
        json.beginObject()
        json.member("at", at)
        json.member("store", store)
        json.member("path", path)
        json.member("cause", cause.rawValue)
        json.member("certificate", certificate)
        json.key("trusted_after")
        json.value(orNull: trustedAfter)
        json.member("verdict_after", verdictAfter.rawValue)
        json.endObject()
    }
}
