import Certificates
import Foundation
import JSON
import Logging

/// One line per event on standard error: JSON for machines, text for people.
struct LogOutput: LogHandler {
    let label: String
    let format: LogFormat
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
        let now = Instant(seconds: Int64(Date().timeIntervalSince1970))
        let line: [UInt8]
        switch format {
        case .json:
            var out = JSONWriter(reserving: 256)
            out.beginObject()
            out.member("time", now.description)
            out.member("level", event.level.rawValue)
            out.member("message", event.message.description)
            for (name, value) in all {
                out.key(name)
                out.value(value.description)
            }
            out.endObject()
            out.newline()
            line = out.bytes
        case .text:
            let pairs = all.map { " \($0.key)=\(Self.quoted($0.value.description))" }.joined()
            line = Array("\(now) \(event.level.rawValue) \(event.message)\(pairs)\n".utf8)
        }
        // One write, so that lines of several threads do not mix.
        FileHandle.standardError.write(Data(line))
    }

    /// A value cannot make a line of its own, nor move the cursor.
    private static func quoted(_ text: String) -> String {
        let plain = text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x22 && $0.value != 0x7F }
        if plain, !text.isEmpty { return text }
        var out = JSONWriter(reserving: text.utf8.count + 2)
        out.value(text)
        return String(decoding: out.bytes, as: UTF8.self)
    }
}
