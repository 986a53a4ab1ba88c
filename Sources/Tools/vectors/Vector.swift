import Certificates
import JSON

/// One case of a suite, as the JSON lines have it.
package struct Vector: Sendable {
    package let id: String
    package let trusted: [String]
    package let intermediates: [String]
    package let leaf: String
    package let crls: [String]
    package let kind: String
    package let at: String?
    package let names: [Name]
    package let maxDepth: Int?
    package let policies: [String]?
    package let requiresPolicy, inhibitsMapping, inhibitsAnyPolicy: Bool
    package let expectsSuccess: Bool
    /// BetterTLS: refusing a chain that should be good is acceptable.
    package let mayRefuse: Bool

    package struct Name: Sendable {
        package let kind: String
        package let value: String
    }

    /// Nil when the line has no id, no leaf or no expectation.
    package init?(_ value: JSONValue) {
        guard let object = value.object, let id = object["id"]?.string, let leaf = object["leaf"]?.string,
            let expected = object["expected_result"]?.string
        else { return nil }
        func texts(_ name: String) -> [String] { (object[name]?.array ?? []).compactMap(\.string) }
        func flag(_ name: String) -> Bool { object[name]?.bool ?? false }
        (self.id, self.leaf) = (id, leaf)
        (trusted, intermediates, crls) = (texts("trusted"), texts("intermediates"), texts("crls"))
        kind = object["validation_kind"]?.string ?? "SERVER"
        at = object["validation_time"]?.string
        let one = object["expected_peer_name"].map { [$0] } ?? []
        names = (one + (object["expected_peer_names"]?.array ?? [])).compactMap { name in
            guard let name = name.object, let kind = name["kind"]?.string, let text = name["value"]?.string
            else { return nil }
            return Name(kind: kind, value: text)
        }
        maxDepth = object["max_chain_depth"]?.int
        policies = object["initial_policy_set"]?.array.map { $0.compactMap(\.string) }
        requiresPolicy = flag("initial_explicit_policy")
        inhibitsMapping = flag("initial_policy_mapping_inhibit")
        inhibitsAnyPolicy = flag("initial_inhibit_any_policy")
        expectsSuccess = expected == "SUCCESS"
        mayRefuse = flag("failure_is_warning")
    }

    /// limbo, bettertls or pkits: BetterTLS and PKITS name themselves in their ids.
    package var suite: String {
        let first = id.prefix { $0 != ":" }
        return ["bettertls", "pkits"].contains(first) ? String(first) : "limbo"
    }

    /// The id without its last part: `rfc5280::nc`, `pkits::4.7`.
    package var category: String {
        if suite == "pkits" {
            return "pkits::" + id.dropFirst(7).split(separator: ".").prefix(2).joined(separator: ".")
        }
        let parts = id.split(separator: ":", omittingEmptySubsequences: true)
        return parts.dropLast().joined(separator: "::")
    }
}
