import Dialects
import Reports

/// The form of a scan's answer.
enum ScanForm: Sendable, Equatable {
    /// A report a line, as they come.
    case lines
    /// One array, in the order of the rows.
    case array
    /// Any format but JSON.
    case other(Format)

    /// What `format` asks for is stronger than the Accept field; of JSON that one says which form.
    init?(_ format: Format?, accept: String?) {
        let accepted = Negotiation.scanForm(accept: accept)
        switch format {
        case .json: self = accepted == .lines ? .lines : .array
        case let format?: self = .other(format)
        case nil:
            guard let accepted else { return nil }
            self = accepted
        }
    }

    var format: Format {
        switch self {
        case .lines, .array: .json
        case .other(let format): format
        }
    }

    /// Zabbix's JSON does not say whose it is.
    var isInOrder: Bool {
        switch self {
        case .array: true
        case .lines: false
        case .other(let format): format == .zabbix || isWhole
        }
    }

    /// Whether nothing can be written before the last row is there.
    var isWhole: Bool {
        switch self {
        case .lines, .array: false
        case .other(let format): format == .prometheus || format == .junit
        }
    }

    var contentType: String {
        switch self {
        case .lines, .other(.zabbix): "application/x-ndjson"
        case .array, .other: Rendering.contentType(format)
        }
    }
}
