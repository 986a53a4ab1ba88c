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

    /// Its target as it was written; its place for one that has none.
    func given(_ index: Int) -> String {
        let row = rows[index]
        return row.string ?? (row.object?["target"] ?? row.object?["host"])?.string ?? "/targets/\(index)"
    }
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
        let bytes = try await reading.bytes()
        guard !bytes.isEmpty else {
            throw Problem(.emptyBody, "Send a JSON object such as {\"targets\": [\"www.example.com\"]}.")
        }
        return try await Workers.run { () async throws(Problem) in try read(bytes) }
    }

    private func read(_ bytes: [UInt8]) throws(Problem) -> ReadScan {
        let body = try reading.json(bytes)
        let targets = try rows(body["targets"])
        let inputs = try reading.queryInputs() + OptionInput.body(body).filter { $0.name != "targets" }
        let shared: SharedOptions
        do throws(OptionErrors) {
            shared = try SharedOptions(inputs)
            try scan.check(shared)
        } catch {
            throw Problem(
                error, pointers: Dictionary(inputs.map { ($0.name, $0.pointer) }) { first, _ in first })
        }
        guard let form = ScanForm(shared.options.format, accept: reading.request.headers[.accept]) else {
            throw Problem(
                .notAcceptable,
                "A scan is answered as application/x-ndjson, application/json or text/plain; format= gives "
                    + "other forms.")
        }
        if form.isWhole {
            let most = reading.limits.wholeRows
            try check(targets.count, most: most, "A scan with format=\(form.format.rawValue)")
        }
        return ReadScan(rows: targets, shared: shared, form: form)
    }

    private func rows(_ targets: JSONValue?) throws(Problem) -> [JSONValue] {
        guard let targets else {
            throw Problem(code: .optionMissing, at: "/targets", "targets is missing: an array of rows")
        }
        guard let rows = targets.array else {
            throw Problem(code: .valueMalformed, at: "/targets", "targets is an array, not \(targets.kind)")
        }
        try check(rows.count, most: reading.limits.rows, "A scan")
        return rows
    }

    private func check(_ count: Int, most: Int, _ what: String) throws(Problem) {
        guard count > most else { return }
        let detail = "\(what) may have \(most) targets, and there are \(count)."
        let code = ProblemCode.tooManyRows
        throw Problem(
            code, detail, fields: [.init(code: code.rawValue, place: .pointer("/targets"), detail: detail)])
    }
}
