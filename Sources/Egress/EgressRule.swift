/// One line of an operator's list of destinations: a block of addresses or a name, and perhaps ports.
///
/// `10.0.0.0/8`, `192.0.2.7`, `[2001:db8::/32]:443`, `corp.example` (the name and all below it),
/// `corp.example:8000-8999`, `*:25`.
package struct EgressRule: Sendable, Hashable, CustomStringConvertible {
    enum Place: Sendable, Hashable {
        case anywhere
        case range(AddressRange)
        /// A-labels in lower case; the name itself and every name below it.
        case name(String)
    }

    let place: Place
    /// Nil: every port.
    let ports: ClosedRange<UInt16>?
    package let description: String

    /// Nil when it is malformed: a name must be in A-labels, a block without bits beyond its prefix.
    package init?(_ text: String) {
        guard let parts = Self.split(text) else { return nil }
        description = text
        if parts.place == "*" {
            place = .anywhere
        } else if let range = Self.range(parts.place) {
            place = .range(range)
        } else if let name = Self.name(parts.place) {
            place = .name(name)
        } else {
            return nil
        }
        guard let digits = parts.ports else {
            ports = nil
            return
        }
        guard let range = Self.ports(digits) else { return nil }
        ports = range
    }

    /// - Parameter forms: the address dialled and the addresses inside it.
    func holds(_ forms: [IPAddress], port: UInt16, name: String?) -> Bool {
        guard ports?.contains(port) != false else { return false }
        switch place {
        case .anywhere: return true
        case .range(let range): return forms.contains(where: range.contains)
        case .name: return name.map(holds(name:)) == true
        }
    }

    /// Whether it speaks of the name, for whatever address.
    func holds(name: String, port: UInt16) -> Bool {
        guard case .name = place else { return false }
        return ports?.contains(port) != false && holds(name: name)
    }

    private func holds(name: String) -> Bool {
        guard case .name(let suffix) = place else { return false }
        let name = name.hasSuffix(".") ? name.dropLast() : Substring(name)
        return name.lowercased() == suffix || name.lowercased().hasSuffix("." + suffix)
    }

    /// Brackets keep an IPv6 address apart from its port.
    private static func split(_ text: String) -> (place: Substring, ports: Substring?)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let (inner, rest) = (text[text.index(after: text.startIndex)..<end], text[end...].dropFirst())
            guard rest.isEmpty || rest.hasPrefix(":"), inner.contains(":") else { return nil }
            return (inner, rest.isEmpty ? nil : rest.dropFirst())
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? (parts[0], parts[1]) : (text[...], nil)
    }

    private static func range(_ text: Substring) -> AddressRange? {
        if text.contains("/") { return AddressRange(cidr: String(text)) }
        guard let address = IPAddress(text: String(text)) else { return nil }
        return AddressRange(cidr: "\(address)/\(address.octets.count * 8)")
    }

    private static func name(_ text: Substring) -> String? {
        var name = text.lowercased()[...]
        if name.hasPrefix("*.") {
            name = name.dropFirst(2)
        } else if name.hasPrefix(".") {
            name.removeFirst()
        }
        if name.hasSuffix(".") { name.removeLast() }
        let labels = name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        // A last label of digits is an address that somebody mistyped.
        guard (1...253).contains(name.utf8.count), let last = labels.last,
            !last.allSatisfy({ (0x30...0x39).contains($0) }), !last.starts(with: Array("0x".utf8)),
            labels.allSatisfy({ (1...63).contains($0.count) && $0.allSatisfy(isLDH) })
        else { return nil }
        return String(name)
    }

    private static func isLDH(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }

    /// `443` or `8000-8999`.
    private static func ports(_ text: Substring) -> ClosedRange<UInt16>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = ends.compactMap { end -> UInt16? in
            guard end.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(end), port > 0 else {
                return nil
            }
            return port
        }
        guard numbers.count == ends.count, (1...2).contains(numbers.count), let first = numbers.first,
            let last = numbers.last, first <= last
        else { return nil }
        return first...last
    }
}
