import Certificates
import Fixtures
import Reports
import Testing

@testable import Dialects

/// Golden answers: what a person reads, letter for letter.
@Suite struct TextReportTests {
    @Test func good() throws {
        #expect(
            TextReport.render(try Sample.good()) == """
                OK  api.example.com:443  trusted by all stores asked for
                  next break  2026-11-28 (in 150 d)  leaf expires, all stores
                  stores      mozilla 2.92, debian 20260816: yes
                  sent by 192.0.2.30 (TLS 1.3, 52 ms)
                    api.example.com        EC P-256  2026-06-01 .. 2026-11-28
                     └ Example TLS CA G3   EC P-256  2022-01-01 .. 2032-01-01
                        └ Example Root R1  EC P-256  2020-01-01 .. 2040-01-01  anchor
                  not checked  revocation, Certificate Transparency

                """)
    }

    @Test func goodVerbose() throws {
        let report = try Sample.good()
        let text = TextReport.render(report, verbose: true)
        for described in report.certificates {
            #expect(text.contains("\n      sha256 \(described.certificate.sha256.hex)\n"))
        }
        #expect(text.contains("\n  checks      41 passed, 6 not applicable\n"))
        #expect(text.hasSuffix("\n  not checked  revocation, Certificate Transparency\n"))
    }

    @Test func expiredLeaf() throws {
        #expect(
            TextReport.render(try Sample.expired()) == """
                CRITICAL  api.example.com:443  the certificate expired on 2026-06-29
                  fix         renew the certificate and reload the server
                  next break  2026-06-29 00:00:01Z (1 d 23 h ago)  leaf expired, mozilla
                  stores      mozilla 2.92, debian 20260816: no (validity_ended)
                  sent by 192.0.2.30 (TLS 1.3, 52 ms)
                    api.example.com        EC P-256  2026-01-01 .. 2026-06-29  EXPIRED
                     └ Example TLS CA G3   EC P-256  2022-01-01 .. 2032-01-01
                        └ Example Root R1  EC P-256  2020-01-01 .. 2040-01-01  anchor
                  notes       error time.leaf validity_ended (RFC 5280 6.1.3); expected not before \
                2026-07-01; presented
                              2026-06-29T00:00:00Z
                  not checked  revocation, Certificate Transparency

                """)
    }

    @Test func missingIntermediate() throws {
        #expect(
            TextReport.render(try Sample.missingIntermediate()) == """
                CRITICAL  api.example.com:443  an intermediate certificate is not sent
                  fix         send "Example TLS CA G3" after the leaf
                  stores      mozilla 2.92, debian 20260816: no (issuer_not_sent)
                  sent by 192.0.2.30 (TLS 1.3, 52 ms), INCOMPLETE
                    api.example.com          EC P-256  2026-06-01 .. 2026-11-28
                     └ CN=Example TLS CA G3                                      NOT SENT
                  notes       error chain.complete issuer_not_sent: the issuer of the leaf was not sent
                              CN=Example TLS CA G3 is at http://ca.example/g3.der
                  not checked  revocation, Certificate Transparency

                """)
    }

    /// The path is found all the same; where each certificate stood in the handshake is said.
    @Test func wrongOrder() throws {
        #expect(
            TextReport.render(try Sample.wrongOrder()) == """
                OK  api.example.com:443  trusted by all stores asked for; the chain is sent in the wrong order
                  fix         send the certificates leaf first, each followed by its issuer
                  next break  2026-11-28 (in 150 d)  leaf expires, all stores
                  stores      mozilla 2.92, debian 20260816: yes
                  sent by 192.0.2.30 (TLS 1.3, 52 ms), in the wrong order
                    api.example.com        EC P-256  2026-06-01 .. 2026-11-28  sent as number 1
                     └ Example TLS CA G3   EC P-256  2022-01-01 .. 2032-01-01  sent as number 3
                        └ Example Root R1  EC P-256  2020-01-01 .. 2040-01-01  anchor, sent as number 2
                  notes       info chain.order out_of_order: certificate 3 is the issuer of certificate 1
                  not checked  revocation, Certificate Transparency

                """)
    }

    @Test func selfSigned() throws {
        #expect(
            TextReport.render(try Sample.selfSigned()) == """
                CRITICAL  printer.example  self-signed, and in no store asked for
                  fix         add the certificate as an anchor: --trust-store name=printer.pem
                  stores      mozilla 2.92, debian 20260816: no (self_signed)
                  given
                    printer.example  EC P-256  2020-01-01 .. 2040-01-01
                  notes       error anchor.found self_signed: the certificate is signed with its own key
                  not checked  nothing

                """)
    }

    @Test func unreachable() {
        #expect(
            TextReport.render(Sample.unreachable()) == """
                CRITICAL  [2001:db8::1]:8443  connection refused
                  notes       error net.connect connection_refused: nothing listens there
                  not checked  the certificate: none was obtained

                """)
    }

    /// An untrusted root of one's own: nothing expires, the anchor alone is missing.
    @Test func untrusted() throws {
        #expect(
            TextReport.render(try Sample.untrusted()) == """
                CRITICAL  api.example.com:443  no store asked for holds the anchor "Example Root R1"
                  stores      mozilla 2.92: no (anchor_absent) | corp: unknown (not_established)
                  sent by 192.0.2.30 (TLS 1.3, 52 ms)
                    api.example.com        EC P-256  2026-06-01 .. 2026-11-28
                     └ Example TLS CA G3   EC P-256  2022-01-01 .. 2032-01-01
                        └ Example Root R1  EC P-256  2020-01-01 .. 2040-01-01
                  notes       error anchor.found anchor_absent: no anchor for "Example Root R1"
                  not checked  revocation, Certificate Transparency

                """)
    }

    @Test func colourMarksTheStateAndNothingElse() throws {
        let plain = TextReport.render(try Sample.good())
        let coloured = TextReport.render(try Sample.good(), color: true)
        #expect(coloured.hasPrefix("\u{1B}[1;32mOK\u{1B}[0m  api.example.com:443"))
        #expect(coloured.dropFirst("\u{1B}[1;32mOK\u{1B}[0m".count) == plain.dropFirst(2))
    }

    @Test func anotherInstantIsSaid() throws {
        var report = try Sample.good()
        report.checkedAt = "2026-06-30"
        #expect(
            TextReport.render(report).contains(
                "\n  notes       judged for 2026-07-01 00:00:00Z, not for the time of the request\n"))
    }

    /// A long sentence, a long name and a deep path each want more than the line has.
    @Test func noLineIsWiderThanTheTerminal() throws {
        var names: [FixtureCertificate] = []
        var authority = Sample.root
        for depth in 1...12 {
            authority = authority.intermediate(
                String(repeating: "A very deep authority ", count: 4) + "\(depth)")
            names.insert(authority.certificate, at: 0)
        }
        let leaf = authority.leaf(String(repeating: "long-label.", count: 20) + "example")
        var report = try Sample.good(leaf: leaf)
        report.summary = String(repeating: "words of a sentence that goes on ", count: 12)
        report.target?.host = String(repeating: "long-label.", count: 20) + "example"
        report.certificates =
            try [leaf].map { try Sample.described($0, .endEntity) }
            + names.map { try Sample.described($0, .intermediate) }
            + [try Sample.described(Sample.root.certificate, .anchor)]
        report.presented?.certificates = [leaf.sha256, names[1].sha256, names[0].sha256]
        report.presented?.inOrder = false
        report.paths[0].certificates = ([leaf] + names + [Sample.root.certificate]).map(\.sha256)
        report.notChecked = (0..<20).map { NotChecked(check: "c\($0)", reason: "r", message: "thing \($0)") }
        report.notChecked.append(
            NotChecked(check: "word", reason: "r", message: String(repeating: "x", count: 300)))
        for verbose in [false, true] {
            let text = TextReport.render(report, verbose: verbose)
            for line in text.split(separator: "\n") {
                #expect(ShownText.width(line) <= 110, "\(line)")
            }
            #expect(text.contains("thing 19"))
            #expect(text.filter { $0 == "x" }.count >= 300)
        }
    }

    /// A subject with a line feed, an escape sequence and a right-to-left override stays one harmless line.
    @Test func namesOfStrangersAreEscaped() throws {
        let evil = Sample.issuer.leaf("api.example.com") { spec in
            spec.subject = Name(commonName: "a\nOK  b\u{1B}[31m\u{202E}moc.elpmaxe")
        }
        let text = TextReport.render(try Sample.good(leaf: evil))
        #expect(text.contains("\n    a\\u{a}OK  b\\u{1b}[31m\\u{202e}moc.elpmaxe"))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x202E) })
    }

    /// Octets outside ASCII in a PrintableString (RFC 5280 §4.1.2.4) are shown as `\xNN`.
    @Test func undecodableOctetsAreShown() throws {
        let broken = Sample.issuer.leaf("api.example.com") { spec in
            spec.subject = Name([NameAttribute(type: "2.5.4.3", value: [0x13, 3, 0x61, 0xFF, 0x62])])
        }
        #expect(TextReport.render(try Sample.good(leaf: broken)).contains("\n    a\\xffb "))
    }
}
