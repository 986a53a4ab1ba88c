import Certificates
import Fixtures
import Reports
import Testing

@testable import Dialects

@Suite struct MetricTextTests {
    private func lines(_ report: Report) -> [String] {
        var text = MetricText()
        text.add(report)
        return String(decoding: text.render(), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The value of the one sample of that name and those labels.
    private func value(_ name: String, _ report: Report) -> String? {
        lines(report).first { $0.hasPrefix(name + " ") }.map { String($0.dropFirst(name.count + 1)) }
    }

    @Test func good() throws {
        let report = try Sample.good()
        let expected = [
            "probe_success": "1", "probe_ip_protocol": "4", "probe_ip_addr_hash": "1550545977",
            "probe_tls_version_info{version=\"TLS 1.3\"}": "1",
            "probe_ssl_earliest_cert_expiry": "1795824000", "catenary_state": "0",
            "probe_ssl_last_chain_expiry_timestamp_seconds": "1795824000",
            "catenary_trusted{store=\"mozilla\"}": "1", "catenary_trusted{store=\"debian\"}": "1",
            "catenary_first_break_timestamp_seconds": "1795824001", "catenary_chain_complete": "1",
            "catenary_first_break_info{cause=\"leaf_expires\",certificate=\"\(Sample.leaf.sha256.hex)\"}":
                "1",
            "catenary_leaf_not_after_timestamp_seconds": "1795824000",
            "catenary_addresses{result=\"ok\"}": "1", "catenary_addresses{result=\"failed\"}": "0",
            "catenary_store_age_seconds{store=\"mozilla\"}": "1382400",
        ]
        for (name, value) in expected { #expect(self.value(name, report) == value, "\(name)") }
        // Without `serialnumber` and its like a family has one HELP and one TYPE line.
        let helps = lines(report).filter { $0.hasPrefix("# HELP") }
        #expect(Set(helps).count == helps.count)
    }

    /// An expired certificate keeps its dates, and the first break is past.
    @Test func expired() throws {
        let report = try Sample.expired()
        #expect(value("probe_success", report) == "0")
        #expect(value("catenary_state", report) == "2")
        #expect(value("probe_ssl_earliest_cert_expiry", report) == "1782691200")
        #expect(value("catenary_first_break_timestamp_seconds", report) == "1782691201")
        #expect(value("catenary_leaf_not_after_timestamp_seconds", report) == "1782691200")
        #expect(value("catenary_trusted{store=\"mozilla\"}", report) == "0")
        let finding = "catenary_finding{check=\"time.leaf\",reason=\"validity_ended\",severity=\"error\"}"
        #expect(value(finding, report) == "1")
    }

    @Test func unknownIsAbsent() throws {
        var report = try Sample.good()
        report.stores[0].trusted = nil
        report.presented?.complete = nil
        #expect(value("catenary_trusted{store=\"mozilla\"}", report) == nil)
        #expect(value("catenary_chain_complete", report) == nil)
    }

    @Test func unreachable() {
        let report = Sample.unreachable()
        #expect(value("probe_success", report) == "0")
        #expect(value("catenary_addresses{result=\"failed\"}", report) == "1")
        #expect(!lines(report).contains { $0.hasPrefix("probe_ssl") })
    }

    /// What a certificate says cannot end a label or a line, whatever it holds.
    @Test func labelsAreEscaped() throws {
        let evil = Sample.issuer.leaf("api.example.com") { spec in
            spec.subject = Name(commonName: "a\"} 1\nevil_metric 2\\\u{1b}[31m")
        }
        let all = lines(try Sample.good(leaf: evil))
        #expect(!all.contains { $0.hasPrefix("evil_metric") })
        let info = try #require(all.first { $0.hasPrefix("probe_ssl_last_chain_info") })
        #expect(info.contains(#"subject="CN=a\\\"} 1\nevil_metric 2\\\\\\u{1b}[31m""#))
    }

    /// Ten thousand names make one series of bounded length.
    @Test func namesAreBounded() throws {
        let many = Sample.issuer.leaf(names: (0..<10_000).map { "host\($0).example.com" })
        let all = lines(try Sample.good(leaf: many))
        #expect(all.count < 100)
        let info = try #require(all.first { $0.hasPrefix("probe_ssl_last_chain_info") })
        #expect(info.utf8.count < 8 * 1024)
        #expect(info.contains("…"))
    }

    @Test func severalHostsAreToldApart() throws {
        var list = RenderedList(.prometheus)
        let (good, expired) = (try Sample.good(), try Sample.expired())
        var other = good
        other.target = Target(host: "2001:db8::1", port: 8443)
        for report in [good, expired, other] {
            let now = list.add(report)
            #expect(now.isEmpty)
        }
        let text = String(decoding: list.end(), as: UTF8.self)
        // The second asks the same as the first.
        #expect(text.contains("catenary_state{target=\"api.example.com:443\"} 0\n"))
        #expect(text.contains("catenary_state{target=\"api.example.com:443\",row=\"1\"} 2\n"))
        #expect(
            text.contains("catenary_state{target=\"[2001:db8::1]:8443\",name=\"api.example.com\"} 0\n"))
        #expect(text.contains("catenary_trusted{target=\"api.example.com:443\",store=\"mozilla\"} 1\n"))
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("# TYPE catenary_state ") }.count == 1)
    }

    @Test func fleet() throws {
        var report = try Sample.good()
        let group = { [report] (addresses: [String]) in
            Fleet.Group(addresses: addresses, seen: addresses.count, report: report)
        }
        report.fleet = Fleet(
            groups: [group(["192.0.2.4"]), group(["192.0.2.1", "192.0.2.2", "192.0.2.3"])],
            failed: [Fleet.Failed(address: "192.0.2.5", check: .netConnect, reason: .connectionRefused)])
        #expect(value("catenary_addresses{result=\"ok\"}", report) == "3")
        #expect(value("catenary_addresses{result=\"differs\"}", report) == "1")
        #expect(value("catenary_addresses{result=\"failed\"}", report) == "1")
    }
}
