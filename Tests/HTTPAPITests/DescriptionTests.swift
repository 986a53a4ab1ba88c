import Foundation
import HTTPAPI
import Reports
import Testing

/// openapi.yaml knows every code, option and route of the program.
@Suite struct DescriptionTests {
    private static func description() throws -> String {
        let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: top.appending(path: "openapi.yaml"), encoding: .utf8)
    }

    @Test func everyCode() throws {
        let words = Set(
            try Self.description().split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
        for code in ProblemCode.allCases { #expect(words.contains(code.rawValue), "\(code)") }
        for code in OptionError.Code.allCases { #expect(words.contains(code.rawValue), "\(code)") }
        for code in EvidenceError.Code.allCases { #expect(words.contains(code.rawValue), "\(code)") }
        for row in OptionTable.rows { #expect(words.contains(row.name), "\(row.name)") }
        for member in Report.Member.allCases { #expect(words.contains(member.rawValue), "\(member)") }
    }

    @Test func everyPathIsServed() async throws {
        let text = try Self.description()
        let lines = text.split(separator: "\n")
        let paths = lines.filter { $0.hasPrefix("  /") && $0.hasSuffix(":") }.map {
            String($0.dropFirst(2).dropLast())
        }
        #expect(paths.count == 16)
        try await withServer(openapi: Array(text.utf8)) { port in
            for path in paths {
                // No such method anywhere: the route exists when it says so.
                let target = path.replacing("{target}", with: "a.example").replacing(
                    "{check}", with: "path.issuer"
                ).replacing("{name}", with: "corp")
                let answer = try await RawClient.send("PATCH", target, port: port)
                #expect(answer.status == 405, "\(path)")
            }
            #expect(try await RawClient.send("GET", "/openapi.yaml", port: port).body == text)
        }
    }
}
