import Certificates
import Foundation

/// Octets that may be too many to hold, such as a CRL of 50 MB: an array, or a file mapped into memory, whose
/// pages the system may drop and read again.
package final class Octets: Sendable, Equatable {
    private enum Place: @unchecked Sendable {
        case array([UInt8])
        /// Mapped for reading only, until deinit.
        case mapping(UnsafeRawBufferPointer)
    }

    private let place: Place
    package let count: Int
    package let sha256: SHA256Digest

    package init(_ bytes: [UInt8]) {
        (place, count, sha256) = (.array(bytes), bytes.count, SHA256Digest(of: bytes))
    }

    /// The file as it is now; whoever names it never writes to it again (it may be unlinked or replaced).
    /// Nil when it cannot be read.
    package init?(mapping path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        count = Int(status.st_size)
        guard count > 0 else {
            (place, sha256) = (.array([]), SHA256Digest(of: []))
            return
        }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            return nil
        }
        let mapped = UnsafeRawBufferPointer(start: start, count: count)
        place = .mapping(mapped)
        sha256 = SHA256Digest(of: mapped)
    }

    deinit {
        if case .mapping(let mapped) = place {
            munmap(UnsafeMutableRawPointer(mutating: mapped.baseAddress), mapped.count)
        }
    }

    package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        switch place {
        case .array(let bytes): try bytes.withUnsafeBytes(body)
        case .mapping(let mapped): try body(mapped)
        }
    }

    /// A copy: for what is known to be small.
    package var array: [UInt8] { withUnsafeBytes { Array($0) } }

    package static func == (a: Octets, b: Octets) -> Bool { a.sha256 == b.sha256 && a.count == b.count }
}
