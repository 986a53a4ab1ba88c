/// `--trust-store name=path` or `name=path,client=libcrypto`: an operator's own anchors, in a PEM or DER file
/// or in a folder of `*.pem`, `*.crt` and `*.cer`.
package struct OperatorStore: Sendable, Equatable {
    package let name: String
    package let path: String
    package let client: ClientName

    /// Clients whose behaviour a store of one's own can be judged by; a later version knows more.
    package static let clients: [ClientName] =
        [.libcrypto] + ["curl", "gnutls", "go", "java", "rustls"].map(ClientName.init)

    package init(name: String, path: String, client: ClientName = .libcrypto) throws(TrustStoreError) {
        try StoreName.check(name, file: path)
        guard !path.isEmpty else { throw TrustStoreError(.unreadable, "the store '\(name)' names no file") }
        guard Self.clients.contains(client) else {
            throw TrustStoreError(
                .clientUnknown, file: path,
                "client=\(client) is not known; known: \(Self.clients.map(\.text).joined(separator: ", "))")
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
