import Fixtures
import Foundation
import Testing

/// The server as a process: it says where it listens, reloads on SIGHUP and ends on SIGTERM.
@Suite struct ServeTests {
    @Test(.timeLimit(.minutes(1))) func reloadsAndStops() async throws {
        let folder = try TemporaryFolder()
        let store = try folder.write("root.pem", StandardChains.good().anchorsPEM)
        let server = try ServedProgram(["--trust-store", "test=\(store)"])
        #expect(await server.line(with: "\"listening\"")?.contains("127.0.0.1:") == true)
        server.signal(SIGHUP)
        #expect(await server.line(with: "trust stores reloaded") != nil)
        // Wrong stores are not taken; the server lives on with the old ones.
        _ = try folder.write("root.pem", "nothing")
        server.signal(SIGHUP)
        #expect(await server.line(with: "trust stores kept as they were") != nil)
        server.signal(SIGTERM)
        #expect(await server.line(with: "\"stopped\"") != nil)
        #expect(server.end() == 0)
    }

    /// Client certificates and proxies are read again, too; wrong ones are not taken, and then the old ones
    /// count.
    @Test(.timeLimit(.minutes(1))) func takesNewSecrets() async throws {
        let folder = try TemporaryFolder()
        let client = StandardChains.intermediate.leaf("client.test")
        let pair = [try folder.write("c.pem", client.pem), try folder.write("k.pem", client.keyPEM)]
        let credentials = try folder.write("dmz", "user:one\n")
        let server = try ServedProgram([
            "--trust-store", "test=\(try folder.write("root.pem", StandardChains.good().anchorsPEM))",
            "--client-certificates", "corp=" + pair.joined(separator: ","),
            "--proxies", "dmz=http://127.0.0.1:1,\(credentials)",
        ])
        let port = try #require(await server.port())
        server.signal(SIGHUP)
        #expect(await server.line(with: "client certificates and proxies reloaded") != nil)
        for (file, why) in [("dmz", "user:password"), ("k.pem", "no private key")] {
            let good = try String(contentsOfFile: folder.path + "/" + file, encoding: .utf8)
            try folder.write(file, "nothing")
            server.signal(SIGHUP)
            let kept = await server.line(with: "client certificates and proxies kept as they were")
            #expect(kept?.contains(why) == true && kept?.contains("nothing") == false, "\(kept ?? "")")
            try folder.write(file, good)
        }
        let query = "/v1/check?target=127.0.0.1:9&client_certificate=corp&proxy=dmz"
        #expect(try server.get(query, port: port).contains("\"proxy_unreachable\""))
        #expect(try server.get(query + "x", port: port).contains("\"unknown_proxy\""))
        server.signal(SIGTERM)
        #expect(server.end() == 0)
    }

    /// An update under a running server: it answers from the old data until SIGHUP, then from the new, and
    /// from that still when the folder has gone bad.
    @Test(.timeLimit(.minutes(1))) func takesAnUpdate() async throws {
        let folder = try TemporaryFolder()
        let trust = try TrustData().write(to: folder)
        let server = try ServedProgram(["--trust-store-dir", trust])
        let port = try #require(await server.port())
        func version() throws -> String? {
            try ["1", "2"].first {
                try server.get("/v1/trust-stores", port: port).contains("\"version\":\"\($0)\"")
            }
        }
        #expect(try version() == "1")
        let archive = try folder.write("new.tar", StoresUpdateTests.updated().tar())
        let run = try await BuiltProgram.run(["stores", "update", archive, "--trust-store-dir", trust])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try version() == "1")
        server.signal(SIGHUP)
        #expect(await server.line(with: "trust stores reloaded") != nil)
        #expect(try version() == "2")
        try folder.write("trust/stores/mozilla.json", "{}")
        server.signal(SIGHUP)
        let kept = await server.line(with: "trust stores kept as they were")
        #expect(kept?.contains("mozilla.json: 'schema' is missing") == true)
        #expect(try version() == "2")
        // Ready all the same; a list of 2020 is named with its age.
        let ready = try server.get("/readyz", port: port)
        #expect(ready.hasPrefix("HTTP/1.1 200 "))
        #expect(ready.contains("\r\n\r\nready\nstore_stale mozilla@2, published 2020-11-20, "))
        server.signal(SIGTERM)
        #expect(server.end() == 0)
    }

    @Test func anAddressInUseIsAnError() async throws {
        let folder = try TemporaryFolder()
        let run = try await BuiltProgram.run([
            "serve", "--listen", "192.0.2.1:1", "--trust-store", "a=\(folder)/no",
        ])
        #expect(run.status == 3)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("store_unreadable"))
        let elsewhere = try await BuiltProgram.run(["serve", "--listen", "192.0.2.1:1"])
        #expect(elsewhere.status == 3)
        #expect(elsewhere.errors.contains("cannot serve"))
    }
}
