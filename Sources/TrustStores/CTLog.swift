import Certificates

/// A Certificate Transparency log as a client's list knows it.
package struct CTLog: Sendable, Equatable {
    /// Which protocol it speaks: RFC 6962, or the static API that has the same SCTs.
    package enum Kind: String, Sendable, CaseIterable {
        case rfc6962
        case staticCT = "static"
    }

    /// A state of Chrome's log list schema, and two that come of comparing lists.
    package enum State: String, Sendable, CaseIterable {
        case pending, qualified, usable, readonly, retired, rejected
        /// Among the logs that the newest list accepts, which does not say in which state.
        case listed
        /// No longer in the newest list: retired, or only past its interval.
        case dropped
    }

    package struct Change: Sendable, Equatable {
        package let state: State
        /// The state's first instant.
        package let since: Instant
        package init(_ state: State, since: Instant) { (self.state, self.since) = (state, since) }
    }

    /// An operator until an instant, exclusive; the policies count operators as of the SCT.
    package struct FormerOperator: Sendable, Equatable {
        package let name: String
        package let until: Instant
        package init(name: String, until: Instant) { (self.name, self.until) = (name, until) }
    }

    /// SHA-256 of `key`, the log id of RFC 6962 §3.2.
    package let id: SHA256Digest
    package let name: String
    package let `operator`: String
    package let formerOperators: [FormerOperator]
    package let kind: Kind
    /// SubjectPublicKeyInfo, DER. Not decoded before a signature is to be verified.
    package let key: [UInt8]
    /// By `since`, ascending. Empty when the list says nothing of states.
    package let states: [Change]
    /// It logs certificates whose notAfter lies in it: from inclusive, to exclusive. Nil when the list has
    /// none.
    package let accepts: Range<Instant>?

    package init(
        key: [UInt8], name: String, operator: String, formerOperators: [FormerOperator] = [],
        kind: Kind = .rfc6962, states: [Change] = [], accepts: Range<Instant>? = nil
    ) {
        (id, self.key, self.name, self.operator) = (SHA256Digest(of: key), key, name, `operator`)
        (self.formerOperators, self.kind, self.accepts) = (formerOperators, kind, accepts)
        self.states = states.sorted { $0.since < $1.since }
    }

    /// Its state at `at`; nil before the first one known.
    package func state(at: Instant) -> State? { states.last { $0.since <= at }?.state }

    /// Who ran it at `at`.
    package func `operator`(at: Instant) -> String {
        formerOperators.first { at < $0.until }?.name ?? self.operator
    }
}

/// One list of logs; what it does not have is unknown to us, which is not the same as bad.
package struct CTLogList: Sendable {
    package let version: String
    /// Upstream's date of the list.
    package let published: Instant
    package let logs: [SHA256Digest: CTLog]

    package init(version: String, published: Instant, logs: [CTLog]) {
        (self.version, self.published) = (version, published)
        self.logs = Dictionary(logs.map { ($0.id, $0) }) { first, _ in first }
    }

    package subscript(id: SHA256Digest) -> CTLog? { logs[id] }

    /// Seconds after which a list says too little: 70 days, Chrome's own limit for its list.
    package static let lifetime: Int64 = 70 * 86_400

    package func isStale(at now: Instant) -> Bool { now - published > Self.lifetime }
}
