import Certificates
import Fixtures
import Foundation
import Testing

@testable import TrustStores

/// Trust data folders that are not what they must be. Each starts as a good one with one store and one
/// anchor.
@Suite struct TrustFolderTests {
    static let root = Authority.root("Root").certificate
    static let client = #"{"schema": 1, "name": "libcrypto", "title": "t", "completes": "none"}"#

    static func anchor(_ members: String = "") -> String { #"{"sha256": "\#(root.sha256)"\#(members)}"# }

    static func store(
        schema: String = "1", name: String = "mozilla", client: String = "libcrypto",
        published: String = "2026-10-28T00:00:00Z", basis: String = "membership",
        anchors: [String] = [anchor()]
    ) -> String {
        """
        {"schema": \(schema), "name": "\(name)", "version": "1", "published": "\(published)",
         "client": "\(client)", "basis": "\(basis)", "anchors": [\(anchors.joined(separator: ","))]}
        """
    }

    func load(_ files: [String: String?]) throws -> StoreSet {
        let folder = try TemporaryFolder()
        let good = ["roots.pem": Self.root.pem, "stores/a.json": Self.store(), "clients/l.json": Self.client]
        for (name, text) in good.merging(files.compactMapValues { $0 }, uniquingKeysWith: { $1 })
        where !(files.keys.contains(name) && files[name] == .some(nil)) {
            try folder.write(name, text)
        }
        return try TrustStoreLoader(folder: folder.path, systemBundle: nil).load()
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: TrustStoreError.Code
        /// How the named file ends.
        let file: String
        let files: [String: String?]

        init(_ description: String, _ code: TrustStoreError.Code, _ file: String, _ files: [String: String?])
        {
            (testDescription, self.code, self.file, self.files) = (description, code, file, files)
        }

        init(store: String, _ code: TrustStoreError.Code, _ text: String) {
            self.init(store, code, "stores/a.json", ["stores/a.json": text])
        }
    }

    static let bad = [
        Bad("no roots", .unreadable, "roots.pem", ["roots.pem": nil]),
        Bad("no stores", .unreadable, "stores", ["stores/a.json": nil]),
        Bad("a folder of stores without one", .empty, "stores", ["stores/a.json": nil, "stores/README": ""]),
        Bad("no clients", .unreadable, "clients", ["clients/l.json": nil]),
        Bad(
            "no libcrypto", .clientUnknown, "clients",
            [
                "clients/l.json": client.replacingOccurrences(of: "libcrypto", with: "firefox"),
                "stores/a.json": store(client: "firefox"),
            ]),
        Bad("a client twice", .nameTaken, "clients/m.json", ["clients/m.json": client]),
        Bad(
            "a client that completes otherwise", .malformed, "clients/l.json",
            ["clients/l.json": client.replacingOccurrences(of: "none", with: "magic")]),
        Bad("a key among the roots", .privateKey, "roots.pem", ["roots.pem": root.pem + root.keyPEM]),
        Bad("a store twice", .nameTaken, "stores/b.json", ["stores/b.json": store()]),
        Bad(store: "not JSON", .malformed, "{"),
        Bad(store: "an array", .malformed, "[]"),
        Bad(store: "no schema", .malformed, "{}"),
        Bad(store: "a later schema", .malformed, store(schema: "2")),
        Bad(store: "a bad name", .nameInvalid, store(name: "Mozilla")),
        Bad(store: "a reserved name", .nameReserved, store(name: "all")),
        Bad(store: "a client without a file", .clientUnknown, store(client: "lynx")),
        Bad(store: "a date without a time", .malformed, store(published: "2026-10-28")),
        Bad(store: "a basis that is none", .malformed, store(basis: "hope")),
        Bad(store: "no anchors", .empty, store(anchors: [])),
        Bad(
            store: "an anchor that roots.pem lacks", .malformed, store(anchors: [#"{"sha256": "\#(other)"}"#])
        ),
        Bad(store: "a short hash", .malformed, store(anchors: [#"{"sha256": "abcd"}"#])),
        Bad(store: "an anchor twice", .malformed, store(anchors: [anchor(), anchor()])),
        Bad(
            store: "purposes that are no list", .malformed,
            store(anchors: [anchor(#", "purposes": "serverAuth""#)])),
        Bad(
            store: "a date that is none", .malformed,
            store(anchors: [
                anchor(#", "conditions": [{"type": "distrust_after", "not_before_after": "soon"}]"#)
            ])),
    ]
    static let other = Authority.root("Other").certificate.sha256.hex

    @Test(arguments: bad) func aFolderThatCannotBeUsed(_ bad: Bad) throws {
        let error = #expect(throws: TrustStoreError.self) { try load(bad.files) }
        #expect(error?.code == bad.code)
        #expect(error?.file?.hasSuffix("/" + bad.file) == true, "\(error?.file ?? "no file")")
    }

    @Test func aGoodFolder() throws {
        let set = try load([:])
        #expect(set.all.map(\.reference) == ["mozilla@1"])
        #expect(set.lookup("mozilla")?.anchors.first?.purposes == nil)
    }

    @Test func theDefaultMustBeLoaded() throws {
        let error = #expect(throws: TrustStoreError.self) {
            try load(["stores/a.json": Self.store(name: "corp")])
        }
        #expect(error?.code == .unknown)
    }

    struct Condition: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let members: String
        let expected: [AnchorCondition]
    }

    static let date = Instant(rfc3339: "2026-04-15T23:59:59Z") ?? .earliest
    static let set = {
        var set = ConstraintSet()
        set.sctNotAfter = date.seconds * 1000
        set.minVersion = ClientVersion("153.0")
        set.notUnderstood = ["moon_phase"]
        return set
    }()
    /// What restricts an anchor and is not understood is kept as such; it is never skipped.
    static let conditions = [
        Condition(
            testDescription: "a date",
            members:
                #", "conditions": [{"type": "distrust_after", "not_before_after": "2026-04-15T23:59:59Z"}]"#,
            expected: [.distrustAfter(date)]),
        Condition(
            testDescription: "an unknown kind",
            members: #", "conditions": [{"type": "sct_all_after", "at": 1}]"#,
            expected: [.notUnderstood(type: "sct_all_after")]),
        Condition(
            testDescription: "dates and names",
            members: #", "conditions": [{"type": "not_before_after", "not_before_after":"#
                + #" "2026-04-15T23:59:59Z"}, {"type": "distrust_any_use_after", "after":"#
                + #" "2026-04-15T23:59:59Z"}, {"type": "permitted_dns_names", "names": [".tr"]},"#
                + #" {"type": "blocked"}]"#,
            expected: [
                .notBeforeAfter(date), .distrustAnyUseAfter(date), .permittedDNSNames([".tr"]), .blocked,
            ]),
        Condition(
            testDescription: "a set with a member that is not known",
            members: #", "conditions": [{"type": "constraint_sets", "sets": [{"sct_not_after":"#
                + #" "2026-04-15T23:59:59Z", "min_version": "153.0", "moon_phase": 1}]}]"#,
            expected: [.constraintSets([set])]),
        Condition(
            testDescription: "a known kind with a member more",
            members: #", "conditions": [{"type": "distrust_after", "not_before_after":"#
                + #" "2026-04-15T23:59:59Z", "except": ["x"]}]"#,
            expected: [.notUnderstood(type: "distrust_after")]),
        Condition(
            testDescription: "an unknown member of the anchor", members: #", "permitted_dns_names": [".tr"]"#,
            expected: [.notUnderstood(type: "permitted_dns_names")]),
    ]

    @Test(arguments: conditions) func aConditionIsNeverSkipped(_ c: Condition) throws {
        let set = try load(["stores/a.json": Self.store(anchors: [Self.anchor(c.members)])])
        #expect(set.lookup("mozilla")?.anchors.first?.conditions == c.expected)
    }
}
