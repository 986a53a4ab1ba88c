import Certificates
import Fixtures
import JSON
import Reports
import Testing

@testable import Dialects

@Suite struct RenderingTests {
    @Test func csv() throws {
        var report = try Sample.good()
        report.summary = "=SUM(\"a\", 1)\nb"
        let row = CSVText.row(report)
        #expect(
            row
                == "api.example.com:443,api.example.com,443,192.0.2.30,ok,trusted,true,2026-11-28T00:00:01Z,"
                + "leaf_expires,\(Sample.leaf.sha256.hex),2026-11-28T00:00:00Z,CN=Example TLS CA G3,,"
                + "\"'=SUM(\"\"a\"\", 1)\\u{a}b\"\n")
        #expect(
            CSVText.header
                == "target,host,port,address,state,verdict,conforms,first_break,first_break_cause,"
                + "leaf_sha256,leaf_not_after,issuer,renewal_due,summary\n")
    }

    static let formulas = [
        ("=1", "\"'=1\""), ("+1", "\"'+1\""), ("-1", "\"'-1\""), ("@x", "\"'@x\""), ("a=1", "a=1"), ("", ""),
        ("a\"b", "\"a\"\"b\""), ("a,b", "\"a,b\""), ("a\tb", "a\\u{9}b"),
    ]
    @Test(arguments: formulas) func cells(_ text: String, _ cell: String) {
        #expect(CSVText.cell(text) == cell)
    }

    @Test func csvOfMany() throws {
        var list = RenderedList(.csv)
        let all =
            list.add(try Sample.good()) + list.add(try Sample.expired())
            + list.add(
                unanswered: "no such file", code: "file_unreadable", detail: "it is not there", problem: [])
            + list.end()
        let lines = String(decoding: all, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0] + "\n" == CSVText.header)
        #expect(lines[3] == "no such file,,,,unknown,,,,,,,,,it is not there")
        // Nothing to say is still a document.
        #expect(String(decoding: RenderedList(.csv).end(), as: UTF8.self) == CSVText.header)
    }

    @Test func junitOfAnExpiredChain() throws {
        let text = JUnitText(try Sample.expired()).render()
        let digest = try #require(try Sample.expired().leaf)
        #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"catenary\""))
        #expect(text.contains("tests=\"4\" failures=\"4\" errors=\"0\" skipped=\"0\""))
        #expect(text.contains("<testsuite name=\"api.example.com:443\""))
        #expect(
            text.contains(
                "<testcase classname=\"catenary.store\" name=\"mozilla\">\n"
                    + "      <failure type=\"validity_ended\" message=\"not trusted: validity_ended\"/>"))
        #expect(digest != Sample.leaf.sha256)
        #expect(text.contains("name=\"time.leaf validity_ended\""))
        #expect(text.contains("name=\"first_break\">\n      <failure type=\"leaf_expires\""))
    }

    /// Only time is near: everything passes but `first_break`. What nobody could check is skipped.
    @Test func junitWhenTimeIsNear() throws {
        var report = try Sample.good()
        report.state = .warning
        report.firstBreak?.at = report.at + 86_400
        report.stores[1].trusted = nil
        let text = JUnitText(report).render()
        #expect(text.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""))
        #expect(text.contains("name=\"mozilla\"/>"))
        #expect(text.contains("name=\"debian\">\n      <skipped message=\"not established\"/>"))
        #expect(text.contains("name=\"first_break\">\n      <failure"))
        report.firstBreak = nil
        #expect(JUnitText(report).render().contains("name=\"first_break\">\n      <skipped"))
    }

    @Test func junitEscapes() throws {
        var report = try Sample.expired()
        report.findings[0].message = "a <b> & \"c\" \u{0}\u{1b}'"
        let text = JUnitText(report).render()
        #expect(text.contains("message=\"a &lt;b&gt; &amp; &quot;c&quot; \\u{0}\\u{1b}&apos;\""))
    }

    @Test func junitOfUnusableInput() {
        var list = RenderedList(.junit)
        #expect(list.add(unanswered: "x", code: "pem_malformed", detail: "no", problem: []).isEmpty)
        #expect(
            String(decoding: list.end(), as: UTF8.self).contains(
                "<error type=\"pem_malformed\" message=\"no\"/>"))
    }

    private func zabbix(_ report: Report) throws -> JSONObject {
        try #require(try JSONParser.parse(Zabbix.render(report).dropLast().map { $0 }).object)
    }

    @Test func zabbix() throws {
        let object = try zabbix(try Sample.good())
        let x509 = try #require(object["x509"]?.object)
        #expect(x509["issuer"]?.string == "CN=Example TLS CA G3")
        #expect(x509["public_key_algorithm"]?.string == "ECDSA")
        #expect(x509["signature_algorithm"]?.string == "ECDSA-SHA256")
        #expect(x509["not_after"]?.object?["value"]?.string == "Nov 28 00:00:00 2026 GMT")
        #expect(object["result"]?.object?["value"]?.string == "valid")
        #expect(object["sha256_fingerprint"]?.string == Sample.leaf.sha256.hex)
        #expect(object["sha1_fingerprint"]?.string?.count == 40)
    }

    @Test func zabbixOfInvalidStillReports() throws {
        let object = try zabbix(try Sample.expired())
        #expect(object["x509"] != nil)
        let result = try #require(object["result"]?.object)
        #expect(result["value"]?.string == "invalid")
        #expect(
            result["message"]?.string
                == "failed to verify certificate: the certificate expired on 2026-06-29")
        #expect(try zabbix(Sample.unreachable())["x509"] == nil)
    }

    @Test(arguments: Format.allCases) func everyFormatHasATypeAndAnAnswer(_ format: Format) throws {
        #expect(!Rendering.contentType(format).isEmpty)
        let bytes = Rendering.one(try Sample.good(), format)
        #expect(bytes.last == UInt8(ascii: "\n"))
    }
}
