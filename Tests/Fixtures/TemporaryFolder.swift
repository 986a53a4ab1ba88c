import Foundation

/// A folder of its own that removes itself with everything in it.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        path = NSTemporaryDirectory() + "/catenary-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, its folders included, and returns its path.
    @discardableResult
    package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    /// What a TLS server needs: `NAME.pem` with the chain as presented, `NAME.key` with the first one's key.
    package func writeServer(
        _ name: String, _ presented: [FixtureCertificate]
    ) throws -> (certificates: String, key: String) {
        (try write(name + ".pem", presented.pem), try write(name + ".key", presented.first?.keyPEM ?? ""))
    }
}
