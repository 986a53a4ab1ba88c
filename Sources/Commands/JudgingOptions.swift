import ArgumentParser
import Foundation
import HTTPAPI
import Reports

/// The options of a judgement as flags; the option parser reads them as it reads a query string.
struct JudgingOptions: ParsableArguments {
    @Option(help: "DNS name or IP address that must match. Repeatable; then all must.")
    var name: [String] = []

    @Option(help: "Instant to judge for, RFC 3339. Default now.")
    var at: [String] = []

    @Option(help: "Instant at which the next certificate is issued, RFC 3339. Default when it is due.")
    var reissue: [String] = []

    @Option(
        help: "Trust stores, comma-separated, or all. Default by store_rules, else those asked by default.")
    var stores: [String] = []

    @Option(help: "PEM file of further anchors; without --stores they alone count.")
    var anchors: [String] = []

    @Option(help: "Judge --anchors and stores of your own as each of these clients: java,go,curl.")
    var clients: [String] = []

    @Option(help: "PEM file of certificates that count as sent.")
    var intermediates: [String] = []

    @Option(help: "PEM file of CRLs to use; what they cover is then checked.")
    var crls: [String] = []

    @Option(help: "off, soft or hard: what no answer about revocation means. Default off.")
    var revocation: [String] = []

    @Flag(
        inversion: .prefixedNo,
        help: "Whether missing issuers may be fetched. Default --aia for hosts, --no-aia for files.")
    var aia: Bool?

    @Option(help: "Largest number of intermediates, self-issued ones not counted.")
    var maxDepth: [String] = []

    @Option(help: "Acceptable certificate policies as OIDs, comma-separated. Default any.")
    var policies: [String] = []

    @Flag(help: "A policy must hold over the whole path.")
    var requireExplicitPolicy = false

    @Flag(help: "Policy mappings do not count.")
    var inhibitPolicyMapping = false

    @Flag(help: "anyPolicy in a certificate does not count.")
    var inhibitAnyPolicy = false

    @Option(help: "webpki or rfc5280: what conforms speaks of. Default webpki.")
    var profile: [String] = []

    @Option(help: "server, client or any. Default server.")
    var purpose: [String] = []

    @Option(help: "Time to the first break that is a warning. Default 21d,25%.")
    var warn: [String] = []

    @Option(help: "Time to the first break that is critical. Default 7d,10%.")
    var critical: [String] = []

    @Option(help: "PEM file or SHA-256 that the end entity must equal.")
    var serves: [String] = []

    @Option(help: "Larger parts of the report: pem, bundle, evidence, checks, trace.")
    var include: [String] = []

    @Option(help: "text, json, csv, nagios, prometheus, zabbix or junit. Default text.")
    var format: [String] = []

    @Option(help: "With --format json: members of the report to keep.")
    var fields: [String] = []

    @Option(help: "warning or critical: below this state the exit code is 0.")
    var failOn: FailOn = .warning

    @Flag(name: .shortAndLong, help: "Also the other paths, the passed checks, the hashes.")
    var verbose = false

    /// Pairs of option name and text. Files are read here; `serves` is a file unless it is 64 hex digits.
    func pairs() throws(SettingsError) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        let plain: [(String, [String])] = [
            ("name", name), ("at", at), ("reissue", reissue), ("stores", stores), ("clients", clients),
            ("profile", profile),
            ("purpose", purpose),
            ("revocation", revocation), ("aia", aia.map { [String($0)] } ?? []),
            ("max_depth", maxDepth), ("policies", policies),
            ("require_explicit_policy", requireExplicitPolicy ? ["true"] : []),
            ("inhibit_policy_mapping", inhibitPolicyMapping ? ["true"] : []),
            ("inhibit_any_policy", inhibitAnyPolicy ? ["true"] : []),
            ("warn", warn), ("critical", critical), ("include", include), ("format", format),
            ("fields", fields),
        ]
        for (option, values) in plain { pairs += values.map { (option, $0) } }
        for (option, paths) in [("anchors", anchors), ("intermediates", intermediates), ("crls", crls)]
        where !paths.isEmpty {
            var text = ""
            for path in paths {
                text += String(decoding: try InputFile.read(path, flag: "--" + option), as: UTF8.self) + "\n"
            }
            pairs.append((option, text))
        }
        for value in serves {
            let isDigest = value.utf8.count == 64 && value.allSatisfy(\.isHexDigit)
            let text =
                isDigest
                ? value : String(decoding: try InputFile.read(value, flag: "--serves"), as: UTF8.self)
            pairs.append(("serves", text))
        }
        return pairs
    }
}

extension FailOn: ExpressibleByArgument {}

enum InputFile {
    /// As large as a request body may be.
    static let limit = APILimits().body

    /// `-` is standard input.
    static func read(
        _ path: String, flag: String, limit: Int = InputFile.limit
    ) throws(SettingsError) -> [UInt8] {
        let handle: FileHandle?
        handle = path == "-" ? .standardInput : FileHandle(forReadingAtPath: path)
        guard let handle, let data = try? handle.read(upToCount: limit + 1) else {
            // No data at the end of standard input is an empty file, not an unreadable one.
            if handle != nil, path == "-" { return [] }
            if handle != nil, Self.isEmptyFile(path) { return [] }
            throw SettingsError(source: flag, detail: "the file cannot be read: \(path)")
        }
        guard data.count <= limit else {
            throw SettingsError(source: flag, detail: "\(path) has more than \(limit) octets")
        }
        return [UInt8](data)
    }

    private static func isEmptyFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }
}
