/// A JSON value as read; numbers keep their text, so nothing is lost on the way.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// The literal as written, valid by RFC 8259 §6 and within the range of a Double.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    package var string: String? { if case .string(let value) = self { value } else { nil } }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    /// Whole numbers without fraction and exponent, within 64 bits.
    package var int: Int? { if case .number(let text) = self { Int(text) } else { nil } }
    package var double: Double? { if case .number(let text) = self { Double(text) } else { nil } }

    /// "object", "string", …: for messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

/// An object's members in the order written; the parser lets no name occur twice.
package struct JSONObject: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSONValue
        package init(name: String, value: JSONValue) { (self.name, self.value) = (name, value) }
    }

    package var members: [Member]

    package init(members: [Member] = []) { self.members = members }

    /// The member's value; looks through all members.
    package subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }
}

/// Why bytes are not a JSON text that we accept, and where.
package struct JSONError: Error, Equatable {
    package enum Code: String, Sendable {
        case syntax
        case duplicateName = "duplicate_name"
        case depth
        case bom
        case loneSurrogate = "lone_surrogate"
        case nul
        case numberRange = "number_range"
        case utf8
        case trailing
        case tooManyValues = "too_many_values"
    }

    package var code: Code
    /// RFC 6901: the innermost value or member that the error concerns; empty for the whole text.
    package var pointer: String
    /// Offset in bytes from the start.
    package var offset: Int

    package init(code: Code, pointer: String, offset: Int) {
        (self.code, self.pointer, self.offset) = (code, pointer, offset)
    }
}

/// RFC 6901 §3: `~` and `/` in names are escaped.
package enum JSONPointer {
    /// A name as part of a pointer in an answer: 64 scalars of it. One `Character` may be a megabyte of
    /// combining marks.
    package static func token(_ name: String) -> String { escape(cut(name)) }

    package static func cut(_ name: String) -> String { String(name.unicodeScalars.prefix(64)) }

    package static func escape(_ name: some StringProtocol) -> String {
        var out = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": out += "~0"
            case "/": out += "~1"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
