import Certificates
import Foundation

/// Reads files of trust data, bounded, and never waits on anything that is not a file.
enum StoreFile {
    /// 16 MB: the largest public list has about 300 certificates in 0.5 MB of PEM.
    static let sizeLimit = 16 << 20
    /// Files of one folder that are read; /etc/ssl/certs has about 300.
    static let countLimit = 10_000

    struct Contents {
        let bytes: [UInt8]
        /// When the file was last written.
        let modified: Instant
    }

    enum Kind { case file, folder, absent }

    static func kind(_ path: String) throws(TrustStoreError) -> Kind {
        var info = stat()
        guard stat(path, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return .absent }
            throw failure(path)
        }
        switch info.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: throw TrustStoreError(.unreadable, file: path, "neither a file nor a folder")
        }
    }

    static func read(_ path: String, limit: Int = sizeLimit) throws(TrustStoreError) -> Contents {
        // O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw failure(path) }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw TrustStoreError(.unreadable, file: path, "not a file")
        }
        guard info.st_size <= limit else { throw tooLarge(path, limit) }
        let bytes = try drain(descriptor, expecting: Int(info.st_size), limit, path)
        return Contents(bytes: bytes, modified: Instant(seconds: Int64(info.st_mtim.tv_sec)))
    }

    /// The file may grow while it is read: the limit holds all the same.
    private static func drain(
        _ descriptor: Int32, expecting size: Int, _ limit: Int, _ path: String
    ) throws(TrustStoreError) -> [UInt8] {
        var out = [UInt8]()
        out.reserveCapacity(size)
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count == 0 { return out }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path)
            }
            guard out.count + count <= limit else { throw tooLarge(path, limit) }
            out.append(contentsOf: chunk[..<count])
        }
    }

    /// Names in `folder` with one of `extensions` (lower case, without dot), sorted.
    static func names(in folder: String, extensions: Set<String>) throws(TrustStoreError) -> [String] {
        guard let handle = opendir(folder) else { throw failure(folder) }
        defer { closedir(handle) }
        var out = [String]()
        while let entry = Foundation.readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix("."), let dot = name.lastIndex(of: "."),
                extensions.contains(name[name.index(after: dot)...].lowercased())
            else { continue }
            guard out.count < countLimit else {
                throw TrustStoreError(.tooLarge, file: folder, "more than \(countLimit) files")
            }
            out.append(name)
        }
        return out.sorted()
    }

    private static func failure(_ path: String) -> TrustStoreError {
        TrustStoreError(.unreadable, file: path, String(cString: strerror(errno)).lowercased())
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> TrustStoreError {
        TrustStoreError(.tooLarge, file: path, "larger than \(limit >> 20) MB")
    }
}
