import Certificates
import Foundation

/// A small trust data folder with one list of anchors, as a folder or as the archive of one. Its SOURCES.json
/// is right unless a test overrides it.
package struct TrustData: Sendable {
    /// Each with the same anchors.
    package var stores = ["mozilla"]
    package var version = "1"
    package var published = "2020-10-28T00:00:00Z"
    package var anchors: [FixtureCertificate]
    /// The JSON of each anchor's `conditions`.
    package var conditions = "[]"
    package var clients = ["libcrypto"]
    /// Files that replace the usual ones or come beside them.
    package var others: [String: String] = [:]

    /// Sixteen are the usual store, so that five are less than a third and six are more.
    package static let roots = (1...22).map { Authority.root("Root \($0)").certificate }

    package init(anchors: Int = 16) { self.anchors = Array(Self.roots.prefix(anchors)) }

    package var files: [(name: String, bytes: [UInt8])] {
        let rows = anchors.map { #"{"sha256": "\#($0.sha256)", "conditions": \#(conditions)}"# }
        var texts = ["roots.pem": anchors.pem]
        for store in stores {
            texts["stores/\(store).json"] = """
                {"schema": 1, "name": "\(store)", "version": "\(version)", "published": "\(published)",
                 "client": "libcrypto", "basis": "membership", "anchors": [\(rows.joined(separator: ", "))]}
                """
        }
        for client in clients {
            texts["clients/\(client).json"] =
                #"{"schema": 1, "name": "\#(client)", "title": "t", "completes": "none"}"#
        }
        let manifest = texts.merging(others) { _, new in new }.filter { $0.key != "SOURCES.json" }
        let lines = manifest.sorted { $0.key < $1.key }.map { file, text in
            #"{"file": "\#(file)", "sha256": "\#(SHA256Digest(of: Array(text.utf8)))"}"#
        }
        texts["SOURCES.json"] = #"{"schema": 1, "files": [\#(lines.joined(separator: ", "))]}"#
        return texts.merging(others) { _, new in new }.sorted { $0.key < $1.key }
            .map { ($0.key, Array($0.value.utf8)) }
    }

    /// - Parameter prefix: the folder that the archive says all lies in, with its slash.
    package func tar(prefix: String = "") -> [UInt8] {
        var tar = Tar()
        for file in files { tar.add(prefix + file.name, file.bytes) }
        return tar.ended
    }

    /// Writes it as the folder `name` and returns its path.
    @discardableResult
    package func write(to folder: TemporaryFolder, as name: String = "trust") throws -> String {
        for file in files { try folder.write("\(name)/\(file.name)", file.bytes) }
        return "\(folder.path)/\(name)"
    }
}
