import Dialects
import Foundation
import HTTPAPI
import Reports

/// Renders the answers of one command to standard output, one after the other, and keeps the exit code.
struct Answers {
    private var list: RenderedList
    private var exit: ExitState

    init(_ options: Options, judging: JudgingOptions) {
        let verbose = judging.verbose
        list = RenderedList(options.format ?? .text, fields: options.fields) {
            TextReport.render($0, verbose: verbose, color: Self.hasColor)
        }
        exit = ExitState(failOn: judging.failOn)
    }

    mutating func add(_ report: Report) {
        exit.add(report.state)
        Output.standardOutput(list.add(report))
    }

    /// - Parameter missing: who still does not serve the certificate that was waited for.
    mutating func add(_ report: Report, missing: [String]) {
        add(report)
        guard !missing.isEmpty else { return }
        exit.add(.critical)
        Output.standardError("catenary: not served everywhere: \(missing.joined(separator: "; "))\n")
    }

    /// An input that cannot be used still has its line; the others go on.
    mutating func add(_ errors: OptionErrors, for input: String) {
        add(
            code: errors.errors.first?.code.rawValue ?? OptionError.Code.valueMalformed.rawValue,
            detail: errors.errors.first?.detail ?? "cannot be used", for: input,
            errors: errors.errors.map {
                Problem.Field(code: $0.code.rawValue, place: .option($0.pointer), detail: $0.detail)
            })
    }

    mutating func add(_ error: EvidenceError, for input: String) {
        let place = error.pointer.isEmpty ? "" : error.pointer + ": "
        add(
            code: error.code.rawValue, detail: place + error.detail, for: input,
            errors: [
                Problem.Field(code: error.code.rawValue, place: .pointer(error.pointer), detail: error.detail)
            ])
    }

    mutating func add(unreadable error: SettingsError, for input: String) {
        add(code: "file_unreadable", detail: error.detail, for: input, errors: [])
    }

    private mutating func add(
        code: String, detail: String, for input: String, errors: [Problem.Field]
    ) {
        let detail = "\(input): \(detail)"
        exit.addUnanswered()
        Output.standardOutput(
            list.add(
                unanswered: input, code: code, detail: detail,
                problem: Output.problem(code, detail, target: input, errors: errors)))
        Output.standardError("catenary: \(detail)\n")
    }

    func end() throws {
        Output.standardOutput(list.end())
        if exit.code != 0 { throw Ending(code: exit.code) }
    }

    static let hasColor =
        isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
}
