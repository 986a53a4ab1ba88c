import ArgumentParser
import Assessment
import Dialects
import Foundation
import HTTPAPI
import Reports

struct RepairCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Writes the chain that a server should send.",
        discussion: """
            The smallest correctly ordered chain that serves every store asked for, as PEM without the \
            private key, on standard output or to --output; what changes and who trusts it, on standard \
            error. --intermediates gives certificates that the server lacks. Exit codes: 0 every store asked \
            for trusts the result, 1 some do not or it ends before the end entity, 2 no store trusts any \
            chain, 3 no answer.
            """)

    @Argument(help: "FILE, - for standard input, or a host as check takes it. What exists as a file is one.")
    var source: String

    @Option(name: .shortAndLong, help: "File to write; one that exists is replaced whole or not at all.")
    var output: String?

    @OptionGroup var judging: JudgingOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let assessor = try common.assessor()
        let isFile = source == "-" || FileManager.default.fileExists(atPath: source)
        let pairs = try Usage.check { () throws(SettingsError) in try judging.pairs() }
        let flags = OptionInput.flags(pairs.filter { $0.name != "include" } + [("include", "bundle")])
        let options = try Flags.parse(flags, isFile ? .validate : .check)
        guard options.format != .nagios else {
            throw ValidationError("--format: a bundle is text or json")
        }
        let bytes =
            isFile
            ? try Usage.check { () throws(SettingsError) in try InputFile.read(source, flag: source) } : nil
        let report: Report
        do throws(OptionErrors) {
            report = try await Self.report(source, bytes, flags, assessor)
        } catch {
            var refused = Answers(options, judging: judging)
            refused.add(error, for: source)
            return try refused.end()
        }
        try answer(report, options)
    }

    private static func report(
        _ source: String, _ bytes: [UInt8]?, _ flags: [OptionInput], _ assessor: Assessor
    ) async throws(OptionErrors) -> Report {
        let now = Engine.clock()
        let id = SortableID.make(at: now)
        let given = Set(flags.map(\.name))
        guard let bytes else {
            let target = OptionInput(name: "target", value: .text([source]), pointer: source)
            let request = try OptionParser.parse([target] + flags, for: .check)
            return try await assessor.check(request, given: given, now: now, id: id)
        }
        var request = try OptionParser.parse(flags, for: .validate)
        request.posted = ValidateCommand.posted(bytes)
        return try await assessor.validate(request, given: given, now: now, id: id)
    }

    private func answer(_ report: Report, _ options: Options) throws {
        guard let bundle = report.bundle else {
            let detail = "\(source): no store asked for trusts any chain: \(report.summary)"
            if options.format == .json {
                Output.standardOutput(Output.problem("no_bundle", detail, target: source))
            }
            Output.standardError("catenary: \(detail)\n")
            throw Ending(code: 2)
        }
        if let output {
            try write(bundle.pem, to: output)
        } else if options.format != .json {
            Output.standardOutput(bundle.pem)
        }
        if options.format == .json {
            Output.standardOutput(report.json(fields: options.fields.isEmpty ? ["bundle"] : options.fields))
        }
        Output.standardError(BundleText.render(bundle, report))
        let servesAll = bundle.stores.allSatisfy { $0.after == true }
        if !servesAll || bundle.endsBeforeLeaf { throw Ending(code: 1) }
    }

    private func write(_ pem: String, to path: String) throws {
        do {
            try Data(pem.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw ValidationError("--output: \(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
