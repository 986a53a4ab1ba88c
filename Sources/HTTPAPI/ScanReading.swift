import Assessment
import Hummingbird
import JSON
import Reports

/// A scan as it was asked for, its rows still unread.
struct ReadScan: Sendable {
    var rows: [JSONValue]
    var shared: SharedOptions
    var form: ScanForm

    /// The options of one row: a text is its target.
    func row(_ index: Int) -> [OptionInput] {
        let place = "/targets/\(index)"
        guard case .object(let object) = rows[index] else {
            return [OptionInput(name: "target", value: .json(rows[index]), pointer: place)]
        }
        return OptionInput.body(object, at: place)
    }
}

enum ScanForm: Sendable {
    /// A line a report, as they come.
    case lines
    /// One array, in the order of the rows.
    case array
}

/// The body of a scan: `targets`, and options for all of them, which may stand in the query, too.
struct ScanReading {
    let reading: RequestReading
    let scan: Scan

    func read() async throws(Problem) -> ReadScan {
        let (given, type) = reading.contentType
        guard type == "application/json" else {
            throw Problem(
                .mediaTypeUnsupported,
                "\(given.isEmpty ? "There is no Content-Type." : "The Content-Type does not apply here.") "
                    + "Send \"Content-Type: application/json\".",
                headers: [("Accept-Post", "application/json")])
        }
        guard let form = Negotiation.scanForm(accept: reading.request.headers[.accept]) else {
            throw Problem(.notAcceptable, "A scan is answered as application/x-ndjson or application/json.")
        }
        let bytes = try await reading.bytes()
        guard !bytes.isEmpty else {
            throw Problem(.emptyBody, "Send a JSON object such as {\"targets\": [\"www.example.com\"]}.")
        }
        return try await Workers.run { () async throws(Problem) in try read(bytes, form) }
    }

    private func read(_ bytes: [UInt8], _ form: ScanForm) throws(Problem) -> ReadScan {
        let body = try reading.json(bytes)
        let rows = try rows(body["targets"])
        let inputs = try reading.queryInputs() + OptionInput.body(body).filter { $0.name != "targets" }
        do throws(OptionErrors) {
            let shared = try SharedOptions(inputs)
            try scan.check(shared)
            return ReadScan(rows: rows, shared: shared, form: form)
        } catch {
            throw Problem(
                error, pointers: Dictionary(inputs.map { ($0.name, $0.pointer) }) { first, _ in first })
        }
    }

    private func rows(_ targets: JSONValue?) throws(Problem) -> [JSONValue] {
        guard let targets else {
            throw Problem(code: .optionMissing, at: "/targets", "targets is missing: an array of rows")
        }
        guard let rows = targets.array else {
            throw Problem(code: .valueMalformed, at: "/targets", "targets is an array, not \(targets.kind)")
        }
        guard rows.count <= reading.limits.rows else {
            let detail = "A scan may have \(reading.limits.rows) targets, and there are \(rows.count)."
            throw Problem(
                .tooManyRows, detail,
                fields: [
                    .init(
                        code: ProblemCode.tooManyRows.rawValue, place: .pointer("/targets"), detail: detail)
                ])
        }
        return rows
    }
}
