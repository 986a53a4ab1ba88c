import ArgumentParser
import HTTPAPI
import Reports

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Connects to hosts and judges what they send.",
        discussion:
            "With several hosts the exit code is that of the worst answer: ok, unknown, warning, critical.")

    @Argument(help: "HOST, HOST:PORT, [V6]:PORT or a URL.")
    var host: [String]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var judging: JudgingOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let engine = try Usage.check { () throws(SettingsError) in try common.engine(quiet: true) }
        let assessor = try Usage.check { () throws(SettingsError) in try engine.assessor(allowsPrivate: true)
        }
        let pairs = try Usage.check { () throws(SettingsError) in try judging.pairs() }
        let flags = OptionInput.flags(pairs + connection.pairs)
        let given = Set(flags.map(\.name))
        // What is wrong with a flag is wrong for every host: said once, as an error of usage.
        var answers = Answers(try Flags.parse(flags, .check), judging: judging)
        for host in host {
            let target = OptionInput(name: "target", value: .text([host]), pointer: host)
            do throws(OptionErrors) {
                let request = try OptionParser.parse([target] + flags, for: .check)
                let now = Engine.clock()
                answers.add(
                    try await assessor.check(request, given: given, now: now, id: SortableID.make(at: now)))
            } catch {
                answers.add(error, for: host)
            }
        }
        try answers.end()
    }
}

enum Flags {
    /// The options; what is wrong with a flag is an error of usage. Targets and files are not looked at here.
    static func parse(_ flags: [OptionInput], _ kind: RequestKind) throws -> Options {
        var inputs = flags
        if kind == .check {
            inputs.append(OptionInput(name: "target", value: .text(["localhost"]), pointer: ""))
        }
        do throws(OptionErrors) {
            return try OptionParser.parse(inputs, for: kind).options
        } catch {
            throw ValidationError(error.errors.map { "\($0.pointer): \($0.detail)" }.joined(separator: "\n"))
        }
    }
}
