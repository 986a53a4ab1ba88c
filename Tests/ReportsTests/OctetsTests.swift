import Certificates
import Foundation
import Reports
import Testing

@Suite struct OctetsTests {
    @Test func aMappedFileIsTheSameAsItsBytes() throws {
        let path = NSTemporaryDirectory() + "octets-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for bytes in [[], [7], [UInt8](repeating: 0x5A, count: 70_000)] as [[UInt8]] {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let mapped = try #require(Octets(mapping: path))
            #expect(mapped == Octets(bytes))
            #expect(mapped.array == bytes)
            #expect(mapped.sha256 == SHA256Digest(of: bytes))
        }
    }

    @Test func aMappingOutlivesTheName() throws {
        let path = NSTemporaryDirectory() + "octets-\(UInt64.random(in: 0 ... .max))"
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
        let mapped = try #require(Octets(mapping: path))
        try FileManager.default.removeItem(atPath: path)
        #expect(mapped.array == [1, 2, 3])
    }

    @Test func whatCannotBeReadIsNil() {
        let absent = NSTemporaryDirectory() + "no-such-file-\(UInt64.random(in: 0 ... .max))"
        #expect(Octets(mapping: absent) == nil)
        #expect(Octets(mapping: NSTemporaryDirectory()) == nil)
    }
}
