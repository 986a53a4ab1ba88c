import Certificates
import JSON

/// A JSON value and where it stands.
struct PlacedValue {
    let value: JSONValue
    let pointer: String

    func malformed(_ wanted: String) -> EvidenceError {
        EvidenceError(.malformed, at: pointer, "this is \(wanted), not \(shown)")
    }

    private var shown: String {
        switch value {
        case .string(let text): Malformed.shown(text)
        case .number(let text): Malformed.shown(text)
        default: "a value of kind \(value.kind)"
        }
    }

    func string() throws(EvidenceError) -> String {
        guard let text = value.string else { throw malformed("a string") }
        return text
    }

    func bool() throws(EvidenceError) -> Bool {
        guard let flag = value.bool else { throw malformed("true or false") }
        return flag
    }

    /// Not negative.
    func count() throws(EvidenceError) -> Int {
        guard let number = value.int, number >= 0 else { throw malformed("a whole number from 0") }
        return number
    }

    func double() throws(EvidenceError) -> Double {
        guard let number = value.double else { throw malformed("a number") }
        return number
    }

    func instant() throws(EvidenceError) -> Instant {
        guard let instant = Instant(rfc3339: try string()) else { throw malformed("an RFC 3339 instant") }
        return instant
    }

    func digest() throws(EvidenceError) -> SHA256Digest {
        guard let digest = SHA256Digest(hex: try string()) else {
            throw malformed("a SHA-256 of 64 hex digits")
        }
        return digest
    }

    func choice<Choice: RawRepresentable<String>>() throws(EvidenceError) -> Choice {
        guard let choice = Choice(rawValue: try string()) else {
            throw malformed("a word that is known here")
        }
        return choice
    }

    func strings() throws(EvidenceError) -> [String] {
        try list { element throws(EvidenceError) in try element.string() }
    }

    func list<Element>(
        limit: Int = 1_000, _ read: (PlacedValue) throws(EvidenceError) -> Element
    ) throws(EvidenceError) -> [Element] {
        guard let array = value.array else { throw malformed("an array") }
        guard array.count <= limit else {
            throw EvidenceError(.tooLarge, at: pointer, "\(array.count) elements; the limit is \(limit)")
        }
        var out: [Element] = []
        for (index, element) in array.enumerated() {
            out.append(try read(PlacedValue(value: element, pointer: "\(pointer)/\(index)")))
        }
        return out
    }
}

/// An object all of whose members must be known: what is not understood might change the answer.
struct StrictObject {
    let object: JSONObject
    let pointer: String

    init(_ placed: PlacedValue, _ names: Set<String>) throws(EvidenceError) {
        guard let object = placed.value.object else { throw placed.malformed("an object") }
        for member in object.members where !names.contains(member.name) {
            throw EvidenceError(
                .memberUnknown, at: "\(placed.pointer)/\(JSONPointer.token(member.name))",
                "no member of this name is known here")
        }
        (self.object, pointer) = (object, placed.pointer)
    }

    /// Nil when it is absent.
    func optional(_ name: String) -> PlacedValue? {
        object[name].map { PlacedValue(value: $0, pointer: "\(pointer)/\(name)") }
    }

    func required(_ name: String) throws(EvidenceError) -> PlacedValue {
        guard let value = optional(name) else {
            throw EvidenceError(.malformed, at: pointer, "the member \(name) is missing")
        }
        return value
    }
}
