import Certificates
import Fixtures
import Reports
import Testing

@testable import Checks

/// RFC 9525 §6.
@Suite struct NameMatchTests {
    /// (reference identifier, presented identifier, do they match?)
    static let names: [(String, String, Bool)] = [
        ("www.example.com", "www.example.com", true), ("WWW.Example.COM", "www.EXAMPLE.com", true),
        // One trailing dot of the reference identifier; a presented one has none.
        ("www.example.com.", "www.example.com", true), ("www.example.com", "www.example.com.", false),
        ("www.example.com", "example.com", false), ("example.com", "www.example.com", false),
        ("localhost", "localhost", true),
        // §6.3: the wildcard is the whole left-most label and stands for exactly one.
        ("www.example.com", "*.example.com", true), ("WWW.EXAMPLE.COM", "*.Example.Com", true),
        ("example.com", "*.example.com", false), ("a.b.example.com", "*.example.com", false),
        ("a.b.example.com", "*.b.example.com", true), ("www.example.com", "w*.example.com", false),
        ("www.example.com", "*w.example.com", false), ("www.example.com", "www.*.com", false),
        ("www.example.com", "*.*.com", false), ("www.example.com", "*", false), ("com", "*", false),
        ("example.com", "*.com", false), ("www.example.com", "**.example.com", false),
        ("www.example.com", "*example.com", false), ("example.co.uk", "*.co.uk", true),
        ("www.example.com", "*.", false), ("www.example.com", "*.example.com.", false),
        // Servers use underscores and names that libidn2 refuses.
        ("a_b.example.com", "a_b.example.com", true), ("a_b.example.com", "*.example.com", true),
        ("r3---sn-x.example.com", "*.example.com", true),
        // A-labels, compared as text.
        ("bücher.example", "xn--bcher-kva.example", true), ("bücher.example", "bücher.example", false),
        ("xn--bcher-kva.a.example", "*.a.example", true),
        ("www.example.com", "www.example.com\0.evil.test", false), ("www.example.com", "", false),
        ("www.example.com", ".example.com", false), ("www.example.com", "www.example.com ", false),
    ]

    @Test(arguments: names) func dns(_ reference: String, _ presented: String, _ match: Bool) throws {
        let bench = Bench.leaf { $0.replace(.subjectAltName([.dns(presented)])) }.with {
            $0.names = [reference]
        }
        let expected = try ReferenceIdentifier(parsing: reference).text
        let evidence = "\(expected)|\(presented)"
        // An empty name is nothing presented.
        let mismatch =
            presented.isEmpty
            ? "names_absent 0 \(expected)|only CN=www.example.com 62" : "name_mismatch 0 \(evidence) 62"
        #expect(try bench.lines(.nameMatch) == [match ? "passed" : mismatch])
    }

    static let addresses: [(String, GeneralNameSpec, Bool)] = [
        ("192.0.2.1", .ip("192.0.2.1"), true), ("192.0.2.1", .ip("192.0.2.2"), false),
        ("2001:db8::1", .ip("2001:db8::1"), true), ("2001:0DB8:0:0::0001", .ip("2001:db8::1"), true),
        ("::1", .ip("::1"), true), ("2001:db8::1", .ip("2001:db8::2"), false),
        // An IPv4-mapped address is another one.
        ("::ffff:192.0.2.1", .ip("192.0.2.1"), false), ("::ffff:192.0.2.1", .ip("::ffff:192.0.2.1"), true),
        // An address in the wrong form matches nothing (RFC 9525 §6.4).
        ("192.0.2.1", .dns("192.0.2.1"), false), ("192.0.2.1", .dns("*.0.2.1"), false),
        ("192.0.2.1", .uri("https://192.0.2.1/"), false), ("192.0.2.1", .ip("192.0.2.0/24"), false),
    ]

    @Test(arguments: addresses) func ip(_ reference: String, _ presented: GeneralNameSpec, _ match: Bool)
        throws
    {
        let bench = Bench.leaf { $0.replace(.subjectAltName([presented])) }.with { $0.names = [reference] }
        let context = try bench.context()
        #expect(NameMatch.matches(context.names[0], context.leaf) == match)
        guard case .failed(let failures) = try bench.outcome(of: .nameMatch) else {
            #expect(match)
            return
        }
        #expect(!match)
        #expect(failures.map(\.native?.code) == [64])
        #expect(failures[0].expected == context.names[0].text)
    }

    /// All must match; each that does not is said.
    @Test func several() throws {
        let bench = Bench.leaf {
            $0.replace(.subjectAltName([.dns("a.test"), .dns("*.b.test"), .ip("192.0.2.1")]))
        }
        func lines(_ names: String...) throws -> [String] {
            try bench.with { $0.names = names }.lines(.nameMatch)
        }
        let all = "a.test, *.b.test, 192.0.2.1"
        #expect(try lines() == ["not applicable"])
        #expect(try lines("a.test", "x.b.test", "192.0.2.1") == ["passed"])
        #expect(
            try lines("a.test", "b.test", "192.0.2.9")
                == ["name_mismatch 0 b.test|\(all) 62", "name_mismatch 0 192.0.2.9|\(all) 64"])
    }

    /// The common name is never looked at, and a long list is cut in the evidence.
    @Test func evidence() throws {
        let none = Bench.leaf { $0.remove(ExtensionOID.subjectAltName) }.with {
            $0.names = [StandardChains.host]
        }
        #expect(try none.lines(.nameMatch) == ["names_absent 0 www.example.com|only CN=www.example.com 62"])
        let anonymous = Bench.leaf {
            $0.subject = .empty
            $0.remove(ExtensionOID.subjectAltName)
        }.with { $0.names = [StandardChains.host] }
        #expect(try anonymous.lines(.nameMatch) == ["names_absent 0 www.example.com|- 62"])
        let many = Bench.leaf { $0.replace(.subjectAltName((1...20).map { .dns("n\($0).test") })) }
            .with { $0.names = ["x.test"] }
        #expect(
            try many.lines(.nameMatch) == [
                "name_mismatch 0 x.test|n1.test, n2.test, n3.test, n4.test, n5.test, n6.test, n7.test, "
                    + "n8.test and 12 more 62"
            ])
    }
}
