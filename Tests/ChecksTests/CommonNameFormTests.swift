import Fixtures
import Testing

@testable import Checks

/// TLS BR 7.1.4.3: a host in the common name is written as in the SAN.
@Suite struct CommonNameFormTests {
    static let root = Authority.root("Common Name Root")

    /// Common name, SAN, whether the form is good.
    static let cases: [(commonName: String, san: String, good: Bool)] = [
        ("www.example.com", "www.example.com", true),
        // No client reads it, so a name that is not in the SAN at all is left alone.
        ("example.com", "*.example.com", true),
        ("Example Server 1.2", "www.example.com", true),
        ("1234567", "www.example.com", true),
        ("deadbeef", "www.example.com", true),
        ("Bücher und mehr.", "www.example.com", true),
        ("192.0.2.1", "192.0.2.1", true),
        ("2001:db8::1", "2001:db8::1", true),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", true),
        // Not character for character.
        ("WWW.Example.COM", "www.example.com", false),
        // Forms that inet_aton reads and RFC 3986 does not.
        ("192.0.2.01", "192.0.2.1", false),
        ("0xC0000201", "192.0.2.1", false),
        ("0xC0.0.2.1", "192.0.2.1", false),
        ("192.0.513", "192.0.2.1", false),
        // Not as RFC 5952 §4 writes it: upper case, leading zeros, the longest run not shortened.
        ("2001:DB8::1", "2001:db8::1", false),
        ("2001:0db8::1", "2001:db8::1", false),
        ("2001:db8:0:0:0:0:0:1", "2001:db8::1", false),
        // U-labels.
        ("bücher.example", "xn--bcher-kva.example", false),
    ]

    @Test(arguments: cases) func form(_ commonName: String, _ san: String, _ good: Bool) throws {
        let leaf = Self.root.leaf(san) { $0.subject = Name(commonName: commonName) }
        let found = Check.commonNameForm.failures(try context([leaf, Self.root.certificate]))
        #expect(found == (good ? [] : ["common_name_form@0"]))
    }

    @Test func withoutACommonNameItDoesNotApply() throws {
        let leaf = Self.root.leaf("www.example.com") { $0.subject = Name([.organization("Example")]) }
        #expect(Check.commonNameForm.failures(try context([leaf, Self.root.certificate])) == nil)
    }
}
