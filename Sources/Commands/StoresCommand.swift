import ArgumentParser
import TrustStores

/// `catenary stores`: what is loaded, and what a store's client does with it.
struct StoresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stores", abstract: "Shows the trust stores, and replaces the shipped ones by newer.",
        subcommands: [List.self, Show.self, Update.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Every store and version, with dates and counts.")

        @Flag(help: "JSON, as GET /v1/trust-stores.")
        var json = false

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let engine = try Usage.check { () throws(SettingsError) in try common.engine(quiet: true) }
            let set = engine.stores.stores
            guard !json else {
                Output.standardOutput(StoreJSON.list(set) + [0x0A])
                return
            }
            for store in set.all {
                let asked = set.lookup(store.name)?.reference == store.reference
                    && set.defaultNames.contains(store.name)
                Output.standardOutput(
                    [
                        store.reference, store.published?.date ?? "undated", "\(store.anchors.count) anchors",
                        "client \(store.client)", store.basis.rawValue, asked ? "asked by default" : "",
                    ].filter { !$0.isEmpty }.joined(separator: ", ") + "\n")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "One store: its client's behaviour, or its anchors, as JSON.")

        @Argument(help: "NAME or NAME@VERSION.")
        var name: String

        @Flag(help: "The anchors with their conditions.")
        var anchors = false

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let engine = try Usage.check { () throws(SettingsError) in try common.engine(quiet: true) }
            let set = engine.stores.stores
            let found: [TrustStore]
            do throws(TrustStoreError) {
                found = try set.resolve([name])
            } catch {
                throw ValidationError(error.description)
            }
            for store in found {
                let bytes = anchors ? StoreJSON.anchors(store) : StoreJSON.store(store, in: set)
                Output.standardOutput(bytes + [0x0A])
            }
        }
    }
}
