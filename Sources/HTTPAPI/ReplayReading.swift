import JSON
import Reports

/// A replay as it was asked for.
struct ReadReplay: Sendable {
    var record: EvidenceRecord
    /// Where the record stands in the body.
    var place: String
    /// Its options are those recorded, and over them those given.
    var request: ReadRequest
}

/// The body of a replay: `evidence`, or a `report` that holds it, and options, which may stand in the query.
struct ReplayReading {
    let reading: RequestReading

    func read(_ bytes: [UInt8]) throws(Problem) -> ReadReplay {
        let body = try reading.json(bytes)
        let (record, place) = try record(in: body)
        let inputs =
            try reading.queryInputs()
            + OptionInput.body(body).filter { !["evidence", "report"].contains($0.name) }
        let parsed: ParsedRequest
        do throws(OptionErrors) {
            parsed = try OptionParser.parse(inputs, over: record.options)
        } catch {
            throw Problem(
                error, pointers: Dictionary(inputs.map { ($0.name, $0.pointer) }) { first, _ in first })
        }
        return ReadReplay(record: record, place: place, request: try reading.finish(parsed, inputs))
    }

    private func record(in body: JSONObject) throws(Problem) -> (EvidenceRecord, String) {
        switch (body["evidence"], body["report"]) {
        case (_?, _?):
            throw Problem(code: .optionConflict, at: "/report", "evidence is given already")
        case (nil, nil):
            throw Problem(
                code: .optionMissing, at: "/evidence",
                "there is nothing to judge: give evidence, or a report with evidence")
        case (let value?, nil), (nil, let value?):
            let place = body["evidence"] == nil ? "/report" : "/evidence"
            do throws(EvidenceError) {
                return try EvidenceRecord.find(in: value, at: place)
            } catch {
                throw Problem(error)
            }
        }
    }
}

extension Problem {
    package init(_ error: EvidenceError) {
        self.init(
            code: error.code.rawValue, status: error.code == .tooLarge ? 413 : 422, title: error.code.title,
            detail: error.detail.prefix(1).uppercased() + error.detail.dropFirst() + ".",
            fields: [
                Field(code: error.code.rawValue, place: .pointer(error.pointer), detail: error.detail)
            ])
    }
}

extension EvidenceError.Code {
    fileprivate var title: String {
        switch self {
        case .malformed, .memberUnknown: "The evidence cannot be read"
        case .schemaUnknown: "The evidence is of a later version"
        case .hashMismatch: "The evidence was changed"
        case .incomplete: "The evidence is not whole"
        case .tooLarge: "The evidence is too large"
        }
    }
}
