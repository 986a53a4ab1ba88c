import Certificates
import JSON

/// What the server should send: the smallest correctly ordered chain that serves every store asked for that
/// can be served, how it differs from what was sent, and what each store says before and after.
package struct Bundle: Sendable {
    /// End entity first; self-signed anchors are not sent.
    package var certificates: [Certificate]
    package var changes: [Change]
    /// In the order asked; `after` is the answer to the bundle alone, judged anew.
    package var stores: [Store]
    /// The last second at which every store that the bundle serves still trusts it, counted from `at`; nil
    /// when that never ends.
    package var until: Instant?

    /// Whether an intermediate or a store ends what the end entity's own dates would allow: the next bundle
    /// is due before the next end entity.
    package var endsBeforeLeaf: Bool {
        guard let until, let end = certificates.first?.notAfter else { return false }
        return until < end
    }

    package init(certificates: [Certificate], changes: [Change], stores: [Store], until: Instant?) {
        (self.certificates, self.changes, self.stores, self.until) = (certificates, changes, stores, until)
    }

    package struct Change: Sendable, Equatable {
        package enum Action: String, Sendable { case add, drop, move }
        package var action: Action
        package var certificate: SHA256Digest
        /// Where it was sent and where it belongs, from 0.
        package var from: Int?
        package var to: Int?
        package init(_ action: Action, _ certificate: SHA256Digest, from: Int? = nil, to: Int? = nil) {
            (self.action, self.certificate, self.from, self.to) = (action, certificate, from, to)
        }
    }

    package struct Store: Sendable, Equatable {
        package var name: String
        package var before: Bool?
        package var after: Bool?
        package init(name: String, before: Bool?, after: Bool?) {
            (self.name, self.before, self.after) = (name, before, after)
        }
    }

    package var pem: String { certificates.map { PEM.encode($0.der) }.joined() }

    func write(_ json: inout JSONWriter) {
        json.key("bundle")
        json.beginObject()
        json.member("pem", pem)
        json.member("certificates", certificates.map(\.sha256))
        json.list("changes", changes) { change, json in
            json.beginObject()
            json.member("action", change.action.rawValue)
            json.member("certificate", change.certificate)
            json.member("from", change.from)
            json.member("to", change.to)
            json.endObject()
        }
        json.key("stores")
        json.beginObject()
        for store in stores {
            json.key(store.name)
            json.beginObject()
            json.key("before")
            json.value(orNull: store.before)
            json.key("after")
            json.value(orNull: store.after)
            json.endObject()
        }
        json.endObject()
        json.member("until", until)
        json.member("ends_before_leaf", endsBeforeLeaf)
        json.endObject()
    }
}
