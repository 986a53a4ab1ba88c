import ArgumentParser
import HTTPAPI
import JSON
import Reports

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Judges again what was collected before, without a network.",
        discussion: """
            A file holds a report made with --include evidence, its evidence alone, or a line of such JSON \
            for each, as scan writes it. Without options the report is the same as then; --at, --stores and \
            the others give another instant's, other stores' answer. With several the exit code is that of \
            the worst: ok, unknown, warning, critical.
            """)

    /// A CRL of 50 MB is 67 MB of base64, and a path has several certificates.
    static let limit = 256 << 20

    @Argument(help: "FILE, or - for standard input.")
    var file: [String]

    @OptionGroup var judging: JudgingOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let assessor = try common.assessor()
        let flags = OptionInput.flags(try Usage.check { () throws(SettingsError) in try judging.pairs() })
        let given = Set(flags.map(\.name))
        var answers = Answers(try Flags.parse(flags, .replay), judging: judging)
        for path in file {
            let bytes: [UInt8]
            do throws(SettingsError) {
                bytes = try InputFile.read(path, flag: path, limit: Self.limit)
            } catch {
                answers.add(unreadable: error, for: path)
                continue
            }
            let documents = Self.documents(bytes)
            for (index, document) in documents.enumerated() {
                let input = documents.count == 1 ? path : "\(path):\(index + 1)"
                do {
                    let (record, place) = try EvidenceRecord.find(in: try Self.value(document), at: "")
                    let request = try OptionParser.parse(flags, over: record.options)
                    answers.add(
                        try assessor.replay(
                            record, request, given: given, at: place,
                            newID: { SortableID.make(at: Engine.clock()) }))
                } catch let error as EvidenceError {
                    answers.add(error, for: input)
                } catch let error as OptionErrors {
                    answers.add(error, for: input)
                }
            }
        }
        try answers.end()
    }

    /// The file as one value, or each of its lines when its first line is one by itself.
    private static func documents(_ bytes: [UInt8]) -> [[UInt8]] {
        let lines = bytes.split(separator: 0x0A)
        guard lines.count > 1, let first = lines.first, (try? JSONParser.parse(Array(first))) != nil else {
            return [bytes]
        }
        return lines.map(Array.init)
    }

    private static func value(_ bytes: [UInt8]) throws(EvidenceError) -> JSONValue {
        do throws(JSONError) {
            return try JSONParser.parse(bytes)
        } catch {
            throw EvidenceError(
                .malformed, at: error.pointer,
                "this is no JSON: \(error.code.rawValue) at offset \(error.offset)")
        }
    }
}
