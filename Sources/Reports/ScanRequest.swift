/// The options that all rows of a scan have in common, read once; a row's own count more.
package struct SharedOptions: Sendable {
    /// What only a row can say, and what a scan as a whole does not have.
    private static let refused: Set<String> = [
        "target", "host", "pem", "der", "pkcs7", "expect",
    ]

    private let names: Set<String>
    private let ofTargets: OptionDraft
    /// Those of them that apply to certificates, too.
    private let ofCertificates: OptionDraft

    /// Throws all that is wrong with them: it is wrong for every row.
    package init(_ inputs: [OptionInput]) throws(OptionErrors) {
        var (targets, certificates) = (OptionDraft(), OptionDraft())
        let misplaced = inputs.filter { Self.refused.contains($0.name) }
        targets.errors = misplaced.map {
            OptionError(.unknownOption, at: $0.pointer, "\($0.name) does not apply to a scan as a whole")
        }
        let inputs = inputs.filter { !Self.refused.contains($0.name) }
        _ = OptionParser.read(inputs, for: .check, into: &targets)
        try targets.check()
        let common = inputs.filter { OptionTable.row($0.name)?.kinds.contains(.validate) == true }
        _ = OptionParser.read(common, for: .validate, into: &certificates)
        (ofTargets, ofCertificates) = (targets, certificates)
        names = Set(inputs.map(\.name))
    }

    /// Options as they are without a row.
    package var options: Options { ofTargets.options }

    /// The request of one row: a target, or certificates when it brings any.
    package func request(of row: [OptionInput]) throws(OptionErrors) -> ScanRequest {
        let brings = Set(row.map(\.name))
        let kind: RequestKind = brings.isDisjoint(with: ["pem", "der", "pkcs7"]) ? .check : .validate
        var errors: [OptionError] = []
        for input in row where input.name == "expect" || input.name == "format" {
            errors.append(
                OptionError(.unknownOption, at: input.pointer, "\(input.name) does not apply to a row"))
        }
        if kind == .validate, let input = row.first(where: { ["target", "host"].contains($0.name) }) {
            errors.append(
                OptionError(
                    .optionConflict, at: input.pointer, "a row is a target or certificates, never both"))
        }
        guard errors.isEmpty else { throw OptionErrors(errors) }
        let shared = kind == .check ? ofTargets : ofCertificates
        return ScanRequest(
            parsed: try OptionParser.parse(row, for: kind, over: shared), given: names.union(brings))
    }
}

/// What one row of a scan asks.
package struct ScanRequest: Sendable, Equatable {
    package var parsed: ParsedRequest
    /// The names of the options that the request gave, for the row or for all.
    package var given: Set<String>

    /// Handshakes that it may have open at once; none for certificates.
    package var handshakes: Int {
        guard let endpoint = parsed.endpoint else { return 0 }
        return endpoint.samples * (endpoint.isFleet ? Endpoint.maximumAddresses : 1)
    }
}
