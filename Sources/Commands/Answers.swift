import Dialects
import Foundation
import HTTPAPI
import Reports

/// Renders the answers of one command to standard output, one after the other, and keeps the exit code.
struct Answers {
    private let format: Format
    private let verbose: Bool
    private let fields: [String]
    private var exit: ExitState
    private var count = 0

    init(_ options: Options, judging: JudgingOptions) {
        (format, verbose, fields) = (options.format ?? .text, judging.verbose, options.fields)
        exit = ExitState(failOn: judging.failOn)
    }

    mutating func add(_ report: Report) {
        exit.add(report.state)
        switch format {
        case .json: Output.standardOutput(report.json(fields: fields))
        case .nagios: Output.standardOutput(Nagios.render(report))
        case .text:
            // An empty line between two answers.
            let separator = count == 0 ? "" : "\n"
            Output.standardOutput(
                separator + TextReport.render(report, verbose: verbose, color: Self.hasColor))
        }
        count += 1
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

    mutating func add(unreadable error: SettingsError, for input: String) {
        add(code: "file_unreadable", detail: error.detail, for: input, errors: [])
    }

    private mutating func add(
        code: String, detail: String, for input: String, errors: [Problem.Field]
    ) {
        let detail = "\(input): \(detail)"
        exit.addUnanswered()
        count += 1
        switch format {
        case .json: Output.standardOutput(Output.problem(code, detail, target: input, errors: errors))
        case .nagios: Output.standardOutput("SSL_CERT UNKNOWN \(detail)\n")
        case .text: break
        }
        Output.standardError("catenary: \(detail)\n")
    }

    func end() throws {
        if exit.code != 0 { throw Ending(code: exit.code) }
    }

    private static let hasColor =
        isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
}
