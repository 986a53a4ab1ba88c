/// Text of strangers made fit for a terminal, and lines that keep to its width.
enum ShownText {
    /// Columns of the text report: fits beside a prompt in the usual wide terminal and in a mail.
    static let columns = 110
    /// Of one string of a certificate; a name of RFC 5280's upper bound (64 for a CN) is shown whole.
    static let nameLimit = 64
    /// Of one sentence, which may quote several names.
    static let sentenceLimit = 600

    /// Everything that could move the cursor, reorder the line or hide in it becomes `\u{…}`: controls,
    /// bidirectional and other format characters, separators of lines, and what Unicode has not assigned.
    static func escape(_ text: String, keeping kept: Unicode.Scalar? = nil) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isHarmless(scalar) || scalar == kept {
                out.append(scalar)
            } else {
                out.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            }
        }
        return String(out)
    }

    /// A string of a certificate: escaped, and cut.
    static func name(_ text: String, limit: Int = nameLimit) -> String { cut(escape(text), to: limit) }

    static func sentence(_ text: String) -> String { cut(escape(text), to: sentenceLimit) }

    /// At most `limit` columns, the last one `…` when something was left out.
    static func cut(_ text: String, to limit: Int) -> String {
        guard width(text) > limit else { return text }
        var out = ""
        var used = 0
        for character in text {
            let more = width(character)
            guard used + more < limit else { break }
            out.append(character)
            used += more
        }
        return out + "…"
    }

    static func width(_ text: some StringProtocol) -> Int { text.reduce(0) { $0 + width($1) } }

    /// Terminal columns of one character. Marks beyond the second are counted, so that a pile of them is cut.
    private static func width(_ character: Character) -> Int {
        if character.isASCII { return 1 }
        let scalars = character.unicodeScalars
        let wide = scalars.first.map { isWide($0.value) } ?? false
        return (wide ? 2 : 1) + max(0, scalars.count - 2)
    }

    /// Unicode Standard Annex #11, wide and fullwidth, by block.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            return false
        // A space that is none to look at lets two names look alike.
        case .spaceSeparator: return false
        default: return true
        }
    }

    static func pad(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width(text)))
    }

    /// Breaks at spaces so that no line is wider than `columns`; the first starts after `first`, the others
    /// are indented by `indent`. A word too long for a line is broken inside.
    static func wrap(_ text: String, first: String, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = first
        var used = width(first)
        var empty = true
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            var rest = String(word)
            if !empty, used + 1 + width(rest) > columns {
                lines.append(line)
                (line, used, empty) = (margin, indent, true)
            }
            while used + width(rest) > columns, empty {
                let head = prefix(rest, columns: columns - used)
                lines.append(line + head)
                rest = String(rest.dropFirst(head.count))
                (line, used) = (margin, indent)
            }
            line += (empty ? "" : " ") + rest
            used += (empty ? 0 : 1) + width(rest)
            empty = false
        }
        return lines + [line]
    }

    private static func prefix(_ text: String, columns: Int) -> String {
        var out = ""
        var used = 0
        for character in text {
            used += width(character)
            guard used <= columns || out.isEmpty else { break }
            out.append(character)
        }
        return out
    }
}
