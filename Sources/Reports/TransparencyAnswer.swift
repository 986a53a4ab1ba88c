import Certificates
import JSON

/// What is known of the end entity's SCTs (RFC 6962), and what the clients asked for make of them.
package struct TransparencyAnswer: Sendable, Equatable {
    /// In the order found: embedded, TLS extension, stapled OCSP.
    package var scts: [Stamp]
    package var clients: [ClientAnswer]

    package init(scts: [Stamp], clients: [ClientAnswer]) { (self.scts, self.clients) = (scts, clients) }

    package struct Stamp: Sendable, Equatable {
        /// SHA-256 of the log's key, in hex.
        package var logID: String
        /// Description, operator and protocol of a log that the list has; nil for any other.
        package var log: String?
        package var `operator`: String?
        package var type: String?
        /// The log's state at the instant judged for.
        package var state: String?
        package var milliseconds: UInt64
        /// embedded, tls or ocsp.
        package var source: String
        /// nil: not looked at, because the log's key is unknown.
        package var verified: Bool?
        /// Why it does not count, or may not.
        package var reason: Reason?

        package init(logID: String, milliseconds: UInt64, source: String) {
            (self.logID, self.milliseconds, self.source) = (logID, milliseconds, source)
        }
    }

    package struct ClientAnswer: Sendable, Equatable {
        package var client: String
        /// nil: not established.
        package var satisfied: Bool?
        package var reason: Reason?
        package var expected: String?
        package var presented: String?

        package init(
            client: String, satisfied: Bool?, reason: Reason? = nil, expected: String? = nil,
            presented: String? = nil
        ) {
            (self.client, self.satisfied, self.reason) = (client, satisfied, reason)
            (self.expected, self.presented) = (expected, presented)
        }
    }
}

extension TransparencyAnswer {
    func write(_ json: inout JSONWriter) {
        json.key("transparency")
        json.beginObject()
        json.list("scts", scts) { $0.write(&$1) }
        json.key("clients")
        json.beginObject()
        for answer in clients {
            json.key(answer.client)
            json.beginObject()
            json.key("satisfied")
            json.value(orNull: answer.satisfied)
            json.member("reason", answer.reason?.rawValue)
            json.member("expected", answer.expected)
            json.member("presented", answer.presented)
            json.endObject()
        }
        json.endObject()
        json.endObject()
    }
}

extension TransparencyAnswer.Stamp {
    func write(_ json: inout JSONWriter) {
        json.beginObject()
        json.member("log_id", logID)
        json.member("log", log)
        json.member("operator", self.operator)
        json.member("type", type)
        json.member("state", state)
        // A log may write any 64 bits; what lies beyond the year 9999 is shown as its last second.
        let last = UInt64(Instant.latest.seconds) * 1_000
        json.member("timestamp", Instant(seconds: Int64(min(milliseconds, last) / 1_000)))
        json.member("timestamp_ms", Int64(min(milliseconds, last)))
        json.member("source", source)
        json.key("verified")
        json.value(orNull: verified)
        json.member("reason", reason?.rawValue)
        json.endObject()
    }
}
