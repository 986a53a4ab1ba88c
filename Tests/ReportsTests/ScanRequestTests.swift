import JSON
import Reports
import Testing

/// The options of all rows and of one row become one request.
@Suite struct ScanRequestTests {
    private static func body(_ json: String) throws -> [OptionInput] {
        OptionInput.body(try #require(JSONParser.parse(Array(json.utf8)).object))
    }

    private static func row(_ json: String) throws -> [OptionInput] {
        OptionInput.body(try #require(JSONParser.parse(Array(json.utf8)).object), at: "/targets/3")
    }

    @Test func theRowsOwnOptionsCountMore() throws {
        let shared = try SharedOptions(
            Self.body(#"{"timeout":"5s","warn":"30d","port":8443,"name":"a.example"}"#))
        let plain = try shared.request(of: Self.row(#"{"target":"b.example"}"#))
        #expect(plain.parsed.endpoint?.port == 8443)
        #expect(plain.parsed.options.timeout == .seconds(5))
        #expect(plain.parsed.options.names.map(\.text) == ["a.example"])
        #expect(plain.given == ["timeout", "warn", "port", "name", "target"])

        let own = try shared.request(
            of: Self.row(#"{"target":"b.example:25","timeout":"9s","name":"c.example"}"#))
        #expect(own.parsed.endpoint?.port == 25 && own.parsed.endpoint?.startTLS == .smtp)
        #expect(own.parsed.options.timeout == .seconds(9))
        #expect(own.parsed.options.warn == [.seconds(30 * 86_400)])
        #expect(own.parsed.options.names.map(\.text) == ["c.example"])
    }

    /// What belongs to connections is not in the way of rows with certificates.
    @Test func rowsWithCertificates() throws {
        let shared = try SharedOptions(Self.body(#"{"timeout":"5s","port":8443,"stores":["mozilla"]}"#))
        let request = try shared.request(of: Self.row(#"{"pem":"x"}"#))
        #expect(request.parsed.endpoint == nil && request.handshakes == 0)
        #expect(request.parsed.posted == .pem(Array("x".utf8)))
        #expect(request.parsed.options.stores == ["mozilla"])
    }

    @Test func handshakes() throws {
        let shared = try SharedOptions([])
        for (row, handshakes) in [
            (#"{"target":"a.example"}"#, 1), (#"{"target":"a.example","samples":3}"#, 3),
            (#"{"target":"a.example","address":"all"}"#, 16),
            (#"{"target":"a.example","address":"all","samples":4}"#, 64),
        ] {
            #expect(try shared.request(of: Self.row(row)).handshakes == handshakes)
        }
    }

    static let bad: [(row: String, code: OptionError.Code, pointer: String)] = [
        (#"{"target":"a.example","pem":"x"}"#, .optionConflict, "/targets/3/target"),
        (#"{"pem":"x","der":"AA=="}"#, .optionConflict, "/targets/3/der"),
        (#"{"target":"a.example:1","port":2}"#, .optionConflict, "/targets/3/port"),
        (#"{"target":"a.example","host":"b.example"}"#, .optionConflict, "/targets/3/host"),
        (#"{"target":"a.example","expect":"ok"}"#, .unknownOption, "/targets/3/expect"),
        (#"{"pem":"x","timeout":"5s"}"#, .unknownOption, "/targets/3/timeout"),
        (#"{"target":"a.example","nmae":"b"}"#, .unknownOption, "/targets/3/nmae"),
        (#"{"target":"0177.0.0.1"}"#, .targetMalformed, "/targets/3/target"),
        (#"{"target":"a.example","timeout":"5"}"#, .durationMalformed, "/targets/3/timeout"),
        (#"{"target":7}"#, .valueMalformed, "/targets/3/target"),
        ("{}", .optionMissing, ""),
    ]

    @Test(arguments: bad) func aBadRow(_ row: String, _ code: OptionError.Code, _ pointer: String) throws {
        let shared = try SharedOptions([])
        let errors = #expect(throws: OptionErrors.self) { try shared.request(of: Self.row(row)) }
        #expect(errors?.errors.first?.code == code)
        #expect(errors?.errors.first?.pointer == pointer)
        // Each is a reason of `input.target`.
        #expect(Reason(rawValue: code.rawValue) != nil)
    }

    @Test func everyCodeIsAReason() {
        for code in OptionError.Code.allCases { #expect(Reason(rawValue: code.rawValue) != nil, "\(code)") }
    }

    @Test(arguments: [
        ("target", OptionError.Code.unknownOption), ("pem", .unknownOption), ("format", .valueMalformed),
        ("expect", .unknownOption), ("nmae", .unknownOption), ("timeout", .durationMalformed),
    ]) func whatIsWrongForAll(_ name: String, _ code: OptionError.Code) throws {
        let inputs = try Self.body(#"{"\#(name)":"ok"}"#)
        let errors = #expect(throws: OptionErrors.self) { try SharedOptions(inputs) }
        #expect(errors?.errors.map(\.code) == [code])
        #expect(errors?.errors.map(\.pointer) == ["/" + name])
    }
}
