import Certificates
import JSON

/// What will happen to the next certificate: the same end entity from the same issuer, issued when it is due.
package struct Renewal: Sendable, Equatable {
    /// After two thirds of the lifetime, not before the instant judged for; or as asked.
    package var due: Instant
    /// The longest validity in days that every accepting store takes; nil when none accepts it.
    package var longestValidityDays: Int?
    /// In the order asked.
    package var stores: [Store]

    package init(due: Instant, longestValidityDays: Int?, stores: [Store]) {
        (self.due, self.longestValidityDays, self.stores) = (due, longestValidityDays, stores)
    }

    package struct Store: Sendable, Equatable {
        package var name: String
        /// At `due`; nil when it cannot be said.
        package var accepted: Bool?
        /// The first second at which a certificate issued then is refused, past or to come.
        package var refusedFrom: Instant?
        package var reason: Reason?

        package init(name: String, accepted: Bool?, refusedFrom: Instant? = nil, reason: Reason? = nil) {
            (self.name, self.accepted) = (name, accepted)
            (self.refusedFrom, self.reason) = (refusedFrom, reason)
        }
    }

    func write(_ json: inout JSONWriter) {
        json.key("renewal")
        json.beginObject()
        json.member("due", due)
        json.member("longest_validity_days", longestValidityDays)
        json.key("stores")
        json.beginObject()
        for store in stores {
            json.key(store.name)
            json.beginObject()
            json.key("accepted")
            json.value(orNull: store.accepted)
            json.member("refused_from", store.refusedFrom)
            json.member("reason", store.reason?.rawValue)
            json.endObject()
        }
        json.endObject()
        json.endObject()
    }
}
