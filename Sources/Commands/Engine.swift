import Assessment
import Certificates
import Foundation
import Logging
import TrustStores

/// What all commands that judge have in common: settings, stores, an assessor.
struct Engine: Sendable {
    let settings: Settings
    /// Reads the settings again, from the same flags, environment and file.
    let readSettings: @Sendable () throws(SettingsError) -> Settings
    let folder: String
    let stores: CurrentStores
    let logger: Logger

    /// - Parameter flags: by the settings' keys.
    static func settings(
        flags: [String: [String]], configuration: String?
    ) throws(SettingsError) -> Settings {
        let environment = ProcessInfo.processInfo.environment
        var file: ConfigurationFile?
        if let path = configuration ?? environment["CATENARY_CONFIG"], !path.isEmpty {
            file = try ConfigurationFile.read(path)
        }
        return try Settings.resolve(flags: flags, environment: environment, file: file)
    }

    init(flags: [String: [String]], configuration: String?, quiet: Bool) throws(SettingsError) {
        readSettings = { () throws(SettingsError) in
            try Self.settings(flags: flags, configuration: configuration)
        }
        let settings = try readSettings()
        let level = quiet ? max(settings.logLevel, .warning) : settings.logLevel
        logger = Logger(label: "catenary") { label in
            LogOutput(label: label, format: settings.logFormat, logLevel: level)
        }
        // `??` would lose the error's type.
        if let given = settings.trustStoreFolder { folder = given } else { folder = try DataFolder.find() }
        do throws(TrustStoreError) {
            let loader = TrustStoreLoader(folder: folder, operators: settings.trustStores)
            stores = try CurrentStores(rules: settings.storeRules) { earlier throws(TrustStoreError) in
                try loader.load(reusing: earlier)
            }
        } catch {
            throw SettingsError(source: error.code.rawValue, detail: error.description)
        }
        self.settings = settings
        for notice in stores.stores.notices {
            logger.warning("left out of a trust store", metadata: ["reason": "\(notice)"])
        }
    }

    /// - Parameter allowsPrivate: false where strangers may say what is dialled.
    func assessor(allowsPrivate: Bool) throws(SettingsError) -> Assessor {
        do throws(AssessorUnavailable) {
            return try Assessor(
                stores: stores, network: settings.network, allowsPrivate: allowsPrivate, logger: logger)
        } catch {
            throw SettingsError(source: error.source, detail: error.detail)
        }
    }

    /// Now, in whole seconds.
    static let clock: @Sendable () -> Instant = { Instant(seconds: Int64(Date().timeIntervalSince1970)) }
}
