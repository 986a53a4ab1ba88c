import Certificates
import Foundation
import Reports
import Synchronization

/// The folder of the cache cannot be used.
package struct CacheFolderUnusable: Error, CustomStringConvertible {
    package let description: String
}

/// Answers on disk. `entries/NAME` says what is known of an answer, `bodies/SHA256` are its octets; each
/// comes into being in one step (rename), is never written to again, and is verified when read. So several
/// processes may share a folder, a crash leaves nothing that could be believed, and what is damaged is
/// dropped.
package final class CacheFolder: Sendable {
    struct Bounds: Sendable {
        /// Eight CRLs of the largest size, or some hundred thousand ordinary answers.
        var octets = 512 << 20
        /// As many as in memory.
        var files = FetchCache.maximumEntries
    }

    /// Files in the making that are older were left by a crash.
    static let abandonedAfter: TimeInterval = 3600

    let path: String
    private let bounds: Bounds
    /// Written since it was last looked at what lies there.
    private let written = Mutex((octets: 0, files: 0))

    /// Makes the folder when it is not there.
    package convenience init(_ path: String) throws(CacheFolderUnusable) { try self.init(path, Bounds()) }

    init(_ path: String, _ bounds: Bounds) throws(CacheFolderUnusable) {
        (self.path, self.bounds) = (path, bounds)
        for folder in [path, path + "/entries", path + "/bodies"] {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw CacheFolderUnusable(
                    description: "\(folder) cannot be made: \(error.localizedDescription)")
            }
        }
        guard access(path + "/entries", W_OK | X_OK) == 0, access(path + "/bodies", W_OK | X_OK) == 0 else {
            throw CacheFolderUnusable(description: "\(path) cannot be written to")
        }
        for file in files(in: path) where file.name.hasPrefix(Spill.prefix) {
            if Date().timeIntervalSince1970 - file.used > Self.abandonedAfter {
                unlink(path + "/" + file.name)
            }
        }
        trim()
    }

    /// What is kept by that name, if every octet of it is as it was.
    func entry(_ name: String) -> CacheEntry? {
        guard let bytes = Self.read(entryPath(name), atMost: CacheRecord.maximumOctets) else { return nil }
        guard let record = CacheRecord(bytes), let octets = octets(record) else {
            drop(name)
            return nil
        }
        return record.entry(octets)
    }

    private func octets(_ record: CacheRecord) -> Octets? {
        let path = bodyPath(record.sha256)
        let found: Octets?
        if record.count > TransferLimits.held {
            found = Octets(mapping: path)
        } else {
            found = Self.read(path, atMost: record.count).map { Octets($0) }
        }
        guard let found, found.count == record.count, found.sha256 == record.sha256 else {
            if found != nil { unlink(path) }
            return nil
        }
        return found
    }

    /// Keeps an answer; `spill` holds its octets when they are in a file already. A full disk keeps nothing.
    func keep(_ entry: CacheEntry, _ name: String, _ spill: Spill?) {
        let record = CacheRecord(entry)
        let body = bodyPath(record.sha256)
        let isKept = spill?.keep(as: body) ?? entry.octets.withUnsafeBytes { write($0, as: body) }
        guard isKept else { return }
        keepRecord(record, name)
        let isDue = written.withLock { written in
            written.octets += record.count
            written.files += 1
            return written.octets > bounds.octets / 8 || written.files > bounds.files / 8
        }
        if isDue { trim() }
    }

    /// A confirmed answer: its octets are there.
    func confirm(_ entry: CacheEntry, _ name: String) {
        keepRecord(CacheRecord(entry), name)
        touch(entry, name)
    }

    private func keepRecord(_ record: CacheRecord, _ name: String) {
        _ = record.bytes.withUnsafeBytes { write($0, as: entryPath(name)) }
    }

    /// What is used stays longest.
    func touch(_ entry: CacheEntry, _ name: String) {
        utimes(entryPath(name), nil)
        utimes(bodyPath(entry.octets.sha256), nil)
    }

    func drop(_ name: String) { unlink(entryPath(name)) }

    /// The least recently used go, until an eighth of the bounds is free.
    private func trim() {
        written.withLock { $0 = (0, 0) }
        for folder in ["entries", "bodies"] {
            let place = path + "/" + folder
            var found = files(in: place)
            var octets = found.reduce(0) { $0 + $1.octets }
            guard found.count > bounds.files * 7 / 8 || octets > bounds.octets * 7 / 8 else { continue }
            found.sort { $0.used > $1.used }
            while let oldest = found.last,
                found.count > bounds.files * 7 / 8 || octets > bounds.octets * 7 / 8
            {
                unlink(place + "/" + oldest.name)
                octets -= oldest.octets
                found.removeLast()
            }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, as place: String) -> Bool {
        guard let file = Spill(folder: path), file.append(bytes) else { return false }
        return file.keep(as: place)
    }

    private func files(in folder: String) -> [(name: String, octets: Int, used: TimeInterval)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in
            var status = stat()
            guard lstat(folder + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                return nil
            }
            let used = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
            return (name, Int(status.st_size), used)
        }
    }

    private func entryPath(_ name: String) -> String { path + "/entries/" + name }
    private func bodyPath(_ sha256: SHA256Digest) -> String { path + "/bodies/" + sha256.hex }

    /// Nil when it is absent or longer.
    private static func read(_ path: String, atMost limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let more = bytes.withUnsafeMutableBytes {
                Foundation.read(descriptor, $0.baseAddress.map { $0 + count }, limit + 1 - count)
            }
            if more <= 0 { break }
            count += more
        }
        return count > limit ? nil : Array(bytes[..<count])
    }
}
