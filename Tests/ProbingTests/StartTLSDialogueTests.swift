import Reports
import Testing

@testable import Probing

/// Each dialogue without a socket, the server's bytes one by one.
@Suite struct StartTLSDialogueTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var start: StartTLS
        /// The server's turns; all but the first answer what we said.
        var server: [[UInt8]]
        /// What we said, in order.
        var said: [String]
        /// Nil: TLS may begin.
        var failure: StartTLSFailure?

        init(
            _ description: String, _ start: StartTLS, _ server: [String], said: [String],
            failure: StartTLSFailure? = nil
        ) {
            self.init(description, start, server.map { Array($0.utf8) }, said: said, failure: failure)
        }

        init(
            _ description: String, _ start: StartTLS, _ server: [[UInt8]], said: [String],
            failure: StartTLSFailure?
        ) {
            (testDescription, self.start, self.server) = (description, start, server)
            (self.said, self.failure) = (said, failure)
        }
    }

    static let ehlo = "EHLO catenary.invalid\r\n"
    static let noCapability = StartTLSFailure.notOffered("no STARTTLS among the capabilities")

    static let textCases: [Case] = [
        Case(
            "smtp", .smtp,
            [
                "220-mx.test\r\n220 ready\r\n", "250-mx.test\r\n250-SIZE 1\r\n250 starttls\r\n",
                "220 2.0.0 go\r\n",
            ], said: [ehlo, "STARTTLS\r\n"]),
        Case(
            "smtp without", .smtp, ["220 mx.test\r\n", "250-mx.test\r\n250 XSTARTTLS\r\n"], said: [ehlo],
            failure: .notOffered("no STARTTLS after EHLO")),
        Case(
            "smtp, not now", .smtp,
            ["220 mx.test\r\n", "250-mx.test\r\n250 STARTTLS\r\n", "454 4.7.0 no\r\n"],
            said: [ehlo, "STARTTLS\r\n"], failure: .notOffered("454 4.7.0 no")),
        Case(
            "smtp greets with garbage", .smtp, ["SSH-2.0-OpenSSH\r\n"], said: [],
            failure: .unexpectedReply("SSH-2.0-OpenSSH")),
        Case("smtp turns away", .smtp, ["554 no\r\n"], said: [], failure: .unexpectedReply("554 no")),
        Case(
            "lmtp", .lmtp, ["220 lmtp.test\r\n", "250-lmtp.test\r\n250 STARTTLS\r\n", "220 go\r\n"],
            said: ["LHLO catenary.invalid\r\n", "STARTTLS\r\n"]),
        Case(
            "imap", .imap,
            ["* OK hi\r\n", "* CAPABILITY IMAP4rev1 STARTTLS\r\na OK done\r\n", "b OK begin\r\n"],
            said: ["a CAPABILITY\r\n", "b STARTTLS\r\n"]),
        Case(
            "imap without", .imap, ["* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\na OK done\r\n"],
            said: ["a CAPABILITY\r\n"], failure: noCapability),
        Case(
            "imap, already in", .imap, ["* PREAUTH hi\r\n"], said: [], failure: .notOffered("* PREAUTH hi")),
        Case("imap, bye", .imap, ["* BYE full\r\n"], said: [], failure: .unexpectedReply("* BYE full")),
        Case(
            "pop3", .pop3, ["+OK hi\r\n", "+OK\r\nUIDL\r\nSTLS\r\n.\r\n", "+OK begin\r\n"],
            said: ["CAPA\r\n", "STLS\r\n"]),
        Case(
            "pop3 of old", .pop3, ["+OK hi\r\n", "-ERR what\r\n", "-ERR what\r\n"],
            said: ["CAPA\r\n", "STLS\r\n"], failure: .notOffered("-ERR what")),
        Case(
            "pop3 without", .pop3, ["+OK hi\r\n", "+OK\r\nUIDL\r\n.\r\n"], said: ["CAPA\r\n"],
            failure: .notOffered("no STLS among the capabilities")),
        Case(
            "ftp", .ftp, ["120 soon\r\n220-hi\r\n anything\r\n220 there\r\n", "234 go\r\n"],
            said: ["AUTH TLS\r\n"]),
        Case(
            "ftp without", .ftp, ["220 hi\r\n", "530 log in\r\n"], said: ["AUTH TLS\r\n"],
            failure: .notOffered("530 log in")),
        Case(
            "nntp", .nntp, ["201 hi\r\n", "101 list\r\nVERSION 2\r\nSTARTTLS\r\n.\r\n", "382 go\r\n"],
            said: ["CAPABILITIES\r\n", "STARTTLS\r\n"]),
        Case(
            "nntp without", .nntp, ["200 hi\r\n", "101 list\r\nREADER\r\n.\r\n"], said: ["CAPABILITIES\r\n"],
            failure: noCapability),
        Case(
            "sieve", .sieve,
            ["\"IMPLEMENTATION\" \"x\"\r\n\"STARTTLS\"\r\nOK \"ready\"\r\n", "OK \"go\"\r\n"],
            said: ["STARTTLS\r\n"]),
        Case(
            "sieve without", .sieve, ["\"IMPLEMENTATION\" \"x\"\r\nOK\r\n"], said: [], failure: noCapability),
    ]

    static let binaryCases: [Case] = [
        Case(
            "ldap", .ldap, [[], [0x30, 12, 2, 1, 1, 0x78, 7, 0x0a, 1, 0, 4, 0, 4, 0]],
            said: ["ldap"], failure: nil),
        Case(
            "ldap, long lengths", .ldap,
            [[], [0x30, 0x84, 0, 0, 0, 16, 2, 1, 1, 0x78, 0x84, 0, 0, 0, 7, 0x0a, 1, 0, 4, 0, 4, 0]],
            said: ["ldap"], failure: nil),
        Case(
            "ldap without", .ldap, [[], [0x30, 12, 2, 1, 1, 0x78, 7, 0x0a, 1, 2, 4, 0, 4, 0]], said: ["ldap"],
            failure: .notOffered("LDAP result code 2")),
        Case(
            "ldap, garbage", .ldap, [[], [0x15, 3]], said: ["ldap"], failure: .unexpectedReply("\\x15")),
        Case("postgres", .postgres, [[], [0x53]], said: ["postgres"], failure: nil),
        Case(
            "postgres without", .postgres, [[], [0x4e]], said: ["postgres"],
            failure: .notOffered("the server answers N")),
        Case(
            "postgres, an error", .postgres, [[], [0x45]], said: ["postgres"],
            failure: .unexpectedReply("E")),
        Case("mysql", .mysql, [mysql(capabilities: 0xfffe)], said: ["mysql"], failure: nil),
        Case(
            "mysql without", .mysql, [mysql(capabilities: 0xf7fe)], said: [],
            failure: .notOffered("the capability CLIENT_SSL is not set")),
    ]

    /// HandshakeV10 up to the auth plugin's data.
    static func mysql(capabilities: Int) -> [UInt8] {
        var packet: [UInt8] = [10] + Array("11.0-x".utf8) + [0] + [UInt8](repeating: 9, count: 12) + [0]
        packet += [UInt8(capabilities & 0xff), UInt8(capabilities >> 8), 45, 2, 0, 0, 0]
        return [UInt8(packet.count), 0, 0, 0] + packet
    }

    /// Runs a dialogue to its end.
    private static func run(
        _ start: StartTLS, _ server: [[UInt8]]
    ) -> (said: [[UInt8]], ready: Bool, failure: StartTLSFailure?, rest: [UInt8]) {
        var dialogue = start.dialogue(to: "h.test")
        var received = ReceivedBytes()
        var said: [[UInt8]] = []
        func advance() throws(StartTLSFailure) -> Bool {
            while true {
                switch try dialogue.step(&received) {
                case .wait: return false
                case .say(let bytes): said.append(bytes)
                case .ready: return true
                }
            }
        }
        do throws(StartTLSFailure) {
            var ready = try advance()
            for byte in server.joined() {
                try received.append(CollectionOfOne(byte))
                ready = try advance()
            }
            return (said, ready, nil, received.bytes)
        } catch {
            return (said, false, error, received.bytes)
        }
    }

    @Test(arguments: textCases) func text(_ c: Case) {
        let result = Self.run(c.start, c.server)
        #expect(result.said == c.said.map { Array($0.utf8) })
        #expect(result.failure == c.failure)
        #expect(result.ready == (c.failure == nil) && (c.failure != nil || result.rest.isEmpty))
    }

    @Test(arguments: binaryCases) func binary(_ c: Case) {
        let result = Self.run(c.start, c.server)
        let requests: [String: [UInt8]] = [
            "ldap": [0x30, 0x1d, 2, 1, 1, 0x77, 0x18, 0x80, 0x16] + Array("1.3.6.1.4.1.1466.20037".utf8),
            "postgres": [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f],
            "mysql": [32, 0, 0, 1, 0, 0x8a, 8, 0, 0, 0, 0, 1, 45] + [UInt8](repeating: 0, count: 23),
        ]
        #expect(result.said == c.said.map { requests[$0] ?? [] })
        #expect(result.failure == c.failure && result.ready == (c.failure == nil))
    }

    @Test("XMPP", arguments: [StartTLS.xmpp, .xmppServer]) func xmpp(_ start: StartTLS) {
        let features = "<?xml version='1.0'?><stream:stream from='h.test'><stream:features>"
        let offered = features + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
        for proceed in ["<proceed xmlns='x'/>", "<proceed xmlns='x'></proceed>"] {
            let result = Self.run(start, [Array(offered.utf8), Array(proceed.utf8)])
            #expect(result.ready && result.rest.isEmpty && result.said.count == 2)
            let header = String(decoding: result.said.first ?? [], as: UTF8.self)
            #expect(header.contains("to='h.test' xmlns='jabber:\(start == .xmpp ? "client" : "server")'"))
        }
        let without = Self.run(start, [Array((features + "<bind/></stream:features>").utf8)])
        #expect(without.failure == .notOffered("no starttls among the stream features"))
        let failed = Self.run(start, [Array(offered.utf8), Array("<failure xmlns='x'/>".utf8)])
        #expect(failed.failure == .notOffered("the server answers failure"))
        let error = Self.run(start, [Array("<stream:stream><stream:error>".utf8)])
        #expect(error.failure == .unexpectedReply("<stream:error>"))
    }

    @Test("what is not taken stays for whoever looks for injected bytes") func leftOver() {
        let result = Self.run(.postgres, [Array("SX".utf8)])
        #expect(result.ready && result.rest == [0x58])
    }

    @Test("a line and a dialogue have an end") func bounds() {
        let long = Self.run(.smtp, [[UInt8](repeating: 0x61, count: ReceivedBytes.maximumLine + 1)])
        #expect(long.failure == .unexpectedReply("a line of more than 8192 bytes"))
        let banner = Array(String(repeating: "220-banner\r\n", count: 6_000).utf8)
        var received = ReceivedBytes()
        #expect(throws: StartTLSFailure.unexpectedReply("more than 65536 bytes before the handshake")) {
            try received.append(banner)
        }
    }
}
