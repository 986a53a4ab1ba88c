import Certificates
import JSON
import Reports
import Testing

@Suite struct OptionErrorsTests {
    static func errors(
        _ kind: RequestKind = .validate, _ parse: () throws -> ParsedRequest
    ) -> [OptionError] {
        (#expect(throws: OptionErrors.self) { try parse() })?.errors ?? []
    }

    @Test func allErrorsAreFoundWithTheirPlaces() {
        let errors = Self.errors {
            try OptionParserTests.body(
                #"""
                {"name": ["ok.example", "*.bad.example", 7, "-x"], "at": "soon", "a/b~c": 1,
                 "stores": {"x": 1}, "port": 443, "pem": null, "warn": "1d,x,2d", "fields": ["id", "ID"]}
                """#)
        }
        let found = errors.map { "\($0.code.rawValue) \($0.pointer)" }
        let expected = [
            "value_malformed /name/2", "name_malformed /name/1", "name_malformed /name/3",
            "instant_malformed /at", "unknown_option /a~1b~0c",
            "value_malformed /stores",
            "unknown_option /port", "value_malformed /pem", "threshold_malformed /warn",
            "value_malformed /fields/1",
        ]
        #expect(found == expected)
        #expect(errors[6].detail == "port does not apply to validate")
    }

    @Test func everyBadElementIsAnError() {
        let errors = Self.errors { try OptionParserTests.body(#"{"name": ["*.a", "ok.example", "-x"]}"#) }
        #expect(errors.map(\.pointer) == ["/name/0", "/name/2"])
        #expect(errors.map(\.code) == [.nameMalformed, .nameMalformed])
    }

    @Test func aScalarIsGivenOnce() {
        let twice = Self.errors { try OptionParserTests.query([("at", "x"), ("name", "a"), ("at", "y")]) }
        #expect(twice.map(\.code) == [.optionConflict] && twice.map(\.pointer) == ["at"])
        // In the body and in the query.
        let both = Self.errors {
            try OptionParser.parse(
                [
                    OptionInput(name: "profile", value: .json(.string("webpki")), pointer: "/profile"),
                    OptionInput(name: "profile", value: .text(["rfc5280"]), pointer: "profile"),
                ], for: .validate)
        }
        #expect(both.map(\.code) == [.optionConflict] && both.map(\.pointer) == ["profile"])
        #expect(both.first?.detail == "profile is given already at /profile")
    }

    @Test(
        arguments: [
            ([], OptionError.Code.optionMissing, ""), ([("port", "1")], .optionMissing, ""),
            ([("target", "a"), ("host", "a")], .optionConflict, "host"),
            ([("target", "a:1"), ("port", "1")], .optionConflict, "port"),
            // A bad target is one error, not a missing one besides.
            ([("target", "a:x")], .targetMalformed, "target"),
            ([("host", "a"), ("pem", "x")], .unknownOption, "pem"),
        ] as [([(String, String)], OptionError.Code, String)])
    func endpointsThatAreNone(_ pairs: [(String, String)], _ code: OptionError.Code, _ pointer: String) {
        let errors = Self.errors { try OptionParserTests.query(pairs.map { ($0.0, $0.1) }, .check) }
        #expect(errors.map(\.code) == [code] && errors.map(\.pointer) == [pointer])
    }

    @Test func aCheckSeeksItsHostUnlessNamed() throws {
        let plain = try OptionParserTests.query([("target", "Example.com:8443")], .check)
        #expect(plain.options.names.map(\.text) == ["example.com"])
        #expect(plain.endpoint?.port == 8443 && plain.endpoint?.sni == nil && plain.posted == nil)
        let named = try OptionParserTests.query([("host", "192.0.2.1"), ("name", "a.example")], .check)
        #expect(named.options.names.map(\.text) == ["a.example"] && named.endpoint?.port == 443)
    }

    @Test func nothingGivenIsTheDefaults() throws {
        let request = try OptionParserTests.query([])
        #expect(request == ParsedRequest(options: Options(), posted: nil, endpoint: nil))
        #expect(request.options.warn == [.seconds(21 * 86_400), .percent(25)])
        #expect(request.options.critical == [.seconds(7 * 86_400), .percent(10)])
    }

    @Test func bounded() {
        let names = "[" + Array(repeating: #""a""#, count: 101).joined(separator: ",") + "]"
        let long = Self.errors { try OptionParserTests.body("{\"name\": \(names)}") }
        #expect(long.map(\.code) == [.valueMalformed])
        let unknown = (0..<500).map { (name: "x\($0)", value: "") }
        #expect(Self.errors { try OptionParserTests.query(unknown) }.count == OptionErrors.limit)
        let half = String(repeating: OptionParserTests.pem, count: 501)
        let sum = Self.errors { try OptionParserTests.query([("anchors", half), ("intermediates", half)]) }
        #expect(sum.map(\.code) == [.tooManyCertificates] && sum.map(\.pointer) == ["intermediates"])
    }

    @Test func flagsNameThemselves() {
        let errors = Self.errors {
            try OptionParser.parse(OptionInput.flags([("warn", "x"), ("max_dep", "1")]), for: .validate)
        }
        #expect(errors.map(\.pointer) == ["--warn", "--max-dep"])
    }

    @Test(arguments: [
        (PostedCertificates.pem(Array("x".utf8)), OptionError.Code.noCertificate),
        (.der([]), .noCertificate), (.pkcs7([0x30, 0x00]), .pkcs7Malformed), (.pkcs7([]), .pkcs7Malformed),
        (.pem(Array("-----BEGIN EC PRIVATE KEY-----\n".utf8)), .privateKeyRefused),
        (.pem(Array(String(repeating: OptionParserTests.pem, count: 3).utf8)), .tooManyCertificates),
    ])
    func postedThatIsNone(_ posted: PostedCertificates, _ code: OptionError.Code) {
        let error = #expect(throws: Malformed.self) { try posted.decoded(limit: 2) }
        #expect(error?.code == code)
    }

    @Test func postedKeepsItsOrder() throws {
        let text = PEM.encode([1]) + "noise\n" + PEM.encode([2])
        #expect(try PostedCertificates.pem(Array(text.utf8)).decoded() == [[1], [2]])
        #expect(try PostedCertificates.der([1, 2]).decoded() == [[1, 2]])
    }
}
