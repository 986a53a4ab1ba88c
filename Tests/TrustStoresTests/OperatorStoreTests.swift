import Certificates
import Fixtures
import Foundation
import Testing

@testable import TrustStores

@Suite struct OperatorStoreTests {
    let folder: TemporaryFolder
    let root = Authority.root("Corp Root")
    let second = Authority.root("Corp Root 2")

    init() throws { folder = try TemporaryFolder() }

    func load(_ text: String, system: String? = nil) throws -> StoreSet {
        try TrustStoreLoader(
            folder: ShippedStoresTests.folder, operators: [try OperatorStore(parsing: text)],
            systemBundle: system
        ).load()
    }

    func code(_ body: () throws -> Void) -> TrustStoreError? {
        do {
            try body()
            return nil
        } catch {
            return error as? TrustStoreError
        }
    }

    @Test func aFileOfPEM() throws {
        let file = try folder.write("ca.pem", "Corp\n" + [root.certificate, second.certificate].pem)
        let corp = try #require(try load("corp=" + file).lookup("corp"))
        #expect(
            Set(corp.anchors.map(\.certificate.sha256)) == [
                root.certificate.sha256, second.certificate.sha256,
            ])
        #expect(corp.origin == .custom)
        #expect(corp.client == .libcrypto)
        #expect(corp.published == nil)
        #expect(corp.anchors.allSatisfy { $0.purposes == nil && $0.conditions.isEmpty })
    }

    /// The order of files and repeated certificates change neither the list nor its version.
    @Test func aFolder() throws {
        try folder.write("b/1.crt", root.certificate.der)
        try folder.write("b/2.CER", second.certificate.pem)
        try folder.write("b/3.pem", [second.certificate, root.certificate].pem)
        try folder.write("b/notes.txt", "not read")
        try folder.write("b/.hidden.pem", "not read")
        let file = try folder.write("a.pem", [second.certificate, root.certificate].pem)
        let fromFolder = try #require(try load("corp=\(folder.path)/b").lookup("corp"))
        let fromFile = try #require(try load("corp=" + file).lookup("corp"))
        #expect(fromFolder.anchors.count == 2)
        #expect(fromFolder.version == fromFile.version)
    }

    /// SHA-256 over the sorted hashes, computed here by another road.
    @Test func theVersionIsThatOfTheCertificates() throws {
        let file = try folder.write("ca.pem", [root.certificate, second.certificate].pem)
        let sorted = [root.certificate.sha256.hex, second.certificate.sha256.hex].sorted().joined()
        let digest = SHA256Digest(of: try #require(Hex.decode(sorted)))
        #expect(try load("corp=" + file).lookup("corp")?.version == String(digest.hex.prefix(12)))
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: TrustStoreError.Code
        let content: @Sendable () -> [UInt8]

        init(
            _ description: String, _ code: TrustStoreError.Code, _ content: @escaping @Sendable () -> [UInt8]
        ) {
            (testDescription, self.code, self.content) = (description, code, content)
        }
    }

    static let bad = [
        Bad("empty", .empty) { [] },
        Bad("text", .empty) { Array("hello".utf8) },
        Bad("a private key", .privateKey) { Array(Authority.root("K").certificate.keyPEM.utf8) },
        // As HAProxy's files are: certificate first, then its key.
        Bad("a certificate and its key", .privateKey) {
            let certificate = Authority.root("K").certificate
            return Array((certificate.pem + certificate.keyPEM).utf8)
        },
        Bad("a block without an end", .malformed) {
            Array(Authority.root("K").certificate.pem.utf8.dropLast(30))
        },
        Bad("no base64", .malformed) {
            Array("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n".utf8)
        },
        Bad("base64 of something else", .malformed) {
            Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
        },
        Bad("truncated DER", .malformed) { Authority.root("K").certificate.der.dropLast(9) },
        Bad("DER and a byte", .malformed) { Authority.root("K").certificate.der + [0] },
        Bad("another kind of block", .empty) {
            Array("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n".utf8)
        },
    ]

    @Test(arguments: bad) func aFileThatCannotBeUsed(_ bad: Bad) throws {
        let file = try folder.write("bad.pem", bad.content())
        let error = code { _ = try load("corp=" + file) }
        #expect(error?.code == bad.code)
        #expect(error?.file == file)
        #expect(error?.description.contains("MII") == false)
        // In a folder the error names the file, not the folder.
        #expect(code { _ = try load("corp=" + folder.path) }?.file == file)
    }

    @Test func whichCertificateIsBad() throws {
        let broken = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
        let file = try folder.write("ca.pem", root.certificate.pem + broken)
        let error = code { _ = try load("corp=" + file) }
        #expect(error?.code == .malformed)
        #expect(error?.detail.hasPrefix("certificate 2 of 2 ") == true)
    }

    @Test func placesThatCannotBeRead() throws {
        #expect(code { _ = try load("corp=\(folder.path)/absent.pem") }?.code == .unreadable)
        try FileManager.default.createDirectory(
            atPath: folder.path + "/none", withIntermediateDirectories: true)
        #expect(code { _ = try load("corp=\(folder.path)/none") }?.code == .empty)
        #expect(code { _ = try load("corp=/dev/null") }?.code == .unreadable)
        // A FIFO that nobody writes to must not make the start wait for ever.
        #expect(mkfifo(folder.path + "/pipe.pem", 0o600) == 0)
        #expect(code { _ = try load("corp=\(folder.path)/pipe.pem") }?.code == .unreadable)
        #expect(code { _ = try load("corp=\(folder.path)") }?.code == .unreadable)
    }

    @Test func aFileAboveTheLimitIsNotRead() throws {
        let file = try folder.write("big.pem", "")
        #expect(truncate(file, off_t(StoreFile.sizeLimit + 1)) == 0)
        #expect(code { _ = try load("corp=" + file) }?.code == .tooLarge)
    }

    /// Every client that the trust data knows, and no other.
    @Test func clients() throws {
        let file = try folder.write("ca.pem", root.certificate.pem)
        let known = try TrustStoreLoader(folder: ShippedStoresTests.folder).clients()
        for name in ["java", "curl", "chrome", "openssl"] {
            #expect(known[ClientName(name)] != nil)
            #expect(try load("corp=\(file),client=\(name)").lookup("corp")?.client == ClientName(name))
        }
        let error = try #require(code { _ = try load("corp=\(file),client=nobody") })
        #expect(error.code == .clientUnknown)
        #expect(error.detail.contains("known: android, apple, chrome, curl"))
    }

    static let settings: [(String, TrustStoreError.Code)] = [
        ("corp", .nameInvalid), ("=ca.pem", .nameInvalid), ("Corp=ca.pem", .nameInvalid),
        ("-corp=ca.pem", .nameInvalid), ("co rp=ca.pem", .nameInvalid), ("corp@1=ca.pem", .nameInvalid),
        ("\(String(repeating: "a", count: 65))=ca.pem", .nameInvalid), ("request=ca.pem", .nameReserved),
        ("all=ca.pem", .nameReserved), ("corp=", .unreadable), ("corp=,client=libcrypto", .unreadable),
        ("corp=ca.pem,client=", .clientUnknown), ("corp=ca.pem,client=A b", .clientUnknown),
    ]

    @Test(arguments: settings) func aSettingThatIsRefused(_ text: String, _ expected: TrustStoreError.Code) {
        #expect(code { _ = try OperatorStore(parsing: text) }?.code == expected)
    }

    @Test func aSettingThatIsTaken() throws {
        let store = try OperatorStore(parsing: "a.b_c-1=/x=y,z.pem,client=libcrypto")
        #expect(store.name == "a.b_c-1")
        #expect(store.path == "/x=y,z.pem")
        #expect(store.client == .libcrypto)
        #expect(try OperatorStore(parsing: "c=a,client=x,b").path == "a,client=x,b")
    }

    @Test func aNameIsTakenOnce() throws {
        let file = try folder.write("ca.pem", root.certificate.pem)
        #expect(code { _ = try load("mozilla=" + file) }?.code == .nameTaken)
        #expect(code { _ = try load("system=" + file, system: file) }?.code == .nameTaken)
        let own = try OperatorStore(name: "corp", path: file)
        let twice = TrustStoreLoader(
            folder: ShippedStoresTests.folder, operators: [own, own], systemBundle: nil)
        #expect(code { _ = try twice.load() }?.code == .nameTaken)
    }
}

@Suite struct SystemStoreTests {
    let folder: TemporaryFolder
    let root = Authority.root("System Root")

    init() throws { folder = try TemporaryFolder() }

    func load(_ bundle: String?) throws -> StoreSet {
        try TrustStoreLoader(folder: ShippedStoresTests.folder, systemBundle: bundle).load()
    }

    @Test func isDatedByItsFile() throws {
        let file = try folder.write("bundle.crt", root.certificate.pem)
        let date = Date(timeIntervalSince1970: 1_790_000_000)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file)
        let system = try #require(try load(file).lookup("system"))
        #expect(system.published == Instant(seconds: 1_790_000_000))
        #expect(system.version.count == 12)
        #expect(system.origin == .system)
        #expect(system.client == .curl)
    }

    @Test func absentIsNoError() throws {
        let set = try load(folder.path + "/absent.crt")
        #expect(set.lookup("system") == nil)
        #expect(set.notices.isEmpty)
        #expect(try load(nil).lookup("system") == nil)
    }

    @Test func oneOddCertificateIsLeftOutAndSaid() throws {
        let broken = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
        let file = try folder.write("bundle.crt", broken + root.certificate.pem)
        let set = try load(file)
        #expect(set.lookup("system")?.anchors.map(\.certificate.sha256) == [root.certificate.sha256])
        #expect(set.notices.map(\.code) == [.malformed])
    }

    @Test func aBrokenBundleIsLeftOutAndSaid() throws {
        for (content, expected) in [("", TrustStoreError.Code.empty), (root.certificate.keyPEM, .privateKey)]
        {
            let file = try folder.write("bundle.crt", content)
            let set = try load(file)
            #expect(set.lookup("system") == nil)
            #expect(set.notices.map(\.code) == [expected])
        }
    }
}
