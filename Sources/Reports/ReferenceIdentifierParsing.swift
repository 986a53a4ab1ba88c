import Certificates

extension ReferenceIdentifier {
    /// A DNS name (U-labels or A-labels, one trailing dot allowed) or an IP address without brackets.
    ///
    /// RFC 9525 §6.2; labels of letters, digits, hyphens (RFC 1123 §2.1) and underscores, which servers use
    /// all the same; 63 octets a label, 253 a name (RFC 1035 §2.3.4). Refused: wildcards, zone ids, and every
    /// text that some programs read as an IPv4 address (octal, hexadecimal, short).
    package init(parsing text: String) throws(Malformed) {
        guard !text.isEmpty else { throw Malformed(.nameMalformed, "the name is empty") }
        if let address = IPAddress(text) {
            self = .ip(octets: address.octets, text: address.text)
            return
        }
        if text.contains(":") { throw Self.refusal(text, "is not an IPv6 address") }
        let ascii: String
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            try Self.checkALabels(of: text)
            ascii = text
        } else {
            do {
                ascii = try IDNA.toASCII(text)
            } catch {
                throw Self.refusal(text, "is not an internationalised name: \(error.text)")
            }
        }
        self = .dns(aLabels: try Self.checked(ascii, text), given: text)
    }

    /// A label that begins with `xn--` is to decode, and to encode to itself again (RFC 5891 §5.4). Emoji,
    /// which IDNA 2008 does not allow, are registered all the same.
    private static func checkALabels(of text: String) throws(Malformed) {
        for label in text.lowercased().split(separator: ".") where label.hasPrefix("xn--") {
            do throws(IDNA.Failure) {
                _ = try IDNA.toASCII(String(label))
            } catch {
                if error.code == "IDN2_DISALLOWED" { continue }
                throw refusal(text, "has a label that is no internationalised one: \(error.text)")
            }
        }
    }

    private static func checked(_ ascii: String, _ given: String) throws(Malformed) -> String {
        let name = ascii.hasSuffix(".") ? ascii.dropLast() : Substring(ascii)
        guard name.utf8.count <= 253 else { throw refusal(given, "is longer than 253 octets") }
        guard !IPAddress.looksNumeric(name) else {
            throw refusal(given, "is not an IPv4 address of four decimal numbers")
        }
        for label in name.utf8.split(separator: 0x2E, omittingEmptySubsequences: false) {
            guard !label.isEmpty else { throw refusal(given, "has an empty label") }
            guard label.count <= 63 else { throw refusal(given, "has a label of more than 63 octets") }
            guard !label.contains(0x2A) else {
                throw refusal(given, "is a wildcard; a reference identifier is one name")
            }
            guard label.allSatisfy(isLDH) else {
                throw refusal(given, "has other characters than letters, digits, hyphens and underscores")
            }
            guard label.first != 0x2D, label.last != 0x2D else {
                throw refusal(given, "has a label that begins or ends with a hyphen")
            }
        }
        return name.lowercased()
    }

    private static func isLDH(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }

    private static func refusal(_ text: String, _ why: String) -> Malformed {
        Malformed(.nameMalformed, "\(Malformed.shown(text)) \(why)")
    }
}
