import Reports

/// All checks of a path, each listed once. A new check is added here, and with its reasons to the entries.
package enum Catalogue {
    /// Run on every candidate path, in this order.
    package static let all: [Check] = [
        .signature, .issuer, .anchorFound, .keyUsable, .algorithm, .keyUsage, .basicConstraints, .pathLength,
        .nameConstraints, .extendedKeyUsage, .extensionsUnderstood, .policy, .budget,
        .leafTime, .issuerTime, .issuerExpired, .anchorTime, .nameMatch, .keyIdentifier,
        .serialNumber, .subjectAltName, .keyPolicy, .purposeForm, .extensionForm, .constraintForm,
        .basicConstraintsForm, .keyIdentifierForm, .versionForm, .criticality, .commonNameForm,
        .validityPeriod, .serverOnly, .revocationSource,
    ]

    /// Those that a profile asks for.
    package static func checks(of profile: Profile) -> [Check] { byProfile[profile] ?? [] }

    private static let byProfile = Dictionary(
        uniqueKeysWithValues: Profile.allCases.map { profile in
            (profile, all.filter { $0.profiles.contains(profile) })
        })

    package static func check(_ id: CheckID) -> Check? { byID[id] }

    private static let byID = Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
}
