import Certificates
import Egress
import Fixtures
import Foundation
import Reports
import Testing

@testable import Retrieval

/// Servers that send too much, too little, too slowly or something else.
@Suite(.timeLimit(.minutes(3))) struct HostileServerTests {
    private static func head(_ fields: String...) -> WebPeer.Step {
        .send(Array(("HTTP/1.1 200 OK\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n").utf8))
    }

    /// A gigabyte as the server says before.
    @Test(arguments: [Wanted.Kind.issuer, .ocsp, .crl]) func tooLongByItsLength(_ kind: Wanted.Kind)
        async throws
    {
        let block = [UInt8](repeating: 0, count: 1 << 20)
        let server = try WebPeer { _, _ in
            [Self.head("Content-Length: \(1 << 30)"), .flood(block, times: 1024)]
        }
        defer { server.stop() }
        let fetched = try await RetrievalStage().fetch(server.url, kind, request: [1])
        #expect(
            fetched.result
                == .failure(FetchFailure(.tooLarge, "more than \(TransferLimits(kind).octets) octets")))
        // Before the first of them was wanted, let alone the last.
        try await until { server.leavers == 1 }
    }

    /// A gigabyte without a word about it.
    @Test(arguments: [Wanted.Kind.issuer, .crl]) func tooLongInChunks(_ kind: Wanted.Kind) async throws {
        let folder = try TemporaryFolder()
        let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 0, count: 65_536) + Array("\r\n".utf8)
        let server = try WebPeer { _, _ in
            [Self.head("Transfer-Encoding: chunked"), .flood(chunk, times: 16_384)]
        }
        defer { server.stop() }
        let stage = try RetrievalStage(folder: folder.path)
        #expect(await stage.failure(server.url, kind) == .tooLarge)
        try await until { server.leavers == 1 }
        // Nothing of it is left.
        await stage.retriever.close()
        #expect(try Self.files(in: folder.path).isEmpty)
    }

    private static func files(in folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: folder + "/" + $0, isDirectory: &isFolder)
            return !isFolder.boolValue
        }
    }

    /// Until the connection ends, with neither length nor chunks.
    @Test func tooLongWithoutFraming() async throws {
        let block = [UInt8](repeating: 0, count: 1 << 16)
        let server = try WebPeer { _, _ in [Self.head("Connection: close"), .flood(block, times: 16_384)] }
        defer { server.stop() }
        #expect(try await RetrievalStage().failure(server.url, .issuer) == .tooLarge)
        try await until { server.leavers == 1 }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", "HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n",
    ])
    func headersWithoutEnd(_ beginning: String) async throws {
        let more =
            beginning.hasSuffix("\r\n\r\n") ? beginning : "X-More: \(String(repeating: "a", count: 500))\r\n"
        let server = try WebPeer { _, _ in
            [.send(Array(beginning.utf8)), .flood(Array(more.utf8), times: 1_000_000)]
        }
        defer { server.stop() }
        #expect(try await RetrievalStage().failure(server.url) == .tooLarge)
        try await until { server.leavers == 1 }
    }

    enum Slow: CaseIterable { case silent, header, body }

    /// One octet now and then for ever: the deadline ends it, nothing else would.
    @Test(arguments: Slow.allCases) func slowDrip(_ slow: Slow) async throws {
        let server = try WebPeer { _, _ in
            switch slow {
            case .silent: [.hold]
            case .header:
                [.send(Array("HTTP/1.1 200 OK\r\nX: ".utf8)), .drip(0x61, every: .milliseconds(20))]
            case .body: [Self.head("Content-Length: 100000"), .drip(0x61, every: .milliseconds(20))]
            }
        }
        defer { server.stop() }
        let stage = try RetrievalStage()
        #expect(await stage.failure(server.url, .issuer, timeout: .milliseconds(500)) == .timeout)
        // Nobody waits any more, so the connection is given up.
        try await until { server.leavers == 1 }
    }

    @Test(arguments: [
        [WebPeer.Step.reset], [.send(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8)), .reset], [],
        [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345".utf8)), .reset],
        [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345".utf8))],
        [.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n".utf8))],
        [.send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".utf8))],
        [.send(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))], [.send(Array("just octets".utf8))],
    ])
    func brokenOff(_ steps: [WebPeer.Step]) async throws {
        let server = try WebPeer { _, _ in steps }
        defer { server.stop() }
        #expect(try await RetrievalStage().failure(server.url) == .transfer)
    }

    /// 128 MB of zeros in 130 kB. Nothing was asked to be coded, and nothing here unpacks.
    @Test(arguments: ["Content-Encoding: gzip", "Transfer-Encoding: gzip"], [Wanted.Kind.issuer, .crl])
    func bomb(_ field: String, _ kind: Wanted.Kind) async throws {
        let packed = try Self.gzip("head -c 134217728 /dev/zero | gzip -9")
        let server = try WebPeer { _, _ in [Self.head(field, "Connection: close"), .send(packed)] }
        defer { server.stop() }
        let failure = try await RetrievalStage().failure(server.url, kind)
        // libcurl undoes a transfer coding by itself, up to the bound.
        #expect(failure == (field.hasPrefix("Content") ? .transfer : .tooLarge))
    }

    /// What a small coded body is: not what was asked for, however small.
    @Test func codedBody() async throws {
        let packed = try Self.gzip("printf abc | gzip")
        let server = try WebPeer { _, _ in WebPeer.answer(packed, fields: ["Content-Encoding: gzip"]) }
        defer { server.stop() }
        let fetched = try await RetrievalStage().fetch(server.url)
        #expect(
            fetched.result
                == .failure(FetchFailure(.transfer, "the server sent a coded body, which was not asked for")))
    }

    private static func gzip(_ command: String) throws -> [UInt8] {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardOutput = output
        try process.run()
        return Array(try output.fileHandleForReading.readToEnd() ?? Data())
    }

    @Test(arguments: 0...5) func redirects(_ count: Int) async throws {
        let server = try WebPeer { request, _ in
            let left = Int(request.path.dropFirst()) ?? 0
            return left == 0
                ? WebPeer.answer([7]) : WebPeer.answer(status: 302, fields: ["Location: \(left - 1)"])
        }
        defer { server.stop() }
        let fetched = try await RetrievalStage().fetch(server.url + "/\(count)")
        if count <= TransferLimits.redirects {
            #expect(try fetched.result.get().array == [7])
        } else {
            #expect(fetched.result == .failure(FetchFailure(.tooManyRedirects, "more than 3 redirects")))
        }
        #expect(server.connections == min(count, TransferLimits.redirects) + 1)
    }

    @Test func redirectLoop() async throws {
        let server = try WebPeer { _, _ in WebPeer.answer(status: 301, fields: ["Location: /"]) }
        defer { server.stop() }
        #expect(try await RetrievalStage().failure(server.url + "/") == .tooManyRedirects)
        #expect(server.connections == 4)
    }

    /// A name that nobody can connect to is asked once by all, for half a minute.
    @Test func unreachableServerIsRemembered() async throws {
        let stage = try RetrievalStage(hosts: "127.0.0.1 dead.test")
        // A port of loopback that nobody listens on: it was free a moment ago.
        let port = try { () throws -> UInt16 in
            let peer = try WebPeer { _, _ in [] }
            defer { peer.stop() }
            return peer.port
        }()
        let url = "http://dead.test:\(port)/"
        try await untilRefused(port)
        #expect(await stage.failure(url + "1") == .connect)
        let server = try WebPeer(port: port) { _, _ in WebPeer.answer([7]) }
        defer { server.stop() }
        #expect(await stage.failure(url + "2", at: RetrievalStage.now + 29) == .connect)
        #expect(server.connections == 0)
        #expect(try await stage.octets(url + "2", at: RetrievalStage.now + 30) == [7])
        #expect(server.connections == 1)
    }

    private func untilRefused(_ port: UInt16) async throws {
        while try await RetrievalStage().failure("http://127.0.0.1:\(port)/") != .connect {}
    }

    @Test func unknownNames() async throws {
        let names = try NameServer(["none.test": .addresses(), "broken.test": .serverFailure])
        defer { names.stop() }
        let stage = try RetrievalStage(servers: names.address)
        for name in ["absent.test", "none.test", "broken.test"] {
            #expect(await stage.failure("http://\(name)/") == .resolve)
        }
    }
}
