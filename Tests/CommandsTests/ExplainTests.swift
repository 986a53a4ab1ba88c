import JSON
import Reports
import Testing

/// `catenary explain`, as it is typed.
@Suite struct ExplainTests {
    static let cases: [(arguments: [String], says: [String])] = [
        (
            ["path.issuer"],
            ["path.issuer  Every issuer is known", "  issuer_absent\n", "RFC 5280 6.1.3(a)(4)"]
        ),
        (["validity_ended"], ["the certificate has expired", "fix  replace it", "said by time.issuer"]),
        (["time.leaf/validity_ended"], ["time.leaf", "the certificate has expired"]),
        ([], ["input.target", "\nrevocation.status "]),
    ]

    @Test func textForPeople() async throws {
        for (arguments, says) in Self.cases {
            let run = try await BuiltProgram.run(["explain"] + arguments)
            #expect(run.status == 0 && run.errors.isEmpty)
            for text in says { #expect(run.output.contains(text), "\(arguments): \(run.output)") }
            #expect(!run.output.contains("{it}"))
        }
    }

    @Test func onlyWhatWasAsked() async throws {
        let run = try await BuiltProgram.run(["explain", "time.leaf/validity_ended"])
        #expect(!run.output.contains("validity_not_started") && !run.output.contains("time.issuer"))
    }

    @Test func jsonForPrograms() async throws {
        let cases: [(arguments: [String], ids: [String])] = [
            (["validity_ended"], ["time.leaf", "time.issuer", "anchor.validity", "renewal.refused"]),
            (["path.issuer"], ["path.issuer"]),
            ([], CheckID.allCases.map(\.rawValue)),
        ]
        for (arguments, ids) in cases {
            let run = try await BuiltProgram.run(["explain"] + arguments + ["--format", "json"])
            #expect(run.status == 0 && run.errors.isEmpty)
            let document = try #require(JSONParser.parse(Array(run.output.utf8)).object)
            #expect(document["items"]?.array?.map { $0.object?["id"]?.string } == ids)
            #expect(document["next"] == .null)
        }
    }

    @Test func anUnknownCodeNamesTheNearest() async throws {
        let text = try await BuiltProgram.run(["explain", "path.isuer"])
        #expect(text.status == 3 && text.output.isEmpty)
        #expect(text.errors.contains("no check or reason is called path.isuer; nearest are path.issuer,"))

        let json = try await BuiltProgram.run(["explain", "time.leaf/expired", "--format", "json"])
        #expect(json.status == 3)
        let document = try #require(JSONParser.parse(Array(json.output.utf8)).object)
        #expect(document["code"]?.string == "unknown_code")
        #expect(document["detail"]?.string?.contains("time.leaf/") == true)
    }
}
