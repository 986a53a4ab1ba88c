import ArgumentParser
import Checks
import Dialects
import Reports

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says what a code of a report means and what to do.",
        discussion: """
            CODE is a check (path.issuer), a reason (validity_ended) or both (time.leaf/validity_ended). \
            Without one, all checks are listed.
            """)

    enum Form: String, CaseIterable, ExpressibleByArgument { case text, json }

    @Argument(help: "A check, a reason, or check/reason.")
    var code: String?

    @Option(help: "text or json; json has the form of GET /v1/checks.")
    var format: Form = .text

    func run() throws {
        let entries = code.map(Catalogue.entries(of:)) ?? Catalogue.entries
        if let code, entries.isEmpty { throw unknown(code) }
        switch format {
        case .json: Output.standardOutput(CatalogueEntry.json(entries))
        case .text where code == nil: Output.standardOutput(CatalogueText.index(entries))
        case .text: Output.standardOutput(CatalogueText.render(entries))
        }
    }

    private func unknown(_ code: String) -> Ending {
        let near = Catalogue.nearest(to: code).joined(separator: ", ")
        let detail = "no check or reason is called \(code); nearest are \(near)"
        if format == .json { Output.standardOutput(Output.problem("unknown_code", detail)) }
        Output.standardError("catenary: \(detail)\n")
        return Ending(code: Program.failure)
    }
}
