/// `--trust-store name=path` or `name=path,client=java`: an operator's own anchors, in a PEM or DER file or
/// in a folder of `*.pem`, `*.crt` and `*.cer`. Whether the client is known, the trust data says when it is
/// loaded.
package struct OperatorStore: Sendable, Equatable {
    package let name: String
    package let path: String
    package let client: ClientName

    package init(name: String, path: String, client: ClientName = .libcrypto) throws(TrustStoreError) {
        try StoreName.check(name, file: path)
        guard !path.isEmpty else { throw TrustStoreError(.unreadable, "the store '\(name)' names no file") }
        guard StoreName.isWellFormed(client.text) else {
            throw TrustStoreError(.clientUnknown, file: path, "client= names no client")
        }
        (self.name, self.path, self.client) = (name, path, client)
    }

    package init(parsing text: String) throws(TrustStoreError) {
        guard let equals = text.firstIndex(of: "=") else {
            throw TrustStoreError(.nameInvalid, "write a trust store as name=path")
        }
        var path = text[text.index(after: equals)...]
        var client = ClientName.libcrypto
        // The last one counts, so that a path may hold a comma.
        if let comma = path.lastIndex(of: ","), path[comma...].hasPrefix(",client=") {
            client = ClientName(String(path[comma...].dropFirst(",client=".count)))
            path = path[..<comma]
        }
        try self.init(name: String(text[..<equals]), path: String(path), client: client)
    }
}
