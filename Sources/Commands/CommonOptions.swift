import ArgumentParser

/// The settings that every command takes.
struct CommonOptions: ParsableArguments {
    @Option(help: "YAML file of settings; an unknown key is an error.")
    var config: String?

    @Option(help: "NAME=PATH: a trust store of your own, a PEM file or a folder of them. Repeatable.")
    var trustStore: [String] = []

    @Option(help: "Folder of the shipped trust data.")
    var trustStoreDir: [String] = []

    @Option(help: "json or text, on standard error. Default text.")
    var logFormat: [String] = []

    @Option(help: "trace, debug, info, notice, warning, error or critical. Default info.")
    var logLevel: [String] = []

    func engine(quiet: Bool, more: [String: [String]] = [:]) throws(SettingsError) -> Engine {
        let flags = [
            "trust_store": trustStore, "trust_store_dir": trustStoreDir, "log_format": logFormat,
            "log_level": logLevel,
        ]
        return try Engine(flags: flags.merging(more) { _, new in new }, configuration: config, quiet: quiet)
    }
}

/// A mistake of whoever typed the command, in the parser's own form.
enum Usage {
    static func check<Value>(_ body: () throws(SettingsError) -> Value) throws -> Value {
        do throws(SettingsError) {
            return try body()
        } catch {
            throw ValidationError(error.description)
        }
    }
}
