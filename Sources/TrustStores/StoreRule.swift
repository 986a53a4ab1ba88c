/// One entry of `store_rules`: which stores judge which hosts.
package struct StoreRule: Sendable, Equatable {
    package enum Profile: String, Sendable, CaseIterable { case webpki, rfc5280 }

    /// `*` is every host, `*.corp.example` every name below it at any depth and not itself, else exactly this
    /// host.
    package let match: String
    /// Nil: the default stores.
    package let stores: [String]?
    package let profile: Profile?
    /// Thresholds as text, in the form of the option of that name, which the settings parse.
    package let warn: String?
    package let critical: String?

    /// Throws `store_rule_invalid`, the sentence naming the member.
    package init(
        match: String, stores: [String]? = nil, profile: String? = nil, warn: String? = nil,
        critical: String? = nil
    ) throws(TrustStoreError) {
        let match = Self.folded(match)
        guard Self.isPattern(match) else {
            throw TrustStoreError(
                .ruleInvalid,
                "match: write a host (A-labels or an IP address without brackets), '*.' and a domain, or '*'")
        }
        if let stores {
            guard !stores.isEmpty else {
                throw TrustStoreError(
                    .ruleInvalid, "stores: a rule that names none could never give a verdict")
            }
            guard !stores.contains(StoreName.request) else {
                throw TrustStoreError(
                    .ruleInvalid, "stores: 'request' is the store of a request's own anchors")
            }
        }
        guard stores != nil || profile != nil || warn != nil || critical != nil else {
            throw TrustStoreError(.ruleInvalid, "the rule for '\(match)' sets nothing")
        }
        let known = profile.flatMap(Profile.init(rawValue:))
        guard (known == nil) == (profile == nil) else {
            throw TrustStoreError(.ruleInvalid, "profile: write webpki or rfc5280")
        }
        (self.match, self.stores, self.profile) = (match, stores, known)
        (self.warn, self.critical) = (warn, critical)
    }

    package func applies(to host: String) -> Bool { applies(folded: Self.folded(host)) }

    func applies(folded host: String) -> Bool {
        if match == "*" { return true }
        guard match.hasPrefix("*.") else { return match == host }
        let suffix = match.dropFirst()
        return host.utf8.count > suffix.utf8.count && host.hasSuffix(suffix)
    }

    /// Lower case, without one trailing dot (RFC 9525 §6.3 compares so).
    static func folded(_ host: String) -> String {
        let lower = host.lowercased()
        // "*." must not become the pattern that is every host.
        return lower.count > 1 && lower.hasSuffix(".") && lower != "*." ? String(lower.dropLast()) : lower
    }

    private static func isPattern(_ match: String) -> Bool {
        if match == "*" { return true }
        let name = match.hasPrefix("*.") ? match.dropFirst(2) : match[...]
        // 253: the longest DNS name in text (RFC 1035 §2.3.4).
        guard !name.isEmpty, name.utf8.count <= 253 else { return false }
        let isAddress = name.contains(":")
        guard !isAddress || name.count == match.count else { return false }
        let labels = name.split(separator: isAddress ? ":" : ".", omittingEmptySubsequences: isAddress)
        return labels.allSatisfy { label in
            !label.isEmpty
                && label.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
                        || (isAddress && $0 == 0x2E)
                }
        }
    }
}

/// `store_rules`: the first match wins.
package struct StoreRules: Sendable, Equatable {
    /// Each check walks the list.
    package static let limit = 10_000

    package let rules: [StoreRule]

    package init() { rules = [] }

    /// Throws `store_rule_invalid` for a rule that could never be reached.
    package init(_ rules: [StoreRule]) throws(TrustStoreError) {
        guard rules.count <= Self.limit else {
            throw TrustStoreError(.ruleInvalid, "more than \(Self.limit) rules")
        }
        var seen = Set<String>()
        for (at, rule) in rules.enumerated() {
            guard !seen.contains("*"), seen.insert(rule.match).inserted else {
                throw TrustStoreError(
                    .ruleInvalid,
                    "rule \(at + 1) ('\(rule.match)') is never reached: an earlier one matches first")
            }
        }
        self.rules = rules
    }

    /// `host` in A-labels or as an IP address without brackets; nil: the default applies.
    package func firstMatch(_ host: String) -> StoreRule? {
        let host = StoreRule.folded(host)
        return rules.first { $0.applies(folded: host) }
    }

    /// Throws `store_unknown` when a rule names a store that is not loaded.
    package func check(against stores: StoreSet) throws(TrustStoreError) {
        for rule in rules {
            do {
                _ = try stores.resolve(rule.stores ?? [])
            } catch {
                throw TrustStoreError(error.code, "the rule for '\(rule.match)': \(error.detail)")
            }
        }
    }
}
