import Foundation
import HTTPAPI

/// What goes to which stream. Standard output holds answers and nothing else.
enum Output {
    static func standardOutput(_ bytes: [UInt8]) { write(bytes, to: .standardOutput) }
    static func standardOutput(_ text: String) { standardOutput(Array(text.utf8)) }
    static func standardError(_ text: String) { write(Array(text.utf8), to: .standardError) }

    /// A reader that went away (`| head`) is no error of ours.
    private static func write(_ bytes: [UInt8], to handle: FileHandle) {
        try? handle.write(contentsOf: Data(bytes))
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
