import Checks
import Reports
import Testing

/// Every report that a test of this module asks for is held against the catalogue: the reasons are those of
/// the check, and kind and reference are as the catalogue says. Severity may be milder, never graver.
func expectCatalogued(_ report: Report) throws {
    for finding in report.findings + report.paths.flatMap(\.findings) {
        let code = "\(finding.check.rawValue)/\(finding.reason.rawValue)"
        let entry = try #require(Catalogue.entries(of: code).first, "\(code) is not in the catalogue")
        #expect(finding.kind == entry.kind, "\(code)")
        #expect(finding.severity <= entry.severity, "\(code)")
        // A check may have a second rule under its id, written elsewhere.
        if ![.pathIssuer, .netHandshake].contains(finding.check) {
            #expect(finding.reference == entry.reference, "\(code)")
        }
    }
    let reasons = report.stores.flatMap(\.reasons).map { ($0.check, $0.reason) }
    let outcomes = report.checks.list.compactMap { outcome in outcome.reason.map { (outcome.check, $0) } }
    for (check, reason) in reasons + outcomes {
        let code = "\(check.rawValue)/\(reason.rawValue)"
        #expect(!Catalogue.entries(of: code).isEmpty, "\(code) is not in the catalogue")
    }
}
