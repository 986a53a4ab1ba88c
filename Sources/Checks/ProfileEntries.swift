import Reports

/// What the profile asks of the form of certificates; it decides nothing but `conforms`.
extension Catalogue {
    static let profileEntries: [CatalogueEntry] = [
        entry(.extensionForm, .extensionMalformed, .keyUsageAbsent),
        entry(
            .subjectAltName, .sanAbsent, .sanEmpty, .sanCriticality, .nameSyntax, .subjectEmpty,
            .issuerEmpty),
        entry(.serialNumber, .serialInvalid),
        entry(.keyPolicy, .keyNotAllowed),
        entry(.purposeForm, .ekuAbsent, .ekuCritical, .ekuAny, .ekuForbidden),
        entry(
            .keyIdentifierForm, .authorityKeyIdentifierAbsent, .authorityIssuerPresent,
            .subjectKeyIdentifierAbsent),
        entry(.basicConstraintsForm, .basicConstraintsInvalid, .endEntityIsCA, .notACA),
        entry(.constraintForm, .nameConstraintsMalformed, .extensionMisplaced),
        entry(.versionForm, .versionTooLow),
        entry(.criticality, .extensionCriticality),
        entry(.commonNameForm, .commonNameForm),
        entry(.validityPeriod, .lifetimeTooLong),
        entry(.serverOnly, .ekuNotServerOnly),
        entry(.revocationSource, .revocationSourceAbsent),
    ]
}
