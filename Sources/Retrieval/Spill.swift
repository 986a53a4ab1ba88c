import Foundation
import Reports
import Synchronization

/// A file that takes what is too large to hold. It has no name, so that nothing is left of it however this
/// process ends; a cache that keeps it gives it one.
final class Spill: Sendable {
    private let descriptor: Int32
    /// Nil: nameless from the beginning.
    private let name: Mutex<String?>

    /// - Parameter folder: where it may get its final name later; nil when it never will.
    init?(folder: String?) {
        let path = (folder ?? NSTemporaryDirectory()) + "/" + Self.prefix + UUID().uuidString
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        name = Mutex(folder == nil || descriptor < 0 ? nil : path)
        guard descriptor >= 0 else { return nil }
        if folder == nil { unlink(path) }
    }

    /// Of files in the making.
    static let prefix = "tmp-"

    deinit {
        if let path = name.withLock({ $0 }) { unlink(path) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// False when the disk is full or broken.
    func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// What was written, mapped; it stays when this goes.
    func octets() -> Octets? { Octets(mapping: "/proc/self/fd/\(descriptor)") }

    /// Gives it its final name in one step. False leaves all as it was.
    func keep(as path: String) -> Bool {
        name.withLock { name in
            guard let old = name, rename(old, path) == 0 else { return false }
            name = nil
            return true
        }
    }
}
