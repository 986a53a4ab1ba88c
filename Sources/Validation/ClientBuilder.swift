import COpenSSL
import Certificates
import PathBuilding
import Reports
import TrustStores

/// The one path that a client's builder takes, when it is one that does not go back.
struct ClientBuilder: Sendable {
    let building: Client.Building
    /// In the order sent, end entity first, each once.
    let sent: [Certificate]
    /// The store's anchors that may have issued any of those, or are one of them.
    let anchors: [Certificate]
    /// It takes no anchor that is not self-signed.
    let wantsRoot: Bool
    /// Those of which another might be taken in their place: their dates turn the choice.
    let rivals: [Certificate]

    /// Nil for a client that goes back, and where nothing is to be chosen.
    init?(store: StoreJudge, sent: [Certificate]) {
        guard let index = store.issuers, Self.mayChoose(sent, index) else { return nil }
        building = store.client?.builds ?? .all
        var seen: Set<SHA256Digest> = []
        let sent = sent.filter { seen.insert($0.sha256).inserted }
        var found: Set<SHA256Digest> = []
        anchors = sent.flatMap { certificate in
            index.issuers(of: certificate)
                + store.store.anchors(matching: certificate).map(\.certificate)
        }.filter { found.insert($0.sha256).inserted }
        (self.sent, wantsRoot) = (sent, store.refusesAnchorsOfOthers)
        let pool = IssuerIndex(sent.dropFirst() + anchors)
        var counted: Set<SHA256Digest> = []
        rivals = sent.flatMap { child in
            let issuers = pool.issuers(of: child).filter { $0.sha256 != child.sha256 }
            return issuers.count > 1 ? issuers : []
        }.filter { counted.insert($0.sha256).inserted }
        if rivals.isEmpty { return nil }
    }

    /// Counted before anything is made: most chains leave nothing to choose.
    private static func mayChoose(_ sent: [Certificate], _ anchors: IssuerIndex) -> Bool {
        let above = sent.dropFirst()
        return sent.contains { child in
            let issuers = above.count { $0.subjectHash == child.issuerHash && $0 != child }
            return issuers + anchors.issuers(of: child).count { !above.contains($0) } > 1
        }
    }

    /// It is known what such a program does, not that it does so in every case: a path that it seems to miss
    /// is not established, where libcrypto's own builder says so itself.
    var isModel: Bool { building == .first }

    /// Where a rival begins to be valid or has ended.
    struct Turn {
        let at: Instant
        let changes: [PathValidity.Edge]
    }

    /// After the first second of `range`, each instant once, in order. Between two of them the path stays.
    func turns(in range: ClosedRange<Instant>) -> [Turn] {
        var changes: [Instant: [PathValidity.Edge]] = [:]
        func add(_ instant: Instant?, _ cause: FirstBreak.Cause, _ certificate: Certificate) {
            guard let instant, range.contains(instant), instant != range.lowerBound else { return }
            changes[instant, default: []].append(
                PathValidity.Edge(cause: cause, certificate: certificate.sha256))
        }
        for rival in rivals {
            add(rival.notBefore, .notYetValid, rival)
            let isSent = sent.contains(rival)
            add(rival.notAfter.map { $0 + 1 }, isSent ? .issuerExpires : .anchorExpires, rival)
        }
        return changes.map { Turn(at: $0.key, changes: $0.value) }.sorted { $0.at < $1.at }
    }

    /// End entity first; it ends wherever the builder did.
    func path(at: Instant) -> [Certificate] {
        switch building {
        case .all: []
        case .openssl: libcryptos(at: moment(at))
        case .first: first(at: at)
        }
    }

    // MARK: OpenSSL

    /// libcrypto's own choice over what was sent: trusted issuers first, of several one that is valid, no way
    /// back from a dead end.
    private func libcryptos(at: Instant) -> [Certificate] {
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

    /// To libcrypto a certificate has ended at the very second of its notAfter; here it has not (RFC 5280
    /// §4.1.2.5).
    private func moment(_ at: Instant) -> Instant {
        let isLast = rivals.contains { $0.notAfter == at } && !rivals.contains { $0.notBefore == at }
        return isLast ? at + -1 : at
    }

    // MARK: the first issuer

    /// As GnuTLS has it: what was sent is put in order, each certificate followed by the first that may have
    /// issued it; it is cut where an anchor has the same subject and key, and the last needs an anchor.
    private func first(at: Instant) -> [Certificate] {
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
