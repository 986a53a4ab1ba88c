/// A Time of a Validity (RFC 5280 §4.1.2.5): an instant, or bytes that are not written as RFC 5280 asks.
package enum CertificateTime: Sendable, Equatable {
    case at(Instant)
    /// The text as it stands in the certificate.
    case malformed(String)

    package var instant: Instant? {
        if case .at(let instant) = self { return instant }
        return nil
    }

    /// UTCTime `YYMMDDHHMMSSZ` (years 1950 to 2049) or GeneralizedTime `YYYYMMDDHHMMSSZ`; offsets, fractions
    /// and times without seconds are malformed (§4.1.2.5.1, §4.1.2.5.2).
    package init(tag: UInt8, _ bytes: ArraySlice<UInt8>) {
        let text = Array(bytes)
        let digits = tag == Tag.utcTime ? 12 : 14
        guard tag == Tag.utcTime || tag == Tag.generalizedTime, text.count == digits + 1,
            text[digits] == 0x5A,
            text.dropLast().allSatisfy({ (0x30...0x39).contains($0) })
        else {
            self = .malformed(ASN1Text.utf8(bytes))
            return
        }
        func number(_ at: Int, _ count: Int) -> Int {
            text[at..<at + count].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        let two = number(0, 2)
        let year = tag == Tag.utcTime ? (two < 50 ? 2000 + two : 1900 + two) : number(0, 4)
        let rest = digits - 10
        guard
            let instant = Instant(
                year: year, month: number(rest, 2), day: number(rest + 2, 2), hour: number(rest + 4, 2),
                minute: number(rest + 6, 2), second: number(rest + 8, 2))
        else {
            self = .malformed(ASN1Text.utf8(bytes))
            return
        }
        self = .at(instant)
    }
}
