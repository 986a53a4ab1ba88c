/// What a store may be called: `[a-z0-9][a-z0-9._-]{0,63}`, so that it fits a query string, a label and a
/// file name.
package enum StoreName {
    /// `request` is the store of a request's own anchors; `all` stands for every loaded store.
    package static let request = "request"
    package static let everything = "all"

    package static func check(_ name: String, file: String? = nil) throws(TrustStoreError) {
        guard isWellFormed(name) else {
            throw TrustStoreError(
                .nameInvalid, file: file,
                "a store's name is 1 to 64 of a-z, 0-9, '.', '_' and '-', a letter or digit first")
        }
        guard name != request, name != everything else {
            throw TrustStoreError(.nameReserved, file: file, "the store name '\(name)' is reserved")
        }
    }

    static func isWellFormed(_ name: String) -> Bool {
        func isAlphanumeric(_ c: UInt8) -> Bool { (0x61...0x7A).contains(c) || (0x30...0x39).contains(c) }
        guard (1...64).contains(name.utf8.count), let first = name.utf8.first, isAlphanumeric(first) else {
            return false
        }
        return name.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }
    }
}
