import ArgumentParser
import Certificates
import Foundation
import JSON
import TrustStores

extension StoresCommand {
    /// Trust data newer than the program, out of one file.
    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update", abstract: "Replaces the shipped trust data by that of FILE.",
            discussion: """
                Checks every file's hash, loads every store, compares with what is there, and only then \
                swaps the folder in one step; the old one stays beside it as NAME.previous. A running \
                server reads it at SIGHUP. No signature is claimed: --sha256 ties FILE to what its maker \
                published.
                """)

        @Argument(help: "A plain tar of a trust-store folder, SOURCES.json included.")
        var file: String

        @Option(help: "SHA-256 that FILE must have.")
        var sha256: String?

        @Flag(help: "Take lists that are older than those there.")
        var allowOlder = false

        @Flag(help: "Take lists of which far more than usual changes, or that lack a store or a client.")
        var allowImplausible = false

        @Flag(help: "Check and compare, but change nothing.")
        var dryRun = false

        @Flag(help: "JSON on standard output.")
        var json = false

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try Usage.check { () throws(SettingsError) in try common.settings() }
            var digest: SHA256Digest?
            if let sha256 {
                guard let parsed = SHA256Digest(hex: sha256.lowercased()) else {
                    throw ValidationError("--sha256: 64 hex digits")
                }
                digest = parsed
            }
            let shipped = try? DataFolder.find()
            guard let folder = settings.trustStoreFolder ?? shipped else {
                throw ValidationError("no trust data found; --trust-store-dir says where it is to be")
            }
            do {
                try update(folder, comparedWith: shipped, digest)
            } catch let refusal as UpdateRefusal {
                throw refuse(refusal.code.rawValue, refusal.detail)
            } catch let error as TrustStoreError {
                throw refuse(error.code.rawValue, error.description)
            }
        }

        private func update(_ path: String, comparedWith shipped: String?, _ digest: SHA256Digest?) throws {
            let package = try UpdatePackage(contentsOf: file, sha256: digest)
            let swap = try FolderSwap(path)
            let staging = try swap.stage(package.files)
            // After the swap nothing is there any more.
            defer { swap.discard(staging) }
            let new = try load(staging, shownAs: file)
            // A folder that is not there yet is held against the data that came with the program.
            var change: StoreChange?
            if let reference = swap.exists ? swap.folder : shipped {
                change = try compare(reference, with: new)
            }
            let answer = UpdateAnswer(
                folder: swap.folder, change: change, isSame: swap.holds(package.files), isDryRun: dryRun,
                previous: swap.exists ? swap.previous : nil)
            if !answer.isSame && !dryRun {
                try swap.swap(in: staging)
            }
            Output.standardOutput(json ? answer.json : Array(answer.text.utf8))
        }

        private func load(_ folder: String, shownAs name: String) throws(TrustStoreError) -> StoreSet {
            do throws(TrustStoreError) {
                return try TrustStoreLoader(folder: folder, systemBundle: nil).load()
            } catch {
                let file = error.file?.replacing(folder, with: name)
                throw TrustStoreError(error.code, file: file, error.detail)
            }
        }

        /// Throws the first doubt that no flag lifts. What is there may be broken: then only a flag says that
        /// it may be replaced unseen.
        private func compare(_ folder: String, with new: StoreSet) throws -> StoreChange? {
            let old: StoreSet
            do throws(TrustStoreError) {
                old = try load(folder, shownAs: folder)
            } catch {
                guard allowImplausible else { throw error }
                return nil
            }
            let change = StoreChange(from: old, to: new)
            for doubt in change.doubts(now: Engine.clock()) {
                let isAllowed = doubt.code == .older ? allowOlder : allowImplausible
                if !isAllowed { throw doubt }
                Output.standardError("allowed: \(doubt)\n")
            }
            return change
        }

        private func refuse(_ code: String, _ detail: String) -> Ending {
            if json { Output.standardOutput(Output.problem(code, detail)) }
            Output.standardError("not updated: \(code): \(detail)\n")
            return Ending(code: Program.failure)
        }
    }
}

/// What an update did, or would do.
private struct UpdateAnswer {
    let folder: String
    /// Nil when there was nothing to compare with.
    let change: StoreChange?
    let isSame: Bool
    let isDryRun: Bool
    let previous: String?

    private var isSwapped: Bool { !isSame && !isDryRun }

    var text: String {
        var lines = [String]()
        for row in change?.rows ?? [] where !row.isSame {
            lines.append("\(row.name): \(Self.shown(row.before)) -> \(Self.shown(row.after))")
            lines += row.removed.map { "  - \(Self.shown($0))" }
            lines += row.added.map { "  + \(Self.shown($0))" }
            lines += row.changed.map { "  ! \(Self.shown($0)), other conditions" }
        }
        for list in change?.lists ?? [] where !list.isSame {
            lines.append("\(list.name): \(list.before) -> \(list.after) entries")
        }
        if isSame {
            lines.append("\(folder): nothing changes")
        } else if isDryRun {
            lines.append("\(folder): would be replaced")
        } else {
            let kept = previous.map { "; what was there is \($0)" } ?? ""
            lines.append("\(folder): replaced\(kept). A running server reads it at SIGHUP.")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func shown(_ store: TrustStore?) -> String {
        guard let store else { return "none" }
        return "\(store.version) of \(store.published?.date ?? "no date"), \(store.anchors.count) anchors"
    }

    private static func shown(_ anchor: Anchor) -> String {
        "\(anchor.certificate.sha256) \(anchor.certificate.subject.text)"
    }

    var json: [UInt8] {
        var out = JSONWriter()
        out.beginObject()
        out.member("folder", folder)
        out.member("swapped", isSwapped)
        out.member("previous", isSwapped ? previous : nil)
        out.list("stores", (change?.rows ?? []).filter { !$0.isSame }) { row, out in
            out.beginObject()
            out.member("name", row.name)
            Self.write("before", row.before, &out)
            Self.write("after", row.after, &out)
            for (name, anchors) in [("removed", row.removed), ("added", row.added), ("changed", row.changed)]
            {
                out.key(name)
                out.beginArray()
                for anchor in anchors {
                    out.beginObject()
                    out.member("sha256", anchor.certificate.sha256.description)
                    out.member("subject", anchor.certificate.subject.text)
                    out.endObject()
                }
                out.endArray()
            }
            out.endObject()
        }
        out.list("lists", (change?.lists ?? []).filter { !$0.isSame }) { list, out in
            out.beginObject()
            out.member("name", list.name)
            out.member("before", list.before)
            out.member("after", list.after)
            out.endObject()
        }
        out.endObject()
        return out.bytes + [0x0A]
    }

    private static func write(_ name: StaticString, _ store: TrustStore?, _ out: inout JSONWriter) {
        guard let store else { return }
        out.key(name)
        out.beginObject()
        out.member("version", store.version)
        out.member("published", store.published?.description)
        out.member("anchors", store.anchors.count)
        out.endObject()
    }
}
