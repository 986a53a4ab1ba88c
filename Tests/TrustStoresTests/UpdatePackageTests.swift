import Certificates
import Fixtures
import Testing

@testable import TrustStores

/// Archives of trust data. The good one is what tar makes of a folder; each bad one differs in one thing.
@Suite struct UpdatePackageTests {
    static let data = TrustData(anchors: 2)

    /// The files, and something before them.
    static func archive(_ change: (inout Tar) -> Void) -> [UInt8] {
        var tar = Tar()
        change(&tar)
        for file in data.files { tar.add(file.name, file.bytes) }
        return tar.ended
    }

    @Test(arguments: ["", "./", "trust-store/", "./trust-store-2026/"]) func good(_ prefix: String) throws {
        let package = try UpdatePackage(Self.data.tar(prefix: prefix))
        #expect(package.files.map(\.name) == Self.data.files.map(\.name))
        #expect(package.files.map { Array($0.bytes) } == Self.data.files.map(\.bytes))
    }

    /// What the usual programs put in besides: folders, and records of times (Python's tarfile).
    @Test func harmlessMembers() throws {
        let package = try UpdatePackage(
            Self.archive { tar in
                tar.add("./", type: "5")
                tar.add("stores/", type: "5")
                tar.add("PaxHeaders/x", Array("22 mtime=1764021600.5\n".utf8), type: "x")
            })
        #expect(package.files.count == Self.data.files.count)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: UpdateRefusal.Code
        let bytes: [UInt8]
        init(_ name: String, _ code: UpdateRefusal.Code, _ bytes: [UInt8]) {
            (testDescription, self.code, self.bytes) = (name, code, bytes)
        }
        init(_ name: String, _ code: UpdateRefusal.Code, _ change: (inout Tar) -> Void) {
            self.init(name, code, archive(change))
        }
        init(_ name: String, _ code: UpdateRefusal.Code, others: [String: String]) {
            var data = data
            data.others = others
            self.init(name, code, data.tar())
        }
    }

    static let bad = [
        Bad("nothing", .malformed, [UInt8]()),
        Bad("text", .malformed, Array("not an archive".utf8)),
        Bad("a block of text", .malformed, [UInt8](repeating: 0x61, count: 2048)),
        Bad("gzip", .compressed, [0x1F, 0x8B, 8, 0]),
        Bad("xz", .compressed, [0xFD, 0x37, 0x7A, 0x58]),
        Bad("zip", .compressed, [0x50, 0x4B, 3, 4]),
        Bad("cut within a header", .malformed, Array(data.tar().prefix(700))),
        Bad("cut within a file", .malformed, Array(data.tar().prefix(512 + 512))),
        Bad("no end", .malformed, Array(data.tar().dropLast(1024))),
        Bad("a wrong checksum", .malformed) { $0.add("a", checksum: 7) },
        Bad("the form before ustar", .malformed) { $0.add("a", magic: "") },
        Bad("a size that is no number", .malformed) { $0.add("a", size: "7777777777x") },
        Bad("a size beyond the end", .malformed) { $0.add("a", size: "00000777777") },
        // 8 GB: what a bomb would claim.
        Bad("a huge file", .memberTooLarge) { $0.add("a", size: "77777777777") },
        Bad("an absolute name", .memberName) { $0.add("/etc/passwd", [1]) },
        Bad("a name that climbs", .memberName) { $0.add("../roots.pem", [1]) },
        Bad("a name that climbs later", .memberName) { $0.add("stores/../../x.json", [1]) },
        Bad("a hidden name", .memberName) { $0.add(".profile", [1]) },
        Bad("an empty part", .memberName) { $0.add("stores//x.json", [1]) },
        Bad("a backslash", .memberName) { $0.add("..\\x", [1]) },
        Bad("a control character", .memberName) { $0.add("a\u{1B}[2J", [1]) },
        Bad("too deep", .memberName) { $0.add("a/b/c/d", [1]) },
        Bad("beside the folder", .memberName, data.tar(prefix: "trust/").withFirst("elsewhere.json")),
        Bad("a name in two fields", .memberName) { $0.add("x.json", [1], prefix: "../..") },
        Bad("a symbolic link", .memberKind) { $0.add("stores", type: "2", link: "/etc") },
        Bad("a hard link", .memberKind) { $0.add("roots.pem", type: "1", link: "/etc/passwd") },
        Bad("a device", .memberKind) { $0.add("null", type: "3") },
        Bad("a FIFO", .memberKind) { $0.add("pipe", type: "6") },
        Bad("GNU's long name", .memberKind) { $0.add("././@LongLink", Array("../x".utf8), type: "L") },
        Bad("a record that renames", .memberKind) {
            $0.add("PaxHeaders/x", Array("21 path=../roots.pem\n".utf8), type: "x")
        },
        Bad("a record without end", .malformed) { $0.add("x", Array("99 mtime=1\n".utf8), type: "x") },
        Bad("a record without length", .malformed) { $0.add("x", Array("mtime=1\n".utf8), type: "x") },
        Bad("a file twice", .memberTwice) { $0.add("roots.pem", [1]) },
        Bad("too many files", .tooMany) { tar in (0...1_000).forEach { tar.add("f\($0)") } },
        Bad("a file that is not listed", .fileUnlisted) { $0.add("README.md", [1]) },
        Bad("no manifest", .manifestAbsent, Tar().ended),
        Bad("a manifest that is no JSON", .manifestMalformed, others: ["SOURCES.json": "x"]),
        Bad("a manifest of another schema", .manifestMalformed, others: ["SOURCES.json": #"{"schema": 2}"#]),
        Bad(
            "a manifest without hashes", .manifestMalformed,
            others: ["SOURCES.json": #"{"schema": 1, "files": [{"file": "roots.pem"}]}"#]),
        Bad("an empty manifest", .fileUnlisted, others: ["SOURCES.json": #"{"schema": 1, "files": []}"#]),
    ]

    @Test(arguments: bad) func refused(_ row: Bad) throws {
        let refusal = #expect(throws: UpdateRefusal.self) { try UpdatePackage(row.bytes) }
        #expect(refusal?.code == row.code, "\(refusal?.description ?? "")")
        #expect(refusal?.detail.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } == true)
    }

    /// One byte of a file changed, the archive otherwise whole; one file left out.
    @Test func contentIsHashed() throws {
        var changed = Tar()
        var lacking = Tar()
        for file in Self.data.files {
            changed.add(file.name, file.name == "roots.pem" ? file.bytes + [0x0A] : file.bytes)
            if file.name != "roots.pem" { lacking.add(file.name, file.bytes) }
        }
        let difference = #expect(throws: UpdateRefusal.self) { try UpdatePackage(changed.ended) }
        #expect(difference?.code == .fileDigest)
        let absence = #expect(throws: UpdateRefusal.self) { try UpdatePackage(lacking.ended) }
        #expect(absence?.code == .fileAbsent)
    }

    /// Whatever byte of an archive changes: it is refused, or holds the very same files. Bytes that fill a
    /// block mean nothing, nor do spaces in the manifest, which has no hash itself.
    @Test func aByteChanged() throws {
        let good = Self.data.tar()
        let content = Self.data.files.filter { $0.name != "SOURCES.json" }
        var (tried, refused) = (0, 0)
        for at in stride(from: 0, to: good.count, by: 7) {
            var bytes = good
            bytes[at] ^= UInt8(1 + at % 255)
            tried += 1
            do throws(UpdateRefusal) {
                let files = try UpdatePackage(bytes).files.filter { $0.name != "SOURCES.json" }
                #expect(files.map(\.name) == content.map(\.name))
                #expect(files.map { Array($0.bytes) } == content.map(\.bytes))
            } catch {
                refused += 1
            }
        }
        #expect(refused > tried / 3)
    }

    @Test func digestOfTheWhole() throws {
        let bytes = Self.data.tar()
        #expect(try UpdatePackage(bytes, sha256: SHA256Digest(of: bytes)).files.count == 4)
        let refusal = #expect(throws: UpdateRefusal.self) {
            try UpdatePackage(bytes, sha256: SHA256Digest(of: bytes + [0]))
        }
        #expect(refusal?.code == .digest)
    }

    @Test func files() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.tar", Self.data.tar())
        #expect(try UpdatePackage(contentsOf: path).files.count == 4)
        for absent in [folder.path, folder.path + "/none"] {
            let refusal = #expect(throws: UpdateRefusal.self) { try UpdatePackage(contentsOf: absent) }
            #expect(refusal?.code == .unreadable)
        }
        let large = try folder.write("b.tar", [UInt8](repeating: 0, count: TarArchive.sizeLimit + 1))
        let refusal = #expect(throws: UpdateRefusal.self) { try UpdatePackage(contentsOf: large) }
        #expect(refusal?.code == .tooLarge)
    }
}

extension [UInt8] {
    /// The archive with a file of that name before all others.
    fileprivate func withFirst(_ name: String) -> [UInt8] {
        var tar = Tar()
        tar.add(name, [1])
        return tar.bytes + self
    }
}
