/// A tar archive (POSIX.1-2017, "ustar Interchange Format") with each field in the test's hands.
package struct Tar {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// - Parameters:
    ///   - type: `0` file, `1` hard link, `2` symbolic link, `5` folder, `x` pax records.
    ///   - size: what the header says, where that is a lie.
    ///   - magic: what makes it a ustar archive.
    package mutating func add(
        _ name: String, _ content: [UInt8] = [], type: Character = "0", link: String = "",
        prefix: String = "",
        size: String? = nil, magic: String = "ustar\u{0}00", checksum: Int? = nil
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        func octal(_ number: Int, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put(name, at: 0)
        put("0000644", at: 100)
        put("0000000", at: 108)
        put("0000000", at: 116)
        put(size ?? octal(content.count, 11), at: 124)
        put(octal(0, 11), at: 136)
        put("        ", at: 148)
        put(String(type), at: 156)
        put(link, at: 157)
        put(magic, at: 257)
        put(prefix, at: 345)
        put(octal(checksum ?? header.reduce(0) { $0 + Int($1) }, 6) + "\u{0} ", at: 148)
        bytes += header + content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// With the two empty blocks that end an archive.
    package var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
