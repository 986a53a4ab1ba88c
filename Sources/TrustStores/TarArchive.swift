/// The files of a tar archive (POSIX.1-2017, pax, "ustar Interchange Format"), held in memory. Only plain
/// files and folders are read; whatever could point elsewhere is refused, so that nothing an archive says can
/// become a path outside the folder it is for.
package struct TarArchive {
    package struct File: Sendable {
        package let name: String
        package let bytes: ArraySlice<UInt8>
    }

    /// 64 MB: the whole of trust-store/ is 1.2 MB.
    package static let sizeLimit = 64 << 20
    /// trust-store/ has about 30 files.
    static let countLimit = 1_000
    private static let block = 512

    /// In the archive's order, without the folder that all may lie in.
    package let files: [File]

    package init(_ bytes: [UInt8]) throws(UpdateRefusal) {
        guard bytes.count <= Self.sizeLimit else {
            throw UpdateRefusal(.tooLarge, "larger than \(Self.sizeLimit >> 20) MB")
        }
        // Nothing is decompressed, so that nothing can be larger than it looks.
        if let name = Self.compression(bytes) {
            throw UpdateRefusal(.compressed, "it is a \(name) file; unpack it to a plain tar first")
        }
        var found = [File]()
        var at = 0
        while true {
            guard at + Self.block <= bytes.count else {
                throw UpdateRefusal(.malformed, "it ends within a header or without two empty blocks")
            }
            let header = bytes[at..<at + Self.block]
            at += Self.block
            if header.allSatisfy({ $0 == 0 }) { break }
            let entry = try Header(header)
            let end = at + (entry.size + Self.block - 1) / Self.block * Self.block
            guard end <= bytes.count else {
                throw UpdateRefusal(.malformed, "it ends within '\(entry.shownName)'")
            }
            let content = bytes[at..<at + entry.size]
            at = end
            switch entry.kind {
            case .folder: continue
            case .records: try Self.check(records: content)
            case .file:
                guard found.count < Self.countLimit else {
                    throw UpdateRefusal(.tooMany, "more than \(Self.countLimit) files")
                }
                found.append(File(name: try entry.name(), bytes: content))
            }
        }
        files = try Self.withoutFolder(found)
    }

    /// `tar -C trust-store .` and `tar trust-store` are both usual: the folder that SOURCES.json lies in is
    /// the one meant, at most one deep, and every file must lie there.
    private static func withoutFolder(_ found: [File]) throws(UpdateRefusal) -> [File] {
        var prefix = ""
        if !found.contains(where: { $0.name == UpdatePackage.manifest }),
            let inside = found.first(where: { $0.name.hasSuffix("/" + UpdatePackage.manifest) })
        {
            prefix = String(inside.name.dropLast(UpdatePackage.manifest.count))
        }
        var out = [File]()
        var seen = Set<String>()
        for file in found {
            let name = String(file.name.dropFirst(prefix.count))
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard file.name.hasPrefix(prefix), parts.count <= 2, prefix.split(separator: "/").count <= 1
            else {
                throw UpdateRefusal(.memberName, "'\(file.name)' is not where trust data has a file")
            }
            guard seen.insert(name).inserted else {
                throw UpdateRefusal(.memberTwice, "'\(name)' is in it twice")
            }
            out.append(File(name: name, bytes: file.bytes))
        }
        return out
    }

    private static func compression(_ bytes: [UInt8]) -> String? {
        let magics: [(String, [UInt8])] = [
            ("gzip", [0x1F, 0x8B]), ("xz", [0xFD, 0x37, 0x7A]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]),
            ("bzip2", [0x42, 0x5A, 0x68]), ("zip", [0x50, 0x4B, 0x03, 0x04]),
        ]
        return magics.first { bytes.starts(with: $0.1) }?.0
    }

    /// pax records may say when and whose; one that renames, resizes or links a member would make it another
    /// file than it seems.
    private static func check(records: ArraySlice<UInt8>) throws(UpdateRefusal) {
        let harmless: Set = ["mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "comment"]
        var rest = records
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: 0x20), space - rest.startIndex <= 6,
                let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 2, length <= rest.count,
                let equals = rest[space..<rest.startIndex + length].firstIndex(of: 0x3D)
            else { throw UpdateRefusal(.malformed, "a pax record cannot be read") }
            let key = String(decoding: rest[(space + 1)..<equals], as: UTF8.self)
            guard harmless.contains(key) else {
                throw UpdateRefusal(.memberKind, "a pax record '\(Header.shown(key))' is not understood")
            }
            rest = rest.dropFirst(length)
        }
    }
}

extension TarArchive {
    /// One header block.
    private struct Header {
        enum Kind { case file, folder, records }

        let kind: Kind
        let size: Int
        private let path: ArraySlice<UInt8>

        init(_ block: ArraySlice<UInt8>) throws(UpdateRefusal) {
            func field(_ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
                let start = block.startIndex + offset
                return block[start..<start + count]
            }
            // The sum over the header, its own eight bytes taken as spaces.
            let sum = block.reduce(0) { $0 + Int($1) } - field(148, 8).reduce(0) { $0 + Int($1) } + 8 * 0x20
            guard field(257, 5).elementsEqual("ustar".utf8), Self.octal(field(148, 8)) == sum else {
                throw UpdateRefusal(.malformed, "no tar archive, or one that is damaged")
            }
            let name = field(0, 100).prefix { $0 != 0 }
            path = name
            // Longer names go on in a prefix; the old GNU form, with a space after "ustar", has dates there.
            guard field(345, 1).first == 0 || field(263, 1).first == 0x20 else {
                throw UpdateRefusal(
                    .memberName, "'\(Self.shown(name))' has a name longer than trust data has")
            }
            guard let size = Self.octal(field(124, 12)) else {
                throw UpdateRefusal(.malformed, "'\(Self.shown(name))' has no size")
            }
            switch field(156, 1).first {
            case 0, 0x30: kind = .file
            case 0x35: kind = .folder
            case 0x78, 0x67: kind = .records
            default:
                throw UpdateRefusal(
                    .memberKind, "'\(Self.shown(name))' is neither a plain file nor a folder")
            }
            guard kind == .file ? size <= StoreFile.sizeLimit : size <= (kind == .folder ? 0 : 64 << 10)
            else {
                throw UpdateRefusal(
                    .memberTooLarge, "'\(Self.shown(name))' is larger than \(StoreFile.sizeLimit >> 20) MB")
            }
            self.size = size
        }

        var shownName: String { Self.shown(path) }

        /// Relative, of plain parts: nothing absolute, no `..`, nothing hidden.
        func name() throws(UpdateRefusal) -> String {
            let text = String(decoding: path, as: UTF8.self)
            var parts = text.split(separator: "/", omittingEmptySubsequences: false)
            if parts.first == "." { parts.removeFirst() }
            let plain = parts.allSatisfy { part in
                guard let first = part.utf8.first, Self.isAlphanumeric(first) else { return false }
                return part.utf8.allSatisfy { Self.isAlphanumeric($0) || "._+~-".utf8.contains($0) }
            }
            guard plain, (1...3).contains(parts.count) else {
                throw UpdateRefusal(.memberName, "'\(Self.shown(path))' is no name that trust data has")
            }
            return parts.joined(separator: "/")
        }

        private static func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }

        /// Digits between spaces and NULs; at most 11, so that it fits. The binary form is for files of
        /// 8 GB and more.
        private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
            let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
            guard !digits.isEmpty, digits.count <= 11, digits.allSatisfy({ (0x30...0x37).contains($0) })
            else { return nil }
            return digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
        }

        /// A name from outside, made fit for a terminal.
        static func shown(_ name: some Sequence<UInt8>) -> String {
            String(
                name.prefix(100).map { (0x20...0x7E).contains($0) ? Character(UnicodeScalar($0)) : "?" })
        }
        static func shown(_ name: String) -> String { shown(name.utf8) }
    }
}
