import Certificates
import Fixtures
import PathBuilding
import Reports
import Testing

@testable import Checks

/// Validity, signatures, and where a path ends.
@Suite struct TimeAndEndTests {
    static let dated = StandardChains.good()
    static let times: [(Instant, leaf: String, issuer: String)] = [
        (
            "2022-01-01",
            "validity_not_started 0 valid at 2022-01-01T00:00:00Z|notBefore 2026-06-01T00:00:00Z 9", "passed"
        ),
        ("2026-06-01", "passed", "passed"), ("2026-11-28", "passed", "passed"),
        (
            "2026-11-28T00:00:01Z",
            "validity_ended 0 valid at 2026-11-28T00:00:01Z|notAfter 2026-11-28T00:00:00Z 10", "passed"
        ),
        (
            "2032-01-01T00:00:01Z",
            "validity_ended 0 valid at 2032-01-01T00:00:01Z|notAfter 2026-11-28T00:00:00Z 10",
            "validity_ended 1 valid at 2032-01-01T00:00:01Z|notAfter 2032-01-01T00:00:00Z 10"
        ),
    ]
    @Test(arguments: times) func time(_ row: (Instant, leaf: String, issuer: String)) throws {
        let bench = Bench(Self.dated).with { $0.at = row.0 }
        #expect(try bench.lines(.leafTime) == [row.leaf])
        #expect(try bench.lines(.issuerTime) == [row.issuer])
        #expect(try bench.lines(.anchorTime) == ["passed"])
    }

    @Test func timesThatDoNotApply() throws {
        let alone = Bench([StandardChains.root.certificate])
        #expect(try alone.lines(.issuerTime) == ["not applicable"])
        #expect(try alone.lines(.anchorTime) == ["not applicable"])
        let end = Bench(Self.dated).with { $0.at = "2041-01-01" }
        #expect(
            try end.lines(.anchorTime)
                == ["validity_ended 2 valid at 2041-01-01T00:00:00Z|notAfter 2040-01-01T00:00:00Z 10"])
        // Without an anchor the last certificate is an issuer like any other.
        let lost = end.with { $0.end = .selfSigned }
        #expect(try lost.lines(.anchorTime) == ["not applicable"])
        #expect(try lost.lines(.issuerTime).count == 2)
    }

    @Test func signatures() throws {
        #expect(try Bench(StandardChains.good()).lines(.signature) == ["passed"])
        #expect(
            try Bench(StandardChains.badIntermediateSignature()).lines(.signature)
                == [
                    "issuer_found_signature_bad 1 a signature by Catenary Test Root|"
                        + "one that its key EC P-256 does not verify 7"
                ])
        #expect(
            try Bench(StandardChains.algorithmMismatch()).lines(.signature) == ["algorithm_mismatch 0 -|- 78"]
        )
        #expect(try Bench([StandardChains.root.certificate]).lines(.signature) == ["not applicable"])
        // The anchor's own signature is never looked at.
        #expect(try Bench.anchor { $0.signature = .flippedBit }.lines(.signature) == ["passed"])
        // An algorithm that libcrypto lacks: not established, never bad.
        let signer = Fixtures.Authority(
            certificate: StandardChains.root.issue(subject: "PQ", key: .pool(.mlDSA44, 0)) { _ in })
        let classical = Fixtures.Authority(
            certificate: StandardChains.root.issue(subject: "PQ", key: .pool(.ec256, 0)) { _ in })
        #expect(
            try Bench([signer.leaf("a.test"), classical.certificate]).lines(.signature)
                == ["?algorithm_unknown 0 -|ML-DSA-44 76"])
    }

    @Test func ends() throws {
        let chain = StandardChains.good().presented
        let lost = Bench(chain).with { $0.end = .issuerAbsent }
        #expect(try lost.lines(.issuer) == ["passed"])
        let root = "the anchor CN=Catenary Test Root|CN=Catenary Test Intermediate"
        #expect(try lost.lines(.anchorFound) == ["issuer_found_untrusted 1 \(root) 20"])
        let lone = Bench([chain[0]]).with { $0.end = .issuerAbsent }
        #expect(try lone.lines(.issuer) == ["issuer_absent 0 CN=Catenary Test Intermediate|- 20"])
        #expect(try lone.lines(.anchorFound) == ["not applicable"])
        let alone = Bench(StandardChains.selfSigned().presented).with { $0.end = .selfSigned }
        #expect(try alone.lines(.anchorFound) == ["self_signed 0 -|CN=www.example.com 18"])
        #expect(try alone.lines(.issuer) == ["passed"])
        let stranger = Bench(StandardChains.untrustedRoot().presented).with { $0.end = .selfSigned }
        #expect(try stranger.lines(.anchorFound) == ["issuer_found_untrusted 2 -|CN=Untrusted Root 19"])
        #expect(try Bench(StandardChains.good()).lines(.anchorFound) == ["passed"])
    }
}
