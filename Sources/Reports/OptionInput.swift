import JSON

/// An option as it came: from a JSON body, a query string or the command line.
package struct OptionInput: Sendable, Equatable {
    package enum Value: Sendable, Equatable {
        /// Every text given under the name, in order.
        case text([String])
        case json(JSONValue)
    }

    package var name: String
    package var value: Value
    /// Where it stands: `/warn` in a body, `warn` in a query, `--warn` on the command line.
    package var pointer: String

    package init(name: String, value: Value, pointer: String) {
        (self.name, self.value, self.pointer) = (name, value, pointer)
    }

    /// The members of a body, or of the object in it that `place` points to.
    package static func body(_ object: JSONObject, at place: String = "") -> [OptionInput] {
        object.members.map {
            OptionInput(
                name: $0.name, value: .json($0.value), pointer: "\(place)/\(JSONPointer.token($0.name))")
        }
    }

    /// Pairs of a query string, decoded; those of one name become one input.
    package static func query(_ pairs: [(name: String, value: String)]) -> [OptionInput] {
        grouped(pairs) { $0 }
    }

    /// Flags by their option's name: `max_depth` for `--max-depth`.
    package static func flags(_ pairs: [(name: String, value: String)]) -> [OptionInput] {
        grouped(pairs) { OptionTable.flag($0) }
    }

    private static func grouped(
        _ pairs: [(name: String, value: String)], _ pointer: (String) -> String
    ) -> [OptionInput] {
        var order: [String] = []
        var values: [String: [String]] = [:]
        for (name, value) in pairs {
            if values[name] == nil { order.append(name) }
            values[name, default: []].append(value)
        }
        return order.map {
            OptionInput(name: $0, value: .text(values[$0] ?? []), pointer: pointer(JSONPointer.cut($0)))
        }
    }
}

extension OptionInput {
    /// A text and where exactly it stands.
    struct Item {
        var text: String
        var pointer: String
    }

    /// Elements of one list; a hundred names or stores are more than any request means.
    static let maxItems = 100

    /// The one text of a value that is no list. JSON numbers are texts too where `number` allows.
    func single(number: Bool = false) throws(OptionError) -> Item {
        switch value {
        case .text(let texts):
            guard let text = texts.first, texts.count == 1 else {
                throw OptionError(.optionConflict, at: pointer, "\(name) is given \(texts.count) times")
            }
            return Item(text: text, pointer: pointer)
        case .json(.string(let text)): return Item(text: text, pointer: pointer)
        case .json(.number(let text)) where number: return Item(text: text, pointer: pointer)
        case .json(let other):
            let wanted = number ? "a number" : "a string"
            throw OptionError(.valueMalformed, at: pointer, "\(name) is \(wanted), not \(other.kind)")
        }
    }

    /// The texts of a list: an array of strings or one string; commas separate where `separated` says so.
    func list(separated: Bool) -> (items: [Item], errors: [OptionError]) {
        var items: [Item] = []
        var errors: [OptionError] = []
        switch value {
        case .text(let texts): items = texts.map { Item(text: $0, pointer: pointer) }
        case .json(.string(let text)): items = [Item(text: text, pointer: pointer)]
        case .json(.array(let elements)):
            for (index, element) in elements.enumerated() {
                let pointer = "\(pointer)/\(index)"
                if let text = element.string {
                    items.append(Item(text: text, pointer: pointer))
                } else {
                    let detail = "an element of \(name) is a string, not \(element.kind)"
                    errors.append(OptionError(.valueMalformed, at: pointer, detail))
                }
            }
        case .json(let other):
            let detail = "\(name) is a string or an array of strings, not \(other.kind)"
            errors.append(OptionError(.valueMalformed, at: pointer, detail))
        }
        if separated {
            items = items.flatMap { item in
                item.text.isEmpty
                    ? []
                    : item.text.split(separator: ",", omittingEmptySubsequences: false).map {
                        Item(text: String($0), pointer: item.pointer)
                    }
            }
        }
        if items.count > Self.maxItems {
            let detail = "\(name) has \(items.count) elements; the limit is \(Self.maxItems)"
            return ([], [OptionError(.valueMalformed, at: pointer, detail)])
        }
        return (items, errors)
    }
}
