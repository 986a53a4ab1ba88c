import Foundation
import HTTPAPI

/// What goes to which stream. Standard output holds answers and nothing else.
enum Output {
    /// A reader that went away (`| head`) is no error of ours; false tells those who would go on for long.
    @discardableResult static func standardOutput(_ bytes: [UInt8]) -> Bool {
        write(bytes, to: .standardOutput)
    }
    static func standardOutput(_ text: String) { standardOutput(Array(text.utf8)) }
    static func standardError(_ text: String) { _ = write(Array(text.utf8), to: .standardError) }

    private static func write(_ bytes: [UInt8], to handle: FileHandle) -> Bool {
        (try? handle.write(contentsOf: Data(bytes))) != nil
    }

    /// Whether `arguments` ask for JSON, read without the parser, which may have refused them.
    static func wantsJSON(_ arguments: [String]) -> Bool {
        var asked = false
        for (at, argument) in arguments.enumerated() {
            if argument == "--" { break }
            if argument == "--format", at + 1 < arguments.count { asked = arguments[at + 1] == "json" }
            if argument.hasPrefix("--format=") { asked = argument == "--format=json" }
        }
        return asked
    }

    /// An answer that could not be given, in the form of the API's problems (RFC 9457).
    static func problem(
        _ code: String, _ detail: String, target: String? = nil, errors: [Problem.Field] = []
    ) -> [UInt8] {
        Problem.document(code, title: "No answer", detail: detail, target: target, fields: errors)
    }
}
