import Dialects
import Reports
import Testing

/// The catalogue for people.
@Suite struct CatalogueTextTests {
    private static let ended = ExplainedReason(
        .validityEnded, meaning: "the certificate has expired",
        fix: Fix(.renew, "replace it with a current one"))
    private static let open = ExplainedReason(
        .notEstablished, meaning: String(repeating: "could not be ", count: 10) + "established", fix: nil)
    private static func entry(_ id: CheckID, _ reasons: ExplainedReason...) -> CatalogueEntry {
        CatalogueEntry(
            id: id, title: "Within its validity", kind: .path, severity: .error,
            reference: "RFC 5280 6.1.3(a)(2)", reasons: reasons)
    }

    @Test func checks() {
        let text = CatalogueText.render([
            Self.entry(.timeLeaf, Self.ended, Self.open), Self.entry(.timeIssuer),
        ])
        // 107 columns; the next word would not fit.
        let eight = Array(repeating: "could not be", count: 8).joined(separator: " ")
        #expect(
            text == """
                time.leaf  Within its validity
                  path check, error when it fails; RFC 5280 6.1.3(a)(2)
                  validity_ended
                    the certificate has expired
                    fix  replace it with a current one
                  not_established
                    \(eight)
                    could not be could not be established

                time.issuer  Within its validity
                  path check, error when it fails; RFC 5280 6.1.3(a)(2)

                """)
    }

    @Test func aReasonOfSeveralChecksIsSaidOnce() {
        let entries = [Self.entry(.timeLeaf, Self.ended), Self.entry(.timeIssuer, Self.ended)]
        #expect(
            CatalogueText.render(entries) == """
                validity_ended
                  the certificate has expired
                  fix  replace it with a current one
                  said by time.leaf  Within its validity
                  said by time.issuer  Within its validity

                """)
    }

    @Test func index() {
        let text = CatalogueText.index([Self.entry(.timeLeaf, Self.ended), Self.entry(.timeIssuer)])
        #expect(
            text == """
                time.leaf    error    Within its validity
                time.issuer  error    Within its validity

                """)
    }
}
