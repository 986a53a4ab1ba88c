import Certificates
import Fixtures
import PathBuilding
import Reports
import Testing

@testable import Checks

/// What only some clients refuse: what is changed, whether the anchor is public, and every line of all rules.
@Suite struct ClientCheckTests {
    struct Row: CustomStringConvertible, Sendable {
        let what: String
        var bench: Bench
        var isPublic = false
        let lines: [String]

        init(_ what: String, _ bench: Bench, isPublic: Bool = false, _ lines: String...) {
            (self.what, self.bench, self.isPublic, self.lines) = (what, bench, isPublic, lines)
        }
        var description: String { what }

        /// `reason@place expected|presented`, one line for each finding.
        func findings(wanted: Set<Reason> = ClientChecks.reasons) throws -> [String] {
            var context = try bench.context()
            context.isPublic = isPublic
            let findings = ClientChecks.findings(context, wanted: wanted)
            #expect(findings.allSatisfy { $0.kind == .client && $0.status == .failed && $0.fix != nil })
            for finding in findings {
                let certificate = context.path.certificates.first { $0.sha256 == finding.certificate }
                #expect(
                    certificate != nil && finding.message.contains("presented") != finding.presented.isNil)
            }
            return findings.map { finding in
                "\(finding.reason.rawValue)@\(finding.place?.rawValue ?? "?") "
                    + "\(finding.expected ?? "-")|\(finding.presented ?? "-")"
            }
        }
    }

    @Test(
        arguments: [
            lifetimes, wildcards, hosts, keys, signatures, lengths, names, purposes, policies, serials,
            authorities,
            anchors, constraints, times, badInput,
        ].joined()) func finds(_ row: Row) throws
    { #expect(try row.findings() == row.lines) }

    /// The same host under a change of the leaf, asked for by name.
    static func asked(
        _ name: String, _ names: [GeneralNameSpec],
        _ change: @escaping (inout CertificateSpec) -> Void = { _ in }
    ) -> Bench {
        Bench.leaf {
            $0.replace(.subjectAltName(names))
            change(&$0)
        }.with { $0.names = [name] }
    }

    // MARK: opting in

    @Test func nothingIsRunUnlessWanted() throws {
        let row = Row(
            "many", Self.asked("a_b.co.uk", [.dns("*.co.uk")]) { $0.serial = [0xFF] }, isPublic: true)
        #expect(try row.findings(wanted: []) == [])
        #expect(try row.findings(wanted: [.keyTooSmall]) == [], "libcrypto's reasons are not ours to give")
        #expect(
            try row.findings(wanted: [.serialNegative])
                == ["serial_negative@leaf 1 to 20 octets, positive|ff"])
        #expect(try row.findings().count == 4)
    }

    @Test func reasonsOfAClientsLists() {
        #expect(
            ClientChecks.reasons(in: [
                "serial_negative", "eku_any_only@leaf", "key_too_small@leaf", "no_such_reason", "", "@leaf",
            ]) == [.serialNegative, .ekuAnyOnly])
        #expect(ClientChecks.reasons(in: []) == [])
    }

    @Test func everyReasonIsOfOneRule() {
        let all = ClientChecks.all.flatMap(\.reasons)
        #expect(all.count == Set(all).count)
        for rule in ClientChecks.all {
            #expect(rule.check.kind == .client && rule.check.severity == .error)
            for reason in rule.reasons {
                let entries = Catalogue.entries(of: "\(rule.check.id.rawValue)/\(reason.rawValue)")
                #expect(entries.count == 1, "\(reason) is not in the catalogue")
            }
        }
    }

    /// Every reason is found by a row of the tables above.
    @Test func everyReasonHasARow() {
        let tables = [
            Self.lifetimes, Self.wildcards, Self.hosts, Self.keys, Self.signatures, Self.lengths, Self.names,
            Self.purposes, Self.policies, Self.serials, Self.authorities, Self.anchors, Self.constraints,
            Self.times,
        ]
        let found = Set(tables.joined().flatMap(\.lines).map { String($0.prefix { $0 != "@" }) })
        // No fixture key is an Ed448 key.
        #expect(ClientChecks.reasons.map(\.rawValue).filter { !found.contains($0) } == ["key_ed448"])
    }

    /// Of the usual chain nothing is said, whoever asks.
    @Test(arguments: [false, true]) func theUsualChain(_ isPublic: Bool) throws {
        let host = StandardChains.host
        let bench = Bench([
            StandardChains.intermediate.leaf(host), StandardChains.intermediate.certificate,
            StandardChains.root.certificate,
        ]).with { $0.names = [host] }
        let lines = try Row("usual", bench, isPublic: isPublic).findings()
        #expect(lines.allSatisfy { $0.hasPrefix("intranet_name@leaf") && isPublic })
    }
}

extension ClientCheckTests.Row {
    init(_ what: String, _ bench: Bench, isPublic: Bool = false, lines: [String]) {
        (self.what, self.bench, self.isPublic, self.lines) = (what, bench, isPublic, lines)
    }
}

extension Optional {
    fileprivate var isNil: Bool { self == nil }
}
