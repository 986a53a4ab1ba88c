import Reports

/// Rules that some clients have and RFC 5280 or libcrypto has not. They are opt-in: a finding of these counts
/// only for a client whose data names its reason under `refuses` (or `unknown`), and is never one of the
/// path.
package enum ClientChecks {
    /// Each listed once; one rule, one file.
    package static let all: [ClientRule] = [
        .lifetime, .wildcard, .hostName, .key, .digest, .pathLength, .issuerName, .authorityKey,
        .extendedKeyUsage, .keyUsage, .policy, .serial, .basicConstraints, .anchorForm, .subjectAltName,
        .nameConstraints, .time,
    ]

    /// All reasons that a client can opt in to.
    package static let reasons = Set(all.flatMap(\.reasons))

    /// The opt-in reasons among the entries of a client's lists, which may name a place: `reason@place`.
    package static func reasons(in entries: some Sequence<String>) -> Set<Reason> {
        Set(entries.compactMap { Reason(rawValue: String($0.prefix { $0 != "@" })) }).intersection(reasons)
    }

    /// What stands against the path by the rules whose reasons are wanted, in the order of `all`. A rule of
    /// which no reason is wanted is not run.
    package static func findings(_ context: PathContext, wanted: Set<Reason>) -> [Finding] {
        guard !wanted.isEmpty else { return [] }
        return all.flatMap { rule -> [Finding] in
            guard rule.reasons.contains(where: wanted.contains) else { return [] }
            guard case .failed(let failures)? = rule.check.evaluate?(context) else { return [] }
            return failures.filter { wanted.contains($0.reason) }.map {
                rule.check.finding($0, in: context)
            }
        }
    }
}

/// A check with the reasons it can give.
package struct ClientRule: Sendable {
    package let check: Check
    package let reasons: [Reason]

    init(
        _ id: CheckID, _ title: String, _ reference: Reference, _ reasons: Reason...,
        evaluate: @escaping @Sendable (PathContext) -> Outcome
    ) {
        check = Check(id: id, title: title, kind: .client, reference: reference, evaluate)
        self.reasons = reasons
    }
}
