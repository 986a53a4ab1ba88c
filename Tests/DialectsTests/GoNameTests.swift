import Certificates
import Fixtures
import Reports
import Testing

@testable import Dialects

/// Expected texts are those that blackbox_exporter 0.23 and zabbix_agent2 6.0 printed for the same names.
@Suite struct GoNameTests {
    /// The order is fixed, repeated types are joined by `+`, other types come last from the end, as hex.
    @Test func order() throws {
        let leaf = Sample.issuer.leaf("a.example.com") { spec in
            spec.subject = Name([
                NameAttribute("2.5.4.6", "DE"), NameAttribute("2.5.4.8", "Bay, ern"),
                NameAttribute("2.5.4.7", "Muenchen"), NameAttribute("2.5.4.9", "Weg 1"),
                NameAttribute("2.5.4.17", "80331"), NameAttribute("2.5.4.10", "Firma + Co"),
                NameAttribute("2.5.4.11", "Eins"), NameAttribute("2.5.4.11", "Zwei"),
                NameAttribute("2.5.4.3", "a.example.com"), NameAttribute("2.5.4.5", "123"),
                NameAttribute("1.2.840.113549.1.9.1", "x@example.com"),
                NameAttribute("0.9.2342.19200300.100.1.25", "exam"), NameAttribute("2.5.4.42", "Hans"),
            ])
        }
        let name = try Certificate.parse(der: leaf.der).subject
        let known =
            "SERIALNUMBER=123,CN=a.example.com,OU=Eins+OU=Zwei,O=Firma \\+ Co,POSTALCODE=80331,"
            + "STREET=Weg 1,L=Muenchen,ST=Bay\\, ern,C=DE"
        #expect(GoName.text(name, others: false) == known)
        #expect(
            GoName.text(name, others: true)
                == known + ",2.5.4.42=#130448616e73,0.9.2342.19200300.100.1.25=#13046578616d,"
                + "1.2.840.113549.1.9.1=#0c0d78406578616d706c652e636f6d")
    }
}

@Suite struct DecimalTests {
    static let serials: [(octets: [UInt8], text: String)] = [
        ([], "0"), ([0], "0"), ([0x7F], "127"), ([0x00, 0xFF], "255"), ([0xFF], "-1"), ([0x80], "-128"),
        ([0x01, 0, 0, 0, 0, 0, 0, 0, 0], "18446744073709551616"),
        ([UInt8](repeating: 0x7F, count: 20), "727885129180488904360266563744972327436484050815"),
    ]

    @Test(arguments: serials) func decimal(_ octets: [UInt8], _ text: String) {
        #expect(Decimal.text(octets) == text)
    }
}
