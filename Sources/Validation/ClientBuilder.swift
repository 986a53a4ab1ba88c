import COpenSSL
import Certificates
import PathBuilding
import Reports
import TrustStores

/// The one path that a client's builder takes, when it is one that does not go back.
struct ClientBuilder {
    let building: Client.Building
    /// In the order sent, end entity first, each once.
    let sent: [Certificate]
    /// The store's anchors that may have issued any of those, or are one of them.
    let anchors: [Certificate]
    let at: Instant
    let purpose: Purpose
    /// It takes no anchor that is not self-signed.
    let wantsRoot: Bool

    init(store: StoreJudge, sent: [Certificate], at: Instant, options: Options) {
        building = store.client?.builds ?? .all
        var seen: Set<SHA256Digest> = []
        let sent = sent.filter { seen.insert($0.sha256).inserted }
        let index = IssuerIndex(store.store.anchors.map(\.certificate))
        var found: Set<SHA256Digest> = []
        anchors = sent.flatMap { certificate in
            index.issuers(of: certificate)
                + store.store.anchors(matching: certificate).map(\.certificate)
        }.filter { found.insert($0.sha256).inserted }
        (self.sent, self.at, purpose) = (sent, at, options.purpose)
        wantsRoot = store.refusesAnchorsOfOthers
    }

    /// Some certificate has two issuers to choose from.
    var hasChoice: Bool {
        sent.contains { child in
            var issuers = Set(anchors.filter { $0.subjectMatches(issuerOf: child) }.map(\.sha256))
            issuers.formUnion(sent.dropFirst().filter { $0.subjectMatches(issuerOf: child) }.map(\.sha256))
            return issuers.subtracting([child.sha256]).count > 1
        }
    }

    /// End entity first; it ends wherever the builder did.
    func path() -> [Certificate] {
        switch building {
        case .all: []
        case .openssl: libcryptos()
        case .first: first()
        }
    }

    // MARK: OpenSSL

    /// libcrypto's own choice over what was sent: trusted issuers first, of several one that is valid, no way
    /// back from a dead end.
    private func libcryptos() -> [Certificate] {
        let known = sent + anchors
        return withExtendedLifetime(known) {
            guard let leaf = sent.first, let context = X509_STORE_CTX_new(), let store = X509_STORE_new(),
                let trusted = catenary_sk_X509_new(), let untrusted = catenary_sk_X509_new()
            else { return [] }
            defer {
                X509_STORE_CTX_free(context)
                X509_STORE_free(store)
                catenary_sk_X509_free(trusted)
                catenary_sk_X509_free(untrusted)
                ERR_clear_error()
            }
            var byPointer: [OpaquePointer: Certificate] = [:]
            for certificate in known { byPointer[certificate.withX509 { $0 }] = certificate }
            for certificate in sent.dropFirst() {
                catenary_sk_X509_push(untrusted, certificate.withX509 { $0 })
            }
            for anchor in anchors { catenary_sk_X509_push(trusted, anchor.withX509 { $0 }) }
            guard X509_STORE_CTX_init(context, store, leaf.withX509({ $0 }), untrusted) == 1 else {
                return []
            }
            X509_STORE_CTX_set0_trusted_stack(context, trusted)
            let parameters = X509_STORE_CTX_get0_param(context)
            if !wantsRoot { X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN)) }
            X509_VERIFY_PARAM_set_time(parameters, time_t(at.seconds))
            // What the path is worth is judged elsewhere: every complaint is passed over.
            X509_STORE_CTX_set_verify_cb(context) { _, _ in 1 }
            X509_STORE_CTX_set_verify(context) { _ in 1 }
            X509_verify_cert(context)
            let chain = X509_STORE_CTX_get0_chain(context)
            return (0..<catenary_sk_X509_num(chain)).compactMap { index in
                catenary_sk_X509_value(chain, index).flatMap { byPointer[$0] }
            }
        }
    }

    // MARK: the first issuer

    /// As GnuTLS has it: what was sent is put in order, each certificate followed by the first that may have
    /// issued it; it is cut where an anchor has the same subject and key, and the last needs an anchor.
    private func first() -> [Certificate] {
        guard let leaf = sent.first else { return [] }
        var path = [leaf]
        while let last = path.last, !isSelfSigned(last),
            let next = sent.dropFirst().first(where: { mayHaveIssued($0, last) }), !path.contains(next)
        {
            path.append(next)
        }
        if path.count > 1, path.last.map(isSelfSigned) == true { path.removeLast() }
        let cut = path.firstIndex { sent in anchors.contains { $0.isSameEntity(as: sent) } }
        if let cut, cut > 0 { path.removeSubrange(cut...) }
        let issuers = anchors.filter { anchor in path.last.map { mayHaveIssued(anchor, $0) } ?? false }
        let valid = issuers.first { ($0.notBefore ?? .latest) <= at && at <= ($0.notAfter ?? .earliest) }
        return path + ((valid ?? issuers.first).map { [$0] } ?? [])
    }

    private func isSelfSigned(_ certificate: Certificate) -> Bool {
        certificate.isSelfIssued && certificate.keyIdentifierMatches(certificate) != false
    }

    private func mayHaveIssued(_ issuer: Certificate, _ child: Certificate) -> Bool {
        issuer != child && issuer.subjectMatches(issuerOf: child)
            && child.keyIdentifierMatches(issuer) != false
    }
}
