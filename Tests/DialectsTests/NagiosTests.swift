import Certificates
import Fixtures
import Reports
import Testing

@testable import Dialects

@Suite struct NagiosTests {
    @Test func good() throws {
        #expect(
            Nagios.render(try Sample.good())
                == "SSL_CERT OK - api.example.com:443, https, x509 certificate 'api.example.com' "
                + "(api.example.com) from 'Example TLS CA G3' valid until Nov 28 00:00:00 2026 GMT "
                + "(expires in 150 days)"
                + "|days_chain_elem1=150;21;7;; days_chain_elem2=2010;21;7;;\n")
    }

    /// Past days truncate toward zero, and the dates are there after the failure too.
    @Test func expired() throws {
        #expect(
            Nagios.render(try Sample.expired())
                == "SSL_CERT CRITICAL api.example.com:443: the certificate expired on 2026-06-29"
                + "|days_chain_elem1=-2;21;7;; days_chain_elem2=2010;21;7;;\n")
    }

    @Test func expiredForHours() throws {
        var report = try Sample.expired()
        report.at = "2026-06-29T23:00:00Z"
        #expect(Nagios.render(report).contains("|days_chain_elem1=0;21;7;; "))
    }

    @Test func connectFailureIsCritical() {
        #expect(
            Nagios.render(Sample.unreachable())
                == "SSL_CERT CRITICAL [2001:db8::1]:8443: connection refused\n")
    }

    static let states: [(state: State, word: String, status: Int32)] = [
        (.ok, "OK - ", 0), (.warning, "WARN ", 1), (.critical, "CRITICAL ", 2), (.unknown, "UNKNOWN ", 3),
    ]

    @Test(arguments: states) func state(_ state: State, _ word: String, _ status: Int32) throws {
        var report = try Sample.good()
        report.state = state
        #expect(Nagios.render(report).hasPrefix("SSL_CERT \(word)api.example.com:443"))
        #expect(Nagios.status(of: state) == status)
    }

    /// A bar or a line feed in a name would start performance data of its own.
    @Test func namesCannotAddPerformanceData() throws {
        let evil = Sample.issuer.leaf("api.example.com") { spec in
            spec.subject = Name(commonName: "a|days=1\nb")
        }
        let line = Nagios.render(try Sample.good(leaf: evil))
        #expect(line.contains("x509 certificate 'a/days=1\\u{a}b' "))
        #expect(line.filter { $0 == "|" }.count == 1)
        #expect(line.filter { $0 == "\n" }.count == 1)
    }

    @Test func staysWithinEightKilobytes() throws {
        var report = try Sample.good()
        report.state = .critical
        report.summary = String(repeating: "für ", count: 4000)
        report.presented?.certificates = Array(repeating: Sample.leaf.sha256, count: 1000)
        let line = Nagios.render(report)
        #expect(line.utf8.count <= 8192)
        #expect(line.hasSuffix(";21;7;;\n"))
        #expect(line.contains("|days_chain_elem1=150;"))
    }
}
