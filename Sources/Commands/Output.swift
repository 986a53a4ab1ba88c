import Foundation
import JSON

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
        _ code: String, _ detail: String, target: String? = nil,
        errors: [(code: String, option: String, detail: String)] = []
    ) -> [UInt8] {
        var out = JSONWriter(reserving: 256)
        out.beginObject()
        out.member("type", "about:blank")
        out.member("title", "No answer")
        out.member("detail", detail)
        out.member("code", code)
        out.member("target", target)
        if !errors.isEmpty {
            out.key("errors")
            out.beginArray()
            for error in errors {
                out.beginObject()
                out.member("code", error.code)
                out.member("option", error.option)
                out.member("detail", error.detail)
                out.endObject()
            }
            out.endArray()
        }
        out.endObject()
        out.newline()
        return out.bytes
    }
}
