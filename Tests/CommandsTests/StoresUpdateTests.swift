import Certificates
import Fixtures
import Foundation
import JSON
import Testing

/// `catenary stores update`: a folder is replaced whole or not at all.
@Suite struct StoresUpdateTests {
    static func updated(_ change: (inout TrustData) -> Void = { _ in }) -> TrustData {
        var data = TrustData(anchors: 17)
        data.anchors.removeFirst()
        (data.version, data.published) = ("2", "2020-11-20T00:00:00Z")
        change(&data)
        return data
    }

    struct Site {
        let folder: TemporaryFolder
        let trust: String
        let archive: String

        init(_ bytes: [UInt8]) throws {
            folder = try TemporaryFolder()
            trust = try TrustData().write(to: folder)
            archive = try folder.write("new.tar", bytes)
        }

        func update(_ more: String...) async throws -> BuiltProgram {
            try await BuiltProgram.run(["stores", "update", archive, "--trust-store-dir", trust] + more)
        }

        /// The version of the only store, in the folder or another beside it.
        func version(_ suffix: String = "") throws -> String? {
            let bytes = FileManager.default.contents(atPath: trust + suffix + "/stores/mozilla.json")
            guard let bytes else { return nil }
            return try JSONParser.parse([UInt8](bytes)).object?["version"]?.string
        }

        var names: [String] {
            ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
        }
    }

    @Test func swaps() async throws {
        let site = try Site(Self.updated().tar(prefix: "trust-store/"))
        let dry = try await site.update("--dry-run")
        #expect(dry.status == 0)
        #expect(dry.output.hasSuffix("/trust: would be replaced\n"))
        #expect(try site.version() == "1")
        let run = try await site.update()
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.output.hasPrefix(
                """
                mozilla: 1 of 2020-10-28, 16 anchors -> 2 of 2020-11-20, 16 anchors
                  - \(TrustData.roots[0].sha256) CN=Root 1
                  + \(TrustData.roots[16].sha256) CN=Root 17

                """))
        #expect(try site.version() == "2")
        #expect(try site.version(".previous") == "1")
        #expect(site.names == ["new.tar", "trust", "trust.previous"])
        // Again: nothing to do, and what was there before is not lost.
        let again = try await site.update()
        #expect(again.status == 0)
        #expect(again.output.hasSuffix("/trust: nothing changes\n"))
        #expect(try site.version(".previous") == "1")
        // Further ones replace what was kept.
        try Data(Self.updated { $0.version = "3" }.tar()).write(to: URL(filePath: site.archive))
        #expect(try await site.update("--json").output.contains(#""swapped":true"#))
        #expect(try [site.version(), site.version(".previous")] == ["3", "2"])
        #expect(site.names == ["new.tar", "trust", "trust.previous"])
    }

    @Test func throughALink() async throws {
        let site = try Site(Self.updated().tar())
        let link = site.folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: site.trust)
        let run = try await BuiltProgram.run(["stores", "update", site.archive, "--trust-store-dir", link])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try [site.version(), site.version(".previous")] == ["2", "1"])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == site.trust)
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: String
        let bytes: [UInt8]
        /// Lets it through; nil when nothing does.
        let flag: String?
    }

    static let refused = [
        Refused(testDescription: "gzip", code: "archive_compressed", bytes: [0x1F, 0x8B], flag: nil),
        Refused(testDescription: "no archive", code: "archive_malformed", bytes: [1, 2, 3], flag: nil),
        Refused(
            testDescription: "a store that does not load", code: "store_malformed",
            bytes: updated { $0.others = ["stores/mozilla.json": "{}"] }.tar(), flag: nil),
        Refused(
            testDescription: "a key among the roots", code: "store_private_key",
            bytes: updated { $0.others = ["roots.pem": $0.anchors.pem + $0.anchors[0].keyPEM] }.tar(),
            flag: nil),
        Refused(
            testDescription: "an older list", code: "update_older",
            bytes: updated { $0.published = "2020-01-01T00:00:00Z" }.tar(), flag: "--allow-older"),
        Refused(
            testDescription: "half the anchors", code: "update_implausible",
            bytes: updated { $0.anchors.removeFirst(8) }.tar(), flag: "--allow-implausible"),
        Refused(
            testDescription: "without a store that is there", code: "update_store_gone",
            bytes: updated { $0.stores = ["chrome"] }.tar(), flag: nil),
    ]

    /// Nothing is left of what was refused; the code is on standard error, and in the problem document.
    @Test(arguments: refused) func leavesAllAsItWas(_ row: Refused) async throws {
        let site = try Site(row.bytes)
        let run = try await site.update("--json")
        #expect(run.status == 3)
        #expect(run.output.contains(#""code":"\#(row.code)""#))
        #expect(run.errors.hasPrefix("not updated: \(row.code): "))
        #expect(site.names == ["new.tar", "trust"])
        #expect(try site.version() == "1")
        if let flag = row.flag {
            #expect(try await site.update(flag).status == 0)
            #expect(try site.version() == "2")
        }
    }

    @Test func digest() async throws {
        let bytes = Self.updated().tar()
        let site = try Site(bytes)
        let wrong = try await site.update("--sha256", String(repeating: "0", count: 64))
        #expect(wrong.errors.hasPrefix("not updated: archive_digest_differs: "))
        let malformed = try await site.update("--sha256", "abc")
        #expect(malformed.status == 3)
        #expect(try site.version() == "1")
        #expect(
            try await site.update("--sha256", SHA256Digest(of: bytes).description.uppercased()).status == 0)
    }

    /// A folder that is not there yet is held against the shipped data: that has six more stores.
    @Test func absentFolder() async throws {
        let site = try Site(Self.updated().tar())
        let path = site.folder.path + "/fresh"
        let arguments = ["stores", "update", site.archive, "--trust-store-dir", path]
        let run = try await BuiltProgram.run(arguments)
        #expect(run.errors.hasPrefix("not updated: update_store_gone: "))
        #expect(try await BuiltProgram.run(arguments + ["--allow-implausible", "--allow-older"]).status == 0)
        #expect(FileManager.default.fileExists(atPath: path + "/SOURCES.json"))
        #expect(site.names == ["fresh", "new.tar", "trust"])
    }

    /// What is there is broken, so that nothing can be compared.
    @Test func brokenFolder() async throws {
        let site = try Site(Self.updated().tar())
        try site.folder.write("trust/roots.pem", "nothing")
        let run = try await site.update()
        #expect(run.errors.hasPrefix("not updated: store_empty: "))
        #expect(try await site.update("--allow-implausible").status == 0)
        #expect(try site.version() == "2")
    }

    /// What tar and scripts/refresh-trust-store make of the shipped folder is taken.
    @Test(arguments: [["/bin/tar", "-C", ".", "-cf"], ["scripts/refresh-trust-store", "--archive"]])
    func archivesOfTheShippedData(_ command: [String]) async throws {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = try TemporaryFolder()
        let archive = folder.path + "/a.tar"
        let maker = Process()
        maker.executableURL = URL(filePath: "/usr/bin/env")
        maker.currentDirectoryURL = repository
        maker.arguments = command + [archive] + (command.contains("-cf") ? ["trust-store"] : [])
        maker.standardOutput = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        #expect(maker.terminationStatus == 0)
        let run = try await BuiltProgram.run([
            "stores", "update", archive, "--trust-store-dir", folder.path + "/trust", "--allow-implausible",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let list = try await BuiltProgram.run(["stores", "--trust-store-dir", folder.path + "/trust"])
        #expect(list.output.contains("\nmozilla@2.60, "))
    }
}
