import CIDN2

/// Internationalised domain names (RFC 5890, RFC 5891; mapped as UTS #46 does, non-transitional), by libidn2.
package enum IDNA {
    /// A name that IDNA does not allow, in libidn2's words.
    package struct Failure: Error, Equatable {
        /// The symbolic name: `IDN2_DISALLOWED`.
        package var code: String
        package var text: String
    }

    /// The longest text worth converting: 253 octets of A-labels never come from more than this in UTF-8.
    private static let maxLength = 1_024

    /// U-labels to A-labels, in lower case. Labels that begin with `xn--` are checked.
    package static func toASCII(_ name: String) throws(Failure) -> String {
        guard name.utf8.count <= maxLength else {
            throw Failure(code: "IDN2_TOO_BIG_DOMAIN", text: "the name is too long")
        }
        guard !name.utf8.contains(0) else {
            throw Failure(code: "IDN2_DISALLOWED", text: "the name contains U+0000")
        }
        var output: UnsafeMutablePointer<UInt8>?
        let flags = CInt(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
        let code = name.withCString { text in
            text.withMemoryRebound(to: UInt8.self, capacity: name.utf8.count + 1) {
                idn2_lookup_u8($0, &output, flags)
            }
        }
        defer { idn2_free(output) }
        guard code == IDN2_OK.rawValue, let output else {
            throw Failure(
                code: String(cString: idn2_strerror_name(code)), text: String(cString: idn2_strerror(code)))
        }
        return String(cString: output).lowercased()
    }
}
