import COpenSSL
import Certificates
import PathBuilding

/// What the CRLs at hand say of one certificate.
package enum RevocationAnswer: Sendable, Equatable {
    case good
    /// A verified CRL of the right scope and date lists it.
    case revoked
    /// No CRL covers it.
    case absent
    /// There is one, and it cannot be used: libcrypto's numbers.
    case unusable([Int32])
    /// There is one of its issuer's name, and the bound on signature checks came before its signer.
    case unexamined
}

/// Judges CRLs over a path that is valid without them (RFC 5280 §6.3), by libcrypto. A second pass: in one
/// pass libcrypto looks at CRLs before signatures, and takes a stranger's word that the end entity is
/// revoked.
package struct CRLJudge: Sendable {
    private let crls: [CRL]
    /// Certificates that may have issued a CRL beside those of the path.
    private let pool: [Certificate]
    let signers = CRLSigners()

    package init(crls: [CRL], pool: [Certificate]) { (self.crls, self.pool) = (crls, pool) }

    /// One answer for each certificate below the anchor, end entity first.
    package func judge(_ path: CandidatePath, at: Instant) -> [RevocationAnswer] {
        let below = path.certificates.dropLast()
        guard path.end == .anchor, !below.isEmpty else { return [] }
        // The path's own issuers first: they are few, and an honest CRL is theirs.
        let answers = zip(crls, crls.map { signers.answer($0, path.certificates) }).map { crl, answer in
            answer == .stranger ? signers.answer(crl, pool) : answer
        }
        let signed = zip(crls, answers).filter { $0.1 == .signed }.map(\.0)
        let unexamined = zip(crls, answers).filter { $0.1 == .exhausted }.map(\.0)
        let usable = signed.filter(\.hasNumber)
        let unnumbered = signed.filter { !$0.hasNumber }
        let errors = verify(path, usable, at)
        return below.indices.map { depth in
            let codes = (errors[depth] ?? []).filter { code in
                // Inclusive nextUpdate: the second itself still counts.
                code != X509_V_ERR_CRL_HAS_EXPIRED || !usable.contains { $0.endsExactly(at: at) }
            }
            let unusable = codes.filter {
                $0 != X509_V_ERR_CERT_REVOKED && $0 != X509_V_ERR_UNABLE_TO_GET_CRL
            }
            if !unusable.isEmpty { return .unusable(unusable.sorted()) }
            if codes.contains(X509_V_ERR_CERT_REVOKED) { return .revoked }
            guard codes.contains(X509_V_ERR_UNABLE_TO_GET_CRL) else { return .good }
            let certificate = path.certificates[depth]
            if unexamined.contains(where: { $0.isIssuer(of: certificate) }) { return .unexamined }
            // There is one, but without the number that RFC 5280 §5.2.3 demands.
            let isThere = unnumbered.contains { $0.isIssuer(of: certificate) }
            return isThere ? .unusable([X509_V_ERR_UNABLE_TO_GET_CRL]) : .absent
        }
    }

    /// Handed to the callbacks for the time of one call.
    private struct Run {
        let chain: [OpaquePointer]
        var errors: [Int: Set<Int32>] = [:]
    }

    private func verify(_ path: CandidatePath, _ usable: [CRL], _ at: Instant) -> [Int: Set<Int32>] {
        guard let context = X509_STORE_CTX_new(), let untrusted = catenary_sk_X509_new(),
            let list = catenary_sk_X509_CRL_new(), let store = X509_STORE_new()
        else { return [0: [X509_V_ERR_OUT_OF_MEM]] }
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            catenary_sk_X509_free(untrusted)
            catenary_sk_X509_CRL_free(list)
            ERR_clear_error()
        }
        let chain = path.certificates.map { $0.withX509 { $0 } }
        X509_STORE_add_cert(store, chain[chain.count - 1])
        for x509 in chain.dropFirst().dropLast() { catenary_sk_X509_push(untrusted, x509) }
        for certificate in pool { certificate.withX509 { _ = catenary_sk_X509_push(untrusted, $0) } }
        for crl in usable { crl.withCRL { _ = catenary_sk_X509_CRL_push(list, $0) } }
        Self.install(store)
        guard X509_STORE_CTX_init(context, store, chain[0], untrusted) == 1 else {
            return [0: [X509_V_ERR_OUT_OF_MEM]]
        }
        X509_STORE_CTX_set0_crls(context, list)
        let parameters = X509_STORE_CTX_get0_param(context)
        // Not STRICT: it refuses a CRL issuer without keyUsage.
        X509_VERIFY_PARAM_set_flags(
            parameters,
            UInt(
                X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_EXTENDED_CRL_SUPPORT
                    | X509_V_FLAG_USE_DELTAS | X509_V_FLAG_PARTIAL_CHAIN))
        X509_VERIFY_PARAM_set_time(parameters, time_t(at.seconds))
        X509_VERIFY_PARAM_set_depth(parameters, 1_000)
        var run = Run(chain: chain)
        return withExtendedLifetime((path, usable, pool)) {
            withUnsafeMutablePointer(to: &run) { pointer in
                X509_STORE_CTX_set_ex_data(context, 0, pointer)
                X509_verify_cert(context)
                return pointer.pointee.errors
            }
        }
    }

    private static func install(_ store: OpaquePointer) {
        X509_STORE_set_check_issued(store) { context, child, issuer in
            guard let child, let issuer else { return 0 }
            // The path of a CRL's issuer is libcrypto's to find.
            guard X509_STORE_CTX_get0_parent_ctx(context) == nil, let run = CRLJudge.run(context) else {
                return X509_check_issued(issuer, child) == X509_V_OK ? 1 : 0
            }
            let chain = run.pointee.chain
            guard let at = chain.firstIndex(of: child) else { return 0 }
            if child == issuer { return at == chain.count - 1 ? 1 : 0 }
            return at + 1 < chain.count && chain[at + 1] == issuer ? 1 : 0
        }
        X509_STORE_set_verify_cb(store) { ok, context in
            guard ok == 0 else { return 1 }
            let code = X509_STORE_CTX_get_error(context)
            // A CRL issuer's path that does not verify makes its context fail, and the CRL unusable.
            guard X509_STORE_CTX_get0_parent_ctx(context) == nil else { return 0 }
            guard let run = CRLJudge.run(context), CRLJudge.concernsCRLs(code) else { return 1 }
            run.pointee.errors[Int(X509_STORE_CTX_get_error_depth(context)), default: []].insert(code)
            return 1
        }
    }

    private static func concernsCRLs(_ code: Int32) -> Bool {
        [
            X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE,
            X509_V_ERR_CRL_SIGNATURE_FAILURE,
            X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_CRL_HAS_EXPIRED,
            X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD,
            X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, X509_V_ERR_CERT_REVOKED,
            X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
            X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
            X509_V_ERR_DIFFERENT_CRL_SCOPE, X509_V_ERR_CRL_PATH_VALIDATION_ERROR,
        ].contains(code)
    }

    private static func run(_ context: OpaquePointer?) -> UnsafeMutablePointer<Run>? {
        X509_STORE_CTX_get_ex_data(context, 0)?.assumingMemoryBound(to: Run.self)
    }
}
