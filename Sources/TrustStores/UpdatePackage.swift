import Certificates
import JSON

/// Trust data as one file: an archive of the folder, of which SOURCES.json says each file's SHA-256. The
/// hashes find damage; who made the file they do not say.
package struct UpdatePackage: Sendable {
    static let manifest = "SOURCES.json"

    package let files: [TarArchive.File]

    /// - Parameter sha256: what the whole file must have.
    package init(contentsOf path: String, sha256: SHA256Digest? = nil) throws(UpdateRefusal) {
        let bytes: [UInt8]
        do throws(TrustStoreError) {
            bytes = try StoreFile.read(path, limit: TarArchive.sizeLimit).bytes
        } catch {
            throw UpdateRefusal(error.code == .tooLarge ? .tooLarge : .unreadable, error.description)
        }
        try self.init(bytes, sha256: sha256)
    }

    package init(_ bytes: [UInt8], sha256: SHA256Digest? = nil) throws(UpdateRefusal) {
        if let sha256 {
            let found = SHA256Digest(of: bytes)
            guard found == sha256 else {
                throw UpdateRefusal(.digest, "its SHA-256 is \(found), not \(sha256)")
            }
        }
        files = try TarArchive(bytes).files
        let listed = try Self.listed(files)
        var seen = Set<String>()
        for file in files where file.name != Self.manifest {
            guard let digest = listed[file.name] else {
                throw UpdateRefusal(.fileUnlisted, "\(Self.manifest) does not list '\(file.name)'")
            }
            guard SHA256Digest(of: Array(file.bytes)) == digest else {
                throw UpdateRefusal(.fileDigest, "'\(file.name)' is not what \(Self.manifest) lists")
            }
            seen.insert(file.name)
        }
        if let absent = listed.keys.filter({ !seen.contains($0) }).min() {
            throw UpdateRefusal(.fileAbsent, "'\(absent)' is listed and not there")
        }
    }

    private static func listed(_ files: [TarArchive.File]) throws(UpdateRefusal) -> [String: SHA256Digest] {
        guard let file = files.first(where: { $0.name == manifest }) else {
            throw UpdateRefusal(.manifestAbsent, "no \(manifest) in it")
        }
        guard let root = try? JSONParser.parse(Array(file.bytes)).object else {
            throw UpdateRefusal(.manifestMalformed, "\(manifest) is not a JSON object")
        }
        guard root["schema"]?.int == StoreDocument.schema else {
            throw UpdateRefusal(.manifestMalformed, "\(manifest) is not of schema \(StoreDocument.schema)")
        }
        var out = [String: SHA256Digest]()
        for row in root["files"]?.array ?? [] {
            guard let name = row.object?["file"]?.string, let hex = row.object?["sha256"]?.string,
                let digest = SHA256Digest(hex: hex), out.updateValue(digest, forKey: name) == nil
            else { throw UpdateRefusal(.manifestMalformed, "a row of 'files' is not a file and its hash") }
        }
        return out
    }
}
