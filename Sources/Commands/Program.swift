import ArgumentParser
import HTTPAPI
import Reports

/// The command line as a whole: parses, runs, and turns every end into one of the four exit codes.
package enum Program {
    /// 0 ok, 1 warning, 2 critical, 3 unknown and whatever could not be answered, usage included.
    static let failure: Int32 = 3

    /// - Parameter arguments: without the program's name.
    package static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try Catenary.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch let end as Ending {
            return end.code
        } catch {
            let text = Catenary.fullMessage(for: error)
            // --help and --version are answers.
            guard Catenary.exitCode(for: error) != .success else {
                Output.standardOutput(text + "\n")
                return 0
            }
            if Output.wantsJSON(arguments) {
                Output.standardOutput(Output.problem("usage", Catenary.message(for: error)))
            }
            Output.standardError(text + "\n")
            return failure
        }
    }
}

/// How a command that has said all it had to say ends.
struct Ending: Error {
    var code: Int32
}

struct Catenary: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catenary",
        abstract: "Validates certificate chains: a host or a PEM in, a verdict with its reasons out.",
        discussion: "Exit codes: 0 ok, 1 warning, 2 critical, 3 unknown or an error of usage.",
        version: "catenary \(ProgramVersion.text)",
        subcommands: [
            CheckCommand.self, ScanCommand.self, ValidateCommand.self, RepairCommand.self, ReplayCommand.self,
            ExplainCommand.self,
            StoresCommand.self, ServeCommand.self,
        ])
}
