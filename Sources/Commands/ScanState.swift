import Certificates
import Foundation
import JSON
import Reports

/// What a scan has done so far, in a file: a scan that was interrupted goes on from there. One line a row,
/// appended when its answer has been written; a line that was cut off counts for nothing.
struct ScanState {
    /// What is kept of an answer: enough for the summary and the exit code.
    struct Entry: Sendable, Equatable {
        /// The row's line.
        var target: String
        var state: State
        /// The instant of the first break.
        var firstBreak: Int64?
        /// For the summary; empty when nobody is needed.
        var line: String
    }

    private static let version = 1

    private let path: String
    private let handle: FileHandle
    /// Of earlier runs, in their order.
    let earlier: [Entry]

    /// Opens the file, or begins it.
    ///
    /// - Parameter options: the flags that decide the answers; a file of a scan with others is refused.
    init(path: String, options: [OptionInput]) throws(SettingsError) {
        let digest = Self.digest(of: options)
        let bytes = FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
        let lines = bytes.split(separator: 0x0A)
        var entries: [Entry] = []
        if let first = lines.first {
            guard case .object(let head)? = try? JSONParser.parse(Array(first)),
                head["catenary_scan"] == .number(String(Self.version))
            else {
                throw SettingsError(source: "--resume", detail: "\(path) is not the state of a scan")
            }
            guard head["options"]?.string == digest else {
                throw SettingsError(
                    source: "--resume",
                    detail: "\(path) belongs to a scan with other options; finish that, or remove the file")
            }
            entries = lines.dropFirst().compactMap { Entry(line: Array($0)) }
        }
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw SettingsError(
                source: "--resume", detail: "\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        (self.path, earlier) = (path, entries)
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        if lines.isEmpty {
            var head = JSONWriter(reserving: 128)
            head.beginObject()
            head.member("catenary_scan", Self.version)
            head.member("options", digest)
            head.endObject()
            head.newline()
            try append(head.bytes)
        } else if bytes.last != 0x0A {
            try append([0x0A])
        }
    }

    func add(_ entry: Entry) throws(SettingsError) { try append(entry.json) }

    /// Nothing is left to do: the next scan begins anew.
    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func append(_ bytes: [UInt8]) throws(SettingsError) {
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            throw SettingsError(source: "--resume", detail: "\(path) cannot be written: \(error)")
        }
    }

    private static func digest(of options: [OptionInput]) -> String {
        var text = ""
        for option in options {
            guard case .text(let values) = option.value else { continue }
            text += "\(option.name)=\(values)\n"
        }
        return SHA256Digest(of: Array(text.utf8)).hex
    }
}

extension ScanState.Entry {
    fileprivate init?(line: [UInt8]) {
        guard case .object(let object)? = try? JSONParser.parse(line),
            let target = object["target"]?.string,
            let state = object["state"]?.string.flatMap(State.init(rawValue:)),
            let text = object["line"]?.string
        else { return nil }
        (self.target, self.state, self.line) = (target, state, text)
        if case .number(let seconds)? = object["first_break"] { firstBreak = Int64(seconds) }
    }

    fileprivate var json: [UInt8] {
        var out = JSONWriter(reserving: 256)
        out.beginObject()
        out.member("target", target)
        out.member("state", state.rawValue)
        out.member("first_break", firstBreak)
        out.member("line", line)
        out.endObject()
        out.newline()
        return out.bytes
    }
}
