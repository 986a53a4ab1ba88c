import CRename
import Foundation
import TrustStores

/// Puts a folder in the place of another in one step and keeps the old one beside it, as `NAME.previous`. One
/// at a time: it holds a lock on the folder above while it lives.
struct FolderSwap: ~Copyable {
    /// Without symbolic links: what is swapped is the folder that a link leads to.
    let folder: String
    let exists: Bool
    private let parent: String
    private let lock: Int32

    init(_ path: String) throws(UpdateRefusal) {
        let whole = URL(filePath: path).standardizedFileURL.path
        if let real = realpath(whole, nil) {
            defer { free(real) }
            (folder, exists) = (String(cString: real), true)
        } else {
            (folder, exists) = (whole, false)
        }
        parent = (folder as NSString).deletingLastPathComponent
        lock = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw Self.failure(parent) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw UpdateRefusal(.busy, "another update of '\(folder)' is under way")
        }
    }

    deinit { close(lock) }

    var previous: String { folder + ".previous" }

    /// Writes the files into a folder of their own beside the one they are for, so that a rename suffices.
    func stage(_ files: [TarArchive.File]) throws(UpdateRefusal) -> String {
        // mkdtemp(3) makes a name of its own out of the six letters X.
        var name = Array("\(parent)/.\((folder as NSString).lastPathComponent).XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw Self.failure(parent) }
        let staging = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        do throws(UpdateRefusal) {
            for file in files {
                if let slash = file.name.firstIndex(of: "/") {
                    let inner = staging + "/" + file.name[..<slash]
                    guard mkdir(inner, 0o755) == 0 || errno == EEXIST, chmod(inner, 0o755) == 0 else {
                        throw Self.failure(inner)
                    }
                }
                try Self.write(file.bytes, to: staging + "/" + file.name)
            }
            // Whoever runs the server must be able to read it, whatever the mask of whoever updates.
            guard chmod(staging, 0o755) == 0 else { throw Self.failure(staging) }
        } catch {
            discard(staging)
            throw error
        }
        return staging
    }

    func discard(_ staging: String) { try? FileManager.default.removeItem(atPath: staging) }

    /// Whether the folder holds exactly these files already.
    func holds(_ files: [TarArchive.File]) -> Bool {
        guard exists, let there = try? FileManager.default.subpathsOfDirectory(atPath: folder) else {
            return false
        }
        var folders = ObjCBool(false)
        let plain = there.filter {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)", isDirectory: &folders)
                && !folders.boolValue
        }
        return Set(plain) == Set(files.map(\.name))
            && files.allSatisfy {
                FileManager.default.contents(atPath: "\(folder)/\($0.name)") == Data($0.bytes)
            }
    }

    /// From here on the folder is the staged one. A server that reads at that moment sees either.
    func swap(in staging: String) throws(UpdateRefusal) {
        guard exists else {
            guard rename(staging, folder) == 0 else { throw Self.failure(folder) }
            _ = fsync(lock)
            return
        }
        guard catenary_exchange(staging, folder) == 0 else { throw Self.failure(folder) }
        _ = fsync(lock)
        // What `staging` names now is the old folder.
        discard(previous)
        guard rename(staging, previous) == 0 else {
            let failure = Self.failure(previous)
            _ = catenary_exchange(staging, folder)
            throw failure
        }
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to path: String) throws(UpdateRefusal) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path)
            }
            rest = rest.dropFirst(count)
        }
        guard fchmod(descriptor, 0o644) == 0, fsync(descriptor) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> UpdateRefusal {
        UpdateRefusal(.unwritable, "\(path): \(String(cString: strerror(errno)).lowercased())")
    }
}
