import JSON
import Reports

/// A JSON body; its members are also put as a query string and as flags.
enum OptionInvariants {
    static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
        guard let object = (try? JSONParser.parse(bytes))?.object else { return }
        let pairs = object.members.flatMap { member -> [(name: String, value: String)] in
            switch member.value {
            case .string(let text), .number(let text): [(member.name, text)]
            case .bool(let flag): [(member.name, flag ? "true" : "false")]
            case .array(let elements): elements.compactMap(\.string).map { (member.name, $0) }
            case .null, .object: []
            }
        }
        for kind in RequestKind.allCases {
            let body = try parse(OptionInput.body(object), kind)
            let query = try parse(OptionInput.query(pairs), kind)
            _ = try parse(OptionInput.flags(pairs), kind)
            // The same text means the same wherever it stands.
            guard let body, let query, object.members.allSatisfy({ $0.value.string != nil }) else { continue }
            try require(body == query, "a body and a query of the same texts differ")
        }
    }

    private static func parse(
        _ inputs: [OptionInput], _ kind: RequestKind
    ) throws(BrokenInvariant) -> ParsedRequest? {
        let request: ParsedRequest
        do throws(OptionErrors) {
            request = try OptionParser.parse(inputs, for: kind)
        } catch {
            try require((1...OptionErrors.limit).contains(error.errors.count), "no error or too many")
            for one in error.errors {
                try require(!one.detail.isEmpty, "an error without a word")
                // What was given is shown cut: an answer does not grow with the request.
                try require(one.detail.utf8.count <= 1_000, "an error of \(one.detail.utf8.count) octets")
                try require(one.pointer.utf8.count <= 1_000, "a pointer of \(one.pointer.utf8.count) octets")
            }
            return nil
        }
        try require(request.certificatesLeft >= 0, "more certificates than the limit")
        try require(!request.options.warn.isEmpty && !request.options.critical.isEmpty, "no threshold")
        try require(request.endpoint == nil || kind == .check, "an endpoint where nothing is dialled")
        if let certificates = try? request.posted?.decoded() {
            try require((1...PostedCertificates.limit).contains(certificates.count), "an empty list")
        }
        return request
    }
}
