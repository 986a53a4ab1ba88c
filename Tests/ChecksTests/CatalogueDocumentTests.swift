import Foundation
import Reports
import Testing

@testable import Checks

/// docs/checks.md is the catalogue, word for word. `CATENARY_WRITE_DOCS=1 scripts/test --core --filter
/// CatalogueDocument` writes it anew.
@Suite struct CatalogueDocumentTests {
    static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/checks.md")

    @Test func documentIsTheCatalogue() throws {
        let expected = Self.document()
        if ProcessInfo.processInfo.environment["CATENARY_WRITE_DOCS"] != nil {
            try expected.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: Self.file, encoding: .utf8)
        let pairs = zip(written.split(separator: "\n"), expected.split(separator: "\n"))
        let differing = pairs.first { $0 != $1 }
        #expect(written == expected, "first difference: \(String(describing: differing))")
    }

    private static let head = """
        # Checks and reasons

        Every finding of a report names a `check` and a `reason`. Both are stable: programs compare them, and
        readers ignore those they do not know. `catenary explain CODE` says the same in a terminal, `GET
        /v1/checks` in JSON or text. This page is made from the catalogue; a test compares the two.

        The kind says what a check decides: *path* whether a path is valid, for every store; *client* for the
        stores of the clients that ask for it; *profile* only `conforms`; *presentation* only the state. The
        severity is that of a failure. A finding may be milder: at an anchor profile findings inform, and what
        could not be established does too.

        """

    private static func document() -> String {
        var lines = head
        var group: Substring = ""
        for entry in Catalogue.entries {
            let its = entry.id.rawValue.prefix { $0 != "." }
            if its != group { lines += "\n## \(its)\n" }
            group = its
            lines += "\n### \(entry.id.rawValue)\n\n\(entry.title). "
            lines += "*\(entry.kind.rawValue)*, \(entry.severity.rawValue); \(entry.reference).\n\n"
            if !entry.stages.isEmpty {
                lines += "For what is issued "
                lines += entry.stages.map { "from \($0.from.date) on: \($0.requirement)" }.joined(
                    separator: "; ")
                lines += ". Certificates of private CAs are not meant.\n\n"
            }
            lines += "| reason | means | what to do |\n|---|---|---|\n"
            for explained in entry.reasons {
                let fix = explained.fix.map { "`\($0.action.rawValue)`: \($0.text)" } ?? ""
                lines += "| `\(explained.reason.rawValue)` | \(explained.meaning) | \(fix) |\n"
            }
        }
        return lines
    }
}
