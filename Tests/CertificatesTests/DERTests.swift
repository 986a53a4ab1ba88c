import Certificates
import Fixtures
import Testing

/// X.690 §10: one encoding only, and every other is an error with its place.
@Suite struct DERTests {
    static let rows: [(what: String, bytes: [UInt8], content: Range<Int>?)] = [
        ("empty content", [0x30, 0x00], 2..<2),
        ("short form", [0x04, 0x01, 0xAA], 2..<3),
        ("127 octets, short form", [0x04, 0x7F] + [UInt8](repeating: 0, count: 127), 2..<129),
        ("128 octets, long form", [0x04, 0x81, 0x80] + [UInt8](repeating: 0, count: 128), 3..<131),
        ("256 octets", [0x04, 0x82, 0x01, 0x00] + [UInt8](repeating: 0, count: 256), 4..<260),
        ("nothing", [], nil),
        ("tag alone", [0x30], nil),
        ("length beyond the end", [0x30, 0x01], nil),
        ("long form for a short length", [0x04, 0x81, 0x01, 0xAA], nil),
        ("127 in long form", [0x04, 0x81, 0x7F] + [UInt8](repeating: 0, count: 127), nil),
        ("leading zero in the length", [0x04, 0x82, 0x00, 0x80] + [UInt8](repeating: 0, count: 128), nil),
        ("indefinite length", [0x30, 0x80, 0x00, 0x00], nil),
        ("reserved length octet", [0x04, 0xFF, 0x00], nil),
        ("length of five octets", [0x04, 0x85, 1, 0, 0, 0, 0], nil),
        ("length of four octets beyond the end", [0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], nil),
        ("cut length octets", [0x04, 0x82, 0x01], nil),
        ("high tag number", [0x3F, 0x81, 0x00, 0x00], nil),
    ]

    @Test(arguments: rows) func element(_ row: (what: String, bytes: [UInt8], content: Range<Int>?)) throws {
        var cursor = DERCursor(row.bytes)
        guard let content = row.content else {
            #expect(throws: DERError(offset: 0)) { try cursor.next() }
            #expect(cursor.at == 0)
            return
        }
        let element = try cursor.next()
        #expect(element.content == content)
        #expect(element.whole == 0..<content.upperBound)
        #expect(element.tag == row.bytes[0])
        #expect(cursor.isAtEnd)
        try cursor.expectEnd()
    }

    /// An element may not reach beyond the one around it, though the bytes go on.
    @Test func nesting() throws {
        var outer = DERCursor([0x30, 0x03, 0x04, 0x02, 0xAA, 0xBB])
        let whole = try outer.next(Tag.sequence)
        var inner = outer.inside(whole)
        #expect(throws: DERError(offset: 2)) { try inner.next() }
        #expect(throws: DERError(offset: 5)) { try outer.expectEnd() }
        #expect(throws: DERError(offset: 5)) { try outer.next(Tag.sequence) }
        #expect(try outer.optional(Tag.sequence) == nil)
    }

    /// A certificate cut anywhere, or with anything behind it, is no certificate.
    @Test(arguments: [
        StandardChains.good(), StandardChains.goodRSA(), StandardChains.nameConstraintExcluded(),
    ])
    func cutAnywhere(_ chain: StandardChain) throws {
        for certificate in chain.presented {
            for count in 0..<certificate.der.count {
                let error = #expect(throws: CertificateError.self) {
                    try Certificate.parse(der: Array(certificate.der.prefix(count)))
                }
                if case .malformed(let offset) = error {
                    #expect(offset <= count)
                } else {
                    Issue.record("\(count)")
                }
            }
            for tail in [[0x00], [0x30, 0x00], certificate.der] as [[UInt8]] {
                #expect(throws: CertificateError.trailingBytes(offset: certificate.der.count)) {
                    try Certificate.parse(der: certificate.der + tail)
                }
            }
        }
    }

    /// Any single byte changed: a certificate or an error, never a crash; and what is parsed is rendered as
    /// UTF-8.
    @Test func anyByteChanged() throws {
        let der = StandardChains.mustStaple().presented[0].der
        var parsed = 0
        for at in der.indices {
            for value: UInt8 in [0x00, 0x80, 0xFF, der[at] ^ 0x01, der[at] ^ 0x20] {
                var bytes = der
                bytes[at] = value
                guard let certificate = try? Certificate.parse(der: bytes) else { continue }
                parsed += 1
                #expect(certificate.der == bytes)
                #expect(String(validating: certificate.renderedJSON, as: UTF8.self) != nil)
            }
        }
        // The signature alone is 70 bytes that may be anything.
        #expect(parsed > 200)
    }

    /// Forms that are not DER though a lenient reader would take them.
    @Test func strictOutside() {
        let der = StandardChains.good().presented[0].der
        // The outer length in indefinite form.
        let indefinite = [0x30, 0x80] + der.dropFirst(4) + [0x00, 0x00]
        #expect(throws: CertificateError.malformed(offset: 0)) { try Certificate.parse(der: indefinite) }
        let padded = [0x30, 0x83, 0x00] + der[2...]
        #expect(throws: CertificateError.malformed(offset: 0)) { try Certificate.parse(der: Array(padded)) }
        let size = Certificate.sizeLimit + 1
        #expect(throws: CertificateError.tooLarge(size)) {
            try Certificate.parse(der: [UInt8](repeating: 0x30, count: size))
        }
    }
}
