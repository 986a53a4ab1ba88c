/// P-256 with its parameters spelled out instead of named (RFC 5480 §2.1.1 forbids it in certificates).
package enum ExplicitCurve {
    private static func hex(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    private static let p = hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF")
    private static let a = hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC")
    private static let b = hex("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B")
    private static let order = hex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")
    private static let generator = hex(
        "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
            + "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5")

    /// SpecifiedECDomain (SEC 1 §C.2) over P-256, with any base point.
    private static func parameters(base: [UInt8]) -> [UInt8] {
        Encode.sequence(
            Encode.integer(1), Encode.sequence(Encode.oid("1.2.840.10045.1.1"), Encode.unsigned(p)),
            Encode.sequence(Encode.octetString(a), Encode.octetString(b)), Encode.octetString(base),
            Encode.unsigned(order), Encode.integer(1))
    }

    private static func spki(base: [UInt8], point: [UInt8]) -> [UInt8] {
        Encode.sequence(
            Encode.sequence(Encode.oid("1.2.840.10045.2.1"), parameters(base: base)), Encode.bitString(point))
    }

    /// An honest P-256 key that spells out its curve.
    package static func key(_ label: String) -> Key {
        let named = Key.labelled(.ec256, label)
        return named.presenting(spki: spki(base: generator, point: named.subjectPublicKey))
    }

    /// CVE-2020-0601: a key with the victim's public point whose private half everybody knows. The generator
    /// is moved to that point, so the private scalar is 1.
    package static func forgery(of victim: Key) -> Key {
        let point = victim.subjectPublicKey
        let pair = Encode.sequence(
            Encode.integer(1), Encode.octetString([UInt8](repeating: 0, count: 31) + [1]),
            Encode.context(0, parameters(base: point)), Encode.context(1, Encode.bitString(point)))
        return Key(kind: .ec256, ecPrivateKey: pair).presenting(spki: spki(base: point, point: point))
    }
}
