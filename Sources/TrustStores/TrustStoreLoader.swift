import Certificates

/// Makes a `StoreSet` from the trust data folder, the system's bundle and operators' stores. It reads only
/// when told and keeps nothing: a reload is another `load`.
package struct TrustStoreLoader: Sendable, Equatable {
    /// Holds `roots.pem`, `stores/*.json`, `clients/*.json`, `logs.json`, `onecrl.json` and
    /// `blocked-keys.json`.
    package var folder: String
    package var operators: [OperatorStore]
    /// Nil: no store `system`. A file that is not there is no error.
    package var systemBundle: String?
    /// Asked when neither a request nor a rule names any. Nil: `usualNames`, as far as they are loaded.
    package var defaultNames: [String]?

    package static let usualNames = ["mozilla", "chrome", "apple", "microsoft"]
    /// Where Debian's update-ca-certificates writes.
    package static let debianBundle = "/etc/ssl/certs/ca-certificates.crt"
    private static let system = "system"

    package init(
        folder: String, operators: [OperatorStore] = [],
        systemBundle: String? = TrustStoreLoader.debianBundle,
        defaultNames: [String]? = nil
    ) {
        (self.folder, self.operators) = (folder, operators)
        (self.systemBundle, self.defaultNames) = (systemBundle, defaultNames)
    }

    /// Every store, or the first error. Certificates of `earlier` are not parsed again.
    package func load(reusing earlier: StoreSet? = nil) throws(TrustStoreError) -> StoreSet {
        var shelf = CertificateShelf(reusing: earlier?.anchors ?? [])
        let clients = try clients()
        var stores = try readShipped(clients, &shelf)
        var notices = [TrustStoreError]()
        if let libcrypto = clients[.libcrypto] {
            let client = clients[.curl] ?? libcrypto
            if let store = try readSystem(client, &shelf, &notices) { stores.append(store) }
            for own in operators {
                guard !stores.contains(where: { $0.name == own.name }) else {
                    throw TrustStoreError(
                        .nameTaken, file: own.path, "there is a store '\(own.name)' already")
                }
                guard let client = clients[own.client] else {
                    let known = clients.keys.map(\.text).sorted().joined(separator: ", ")
                    throw TrustStoreError(
                        .clientUnknown, file: own.path, "client=\(own.client) is not known; known: \(known)")
                }
                stores.append(try read(own, client, &shelf))
            }
        } else {
            throw TrustStoreError(.clientUnknown, file: folder + "/clients", "no client 'libcrypto' in it")
        }
        let known = Set(stores.map(\.name))
        let usual = Self.usualNames.filter { known.contains($0) }
        let names = defaultNames ?? (usual.isEmpty ? ["mozilla"] : usual)
        let set = StoreSet(
            stores, clients: clients.values.sorted { $0.name.text < $1.name.text }, defaultNames: names,
            notices: notices, logs: try document("logs.json")?.logs(), blocks: try readBlocks())
        _ = try set.resolve(names)
        return set
    }

    /// What the folder knows of programs, without any store.
    package func clients() throws(TrustStoreError) -> [ClientName: Client] {
        var clients = [ClientName: Client]()
        for document in try documents(folder + "/clients") {
            let client = try document.client()
            guard clients.updateValue(client, forKey: client.name) == nil else {
                throw TrustStoreError(
                    .nameTaken, file: document.file, "there is a client '\(client.name)' already")
            }
        }
        return clients
    }

    private func readShipped(
        _ clients: [ClientName: Client], _ shelf: inout CertificateShelf
    ) throws(TrustStoreError) -> [TrustStore] {
        let roots = folder + "/roots.pem"
        let list = try shelf.certificates(try StoreFile.read(roots).bytes, file: roots)
        let certificates = Dictionary(list.map { ($0.sha256, $0) }) { first, _ in first }
        var stores = [TrustStore]()
        for document in try documents(folder + "/stores") {
            let store = try document.store(clients: clients, certificates: certificates)
            guard !stores.contains(where: { $0.reference == store.reference }) else {
                throw TrustStoreError(
                    .nameTaken, file: document.file, "there is a '\(store.reference)' already")
            }
            stores.append(store)
        }
        guard !stores.isEmpty else {
            throw TrustStoreError(.empty, file: folder + "/stores", "no store in it")
        }
        return stores
    }

    /// A list that is not there is no error: what it would say is then not established.
    private func document(_ name: String) throws(TrustStoreError) -> StoreDocument? {
        let file = "\(folder)/\(name)"
        guard try StoreFile.kind(file) != .absent else { return nil }
        return try StoreDocument(try StoreFile.read(file).bytes, file: file)
    }

    private func readBlocks() throws(TrustStoreError) -> [BlockList] {
        var out = [BlockList]()
        for name in ["onecrl.json", "blocked-keys.json"] {
            if let document = try document(name) { out += try document.blockLists() }
        }
        return out
    }

    private func documents(_ folder: String) throws(TrustStoreError) -> [StoreDocument] {
        var out = [StoreDocument]()
        for name in try StoreFile.names(in: folder, extensions: ["json"]) {
            let file = "\(folder)/\(name)"
            out.append(try StoreDocument(try StoreFile.read(file).bytes, file: file))
        }
        return out
    }

    /// The machine's own list. One odd certificate in it must not keep the service from starting: it is left
    /// out, and a notice says so. Dated by its file, since it names no version.
    private func readSystem(
        _ client: Client, _ shelf: inout CertificateShelf, _ notices: inout [TrustStoreError]
    ) throws(TrustStoreError) -> TrustStore? {
        guard let systemBundle else { return nil }
        do throws(TrustStoreError) {
            guard try StoreFile.kind(systemBundle) != .absent else { return nil }
            let contents = try StoreFile.read(systemBundle)
            var bad = [TrustStoreError]()
            let certificates = try shelf.certificates(contents.bytes, file: systemBundle) { bad.append($0) }
            notices += bad
            guard !certificates.isEmpty else {
                throw TrustStoreError(.empty, file: systemBundle, "no usable certificate in it")
            }
            return TrustStore(
                name: Self.system, published: contents.modified, origin: .system, client: client,
                anchors: certificates.map { Anchor(certificate: $0) })
        } catch {
            notices.append(error)
            return nil
        }
    }

    private func read(
        _ own: OperatorStore, _ client: Client, _ shelf: inout CertificateShelf
    ) throws(TrustStoreError) -> TrustStore {
        var files = [own.path]
        let kind = try StoreFile.kind(own.path)
        guard kind != .absent else {
            throw TrustStoreError(.unreadable, file: own.path, "no such file or folder")
        }
        if kind == .folder {
            let extensions: Set = ["pem", "crt", "cer"]
            files = try StoreFile.names(in: own.path, extensions: extensions).map { "\(own.path)/\($0)" }
        }
        var certificates = [Certificate]()
        for file in files {
            certificates += try shelf.certificates(try StoreFile.read(file).bytes, file: file)
            guard certificates.count <= CertificateShelf.limit else {
                throw TrustStoreError(
                    .tooLarge, file: own.path, "more than \(CertificateShelf.limit) certificates")
            }
        }
        guard !certificates.isEmpty else {
            throw TrustStoreError(.empty, file: own.path, "no *.pem, *.crt or *.cer file in it")
        }
        return TrustStore(
            name: own.name, origin: .custom, client: client,
            anchors: certificates.map { Anchor(certificate: $0) })
    }
}
