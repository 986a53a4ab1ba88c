import Certificates

/// Names as programs written in Go print them (blackbox_exporter, Zabbix agent 2), so that their graphs and
/// filters go on: a fixed order whatever that of the certificate, values of one type joined by `+`.
enum GoName {
    /// `SERIALNUMBER=…,CN=…,OU=a+OU=b,O=…,…,C=…`, then with `others` every other attribute from the last to
    /// the first as `OID=#hex` of its value's DER.
    static func text(_ name: DistinguishedName, others: Bool) -> String {
        var parts: [String] = []
        for (type, label) in order {
            let values = name.attributes.filter { $0.type == type }.map(\.value)
            // Of these two only the last one counts there.
            let kept = type == "CN" || type == "serialNumber" ? values.suffix(1) : values[...]
            guard !kept.isEmpty else { continue }
            parts.append(kept.map { "\(label)=\(escape($0))" }.joined(separator: "+"))
        }
        if others { parts += otherAttributes(name).reversed() }
        return parts.joined(separator: ",")
    }

    private static let known = Set(order.map(\.0))
    private static let order = [
        ("serialNumber", "SERIALNUMBER"), ("CN", "CN"), ("OU", "OU"), ("O", "O"),
        ("postalCode", "POSTALCODE"), ("street", "STREET"), ("L", "L"), ("ST", "ST"), ("C", "C"),
    ]

    private static func otherAttributes(_ name: DistinguishedName) -> [String] {
        zip(name.attributes, name.attributeTypes).compactMap { attribute, type in
            guard !known.contains(attribute.type) else { return nil }
            let value = Array(attribute.value.utf8)
            let tag: UInt8 = attribute.value.utf8.allSatisfy(isPrintable) ? 0x13 : 0x0C
            return "\(type)=#\(Hex.encode([tag] + length(value.count) + value))"
        }
    }

    /// PrintableString (X.680 §41.4).
    private static func isPrintable(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39: true
        default: " '()+,-./:=?".utf8.contains(byte)
        }
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            bytes.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(bytes.count)] + bytes
    }

    private static func escape(_ value: String) -> String {
        let special = ",+\"\\<>;#".utf8
        if value.utf8.first != 0x20, value.utf8.last != 0x20, !value.utf8.contains(where: special.contains) {
            return value
        }
        var out = ""
        let last = value.unicodeScalars.count - 1
        for (at, scalar) in value.unicodeScalars.enumerated() {
            switch scalar {
            case ",", "+", "\"", "\\", "<", ">", ";": out += "\\"
            case "#" where at == 0, " " where at == 0 || at == last: out += "\\"
            default: break
            }
            out.unicodeScalars.append(scalar)
        }
        return out
    }
}
