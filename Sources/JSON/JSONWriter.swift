/// Writes compact JSON (RFC 8259) as bytes, commas included. What it writes is always valid UTF-8.
///
/// The caller balances `begin…` and `end…` and gives an object's member a key before its value.
@frozen @usableFromInline
package struct JSONWriter: Sendable {
    @usableFromInline var buffer: [UInt8]
    /// A value was just written at this level, so the next one needs a comma before it.
    @usableFromInline var needsComma = false

    @inlinable package init(reserving capacity: Int = 4096) {
        buffer = []
        buffer.reserveCapacity(capacity)
    }

    /// What was written so far.
    @inlinable package var bytes: [UInt8] { buffer }

    @inlinable package mutating func beginObject() { open(0x7B) }
    @inlinable package mutating func endObject() { close(0x7D) }
    @inlinable package mutating func beginArray() { open(0x5B) }
    @inlinable package mutating func endArray() { close(0x5D) }

    /// A member's name that needs no escaping, as all of ours do not.
    @inlinable package mutating func key(_ name: StaticString) {
        comma()
        buffer.append(0x22)
        name.withUTF8Buffer { buffer.append(contentsOf: $0) }
        buffer.append(0x22)
        buffer.append(0x3A)
        needsComma = false
    }

    @inlinable package mutating func key(_ name: String) {
        value(name)
        buffer.append(0x3A)
        needsComma = false
    }

    /// `String` is the one that a literal means here.
    @inlinable package mutating func value(_ string: String) {
        comma()
        var string = string
        string.withUTF8 { quote($0) }
    }

    @inlinable package mutating func value(_ number: Int) { value(Int64(number)) }

    @inlinable package mutating func value(_ number: Int64) {
        comma()
        if number < 0 { buffer.append(0x2D) }
        var rest = number.magnitude
        let start = buffer.count
        repeat {
            buffer.append(UInt8(truncatingIfNeeded: rest % 10) &+ 0x30)
            rest /= 10
        } while rest > 0
        buffer[start...].reverse()
    }

    /// The shortest text that reads back as the same number; `null` for NaN and infinities, which JSON lacks.
    @inlinable package mutating func value(_ number: Double) {
        guard number.isFinite else { return null() }
        comma()
        buffer.append(contentsOf: number.description.utf8)
    }

    @inlinable package mutating func value(_ flag: Bool) { literal(flag ? "true" : "false") }

    @inlinable package mutating func null() { literal("null") }

    /// A value that is rendered already; it is trusted to be one whole JSON value.
    @inlinable package mutating func raw(_ json: [UInt8]) {
        comma()
        buffer.append(contentsOf: json)
    }

    /// Members rendered already, comma-separated and without braces; nothing when empty.
    @inlinable package mutating func rawMembers(_ json: [UInt8]) {
        guard !json.isEmpty else { return }
        raw(json)
    }

    /// A newline after the last value, for output that is a line.
    @inlinable package mutating func newline() { buffer.append(0x0A) }
}

// A key and its value; an absent optional leaves the whole member out.
extension JSONWriter {
    @inlinable package mutating func member(_ name: StaticString, _ string: String) {
        key(name)
        value(string)
    }

    @inlinable package mutating func member(_ name: StaticString, _ number: Int) {
        key(name)
        value(number)
    }

    @inlinable package mutating func member(_ name: StaticString, _ number: Int64) {
        key(name)
        value(number)
    }

    @inlinable package mutating func member(_ name: StaticString, _ number: Double) {
        key(name)
        value(number)
    }

    @inlinable package mutating func member(_ name: StaticString, _ flag: Bool) {
        key(name)
        value(flag)
    }

    @inlinable package mutating func member(_ name: StaticString, _ string: String?) {
        if let string { member(name, string) }
    }

    @inlinable package mutating func member(_ name: StaticString, _ number: Int?) {
        if let number { member(name, number) }
    }

    @inlinable package mutating func member(_ name: StaticString, _ number: Int64?) {
        if let number { member(name, number) }
    }

    @inlinable package mutating func member(_ name: StaticString, _ number: Double?) {
        if let number { member(name, number) }
    }

    @inlinable package mutating func member(_ name: StaticString, _ flag: Bool?) {
        if let flag { member(name, flag) }
    }

    /// An array of strings, written also when it is empty.
    @inlinable package mutating func member(_ name: StaticString, _ strings: [String]) {
        key(name)
        beginArray()
        for string in strings { value(string) }
        endArray()
    }

    /// An object of the members that `write` writes.
    @inlinable package mutating func object(
        _ name: StaticString, _ write: (inout JSONWriter) -> Void
    ) {
        key(name)
        beginObject()
        write(&self)
        endObject()
    }

    /// An array of what `write` writes, written also when it is empty.
    @inlinable package mutating func list<Element>(
        _ name: StaticString, _ elements: some Sequence<Element>,
        _ write: (Element, inout JSONWriter) -> Void
    ) {
        key(name)
        beginArray()
        for element in elements { write(element, &self) }
        endArray()
    }
}

extension JSONWriter {
    @inlinable mutating func comma() {
        if needsComma { buffer.append(0x2C) }
        needsComma = true
    }

    @inlinable mutating func open(_ bracket: UInt8) {
        comma()
        buffer.append(bracket)
        needsComma = false
    }

    @inlinable mutating func close(_ bracket: UInt8) {
        buffer.append(bracket)
        needsComma = true
    }

    @inlinable mutating func literal(_ text: StaticString) {
        comma()
        text.withUTF8Buffer { buffer.append(contentsOf: $0) }
    }

    /// RFC 8259 §7: quotation mark, reverse solidus and the control characters are escaped, nothing else.
    /// U+0000, which our own reader and databases refuse, is written as U+FFFD.
    @inlinable mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
        buffer.append(0x22)
        var start = 0
        for at in 0..<text.count where text[at] < 0x20 || text[at] == 0x22 || text[at] == 0x5C {
            buffer.append(contentsOf: text[start..<at])
            escape(text[at])
            start = at + 1
        }
        buffer.append(contentsOf: text[start...])
        buffer.append(0x22)
    }

    @usableFromInline mutating func escape(_ byte: UInt8) {
        buffer.append(0x5C)
        switch byte {
        case 0x22, 0x5C: buffer.append(byte)
        case 0x08: buffer.append(0x62)
        case 0x09: buffer.append(0x74)
        case 0x0A: buffer.append(0x6E)
        case 0x0C: buffer.append(0x66)
        case 0x0D: buffer.append(0x72)
        case 0x00: buffer.append(contentsOf: "ufffd".utf8)
        default:
            buffer.append(contentsOf: "u00".utf8)
            buffer.append(byte >> 4 + 0x30)
            buffer.append(byte & 15 < 10 ? byte & 15 + 0x30 : byte & 15 + 0x57)
        }
    }
}
