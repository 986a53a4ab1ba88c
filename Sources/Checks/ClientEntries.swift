import Reports

/// What some clients refuse besides; each counts for those alone that name it.
extension Catalogue {
    static let clientEntries: [CatalogueEntry] = ClientChecks.all
        .filter { $0.check.id != .clientKeyIdentifier }
        .map { entry($0.check, $0.reasons) }
}
