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

    @Option(help: "With --serves: how long to ask again until every address serves it, such as 5m.")
    var wait: String?

    @OptionGroup var judging: JudgingOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let assessor = try common.assessor()
        let pairs = try Usage.check { () throws(SettingsError) in try judging.pairs() }
        let flags = OptionInput.flags(pairs + connection.pairs)
        let given = Set(flags.map(\.name))
        // What is wrong with a flag is wrong for every host: said once, as an error of usage.
        let options = try Flags.parse(flags, .check)
        let wait = try servedWait(options)
        var answers = Answers(options, judging: judging)
        for host in host {
            let target = OptionInput(name: "target", value: .text([host]), pointer: host)
            do throws(OptionErrors) {
                let request = try OptionParser.parse([target] + flags, for: .check)
                func ask() async throws(OptionErrors) -> Report {
                    let now = Engine.clock()
                    return try await assessor.check(
                        request, given: given, now: now, id: SortableID.make(at: now))
                }
                guard let wait else {
                    answers.add(try await ask())
                    continue
                }
                let (report, missing) = try await wait.run(ask)
                answers.add(report, missing: missing)
            } catch {
                answers.add(error, for: host)
            }
        }
        try answers.end()
    }

    /// Without `--wait` each address is asked once.
    private func servedWait(_ options: Options) throws -> ServedWait? {
        guard let wait else { return options.serves.map { ServedWait(serves: $0, limit: .zero) } }
        guard let serves = options.serves else {
            throw ValidationError("--wait waits for the certificate of --serves, which is not given")
        }
        do throws(Malformed) {
            return ServedWait(serves: serves, limit: .seconds(try OptionValues.seconds(wait)))
        } catch {
            throw ValidationError("--wait: \(error.detail)")
        }
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
