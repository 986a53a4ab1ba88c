import Foundation
import Reports

/// The targets of a scan, one a line: `host:port key=value …`, the keys those of the API. `#` at the start of
/// a line or after a blank begins a comment; empty lines count for nothing.
struct ScanList: Sendable {
    struct Row: Sendable, Equatable {
        /// The line without comment and superfluous blanks.
        var text: String
        var inputs: [OptionInput]

        /// The first word, as it was written.
        var target: String { String(text.prefix { $0 != " " }) }
    }

    /// Octets of a list; two million lines of 30.
    static let limit = 64 << 20

    private(set) var rows: [Row] = []

    /// - Parameter name: of the file, for messages.
    init(_ text: String, name: String) {
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let words = Self.words(line)
            guard let target = words.first else { continue }
            let place = "\(name):\(number)"
            let pairs = words.dropFirst().map { word in
                let halves = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (name: String(halves[0]), value: halves.count > 1 ? String(halves[1]) : "")
            }
            var inputs = [OptionInput(name: "target", value: .text([String(target)]), pointer: place)]
            for var input in OptionInput.query(pairs) {
                input.pointer = "\(place) \(input.pointer)"
                inputs.append(input)
            }
            rows.append(Row(text: words.joined(separator: " "), inputs: inputs))
        }
    }

    private static func words(_ line: Substring) -> [Substring] {
        let words = line.split { $0 == " " || $0 == "\t" }
        return Array(words.prefix { !$0.hasPrefix("#") })
    }

    /// `-` is standard input.
    static func read(_ path: String) throws(SettingsError) -> ScanList {
        let bytes = try InputFile.read(path, flag: path, limit: limit)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SettingsError(source: path, detail: "the list of targets is not UTF-8")
        }
        return ScanList(text, name: path == "-" ? "line" : path)
    }
}
