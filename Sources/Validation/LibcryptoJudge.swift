import COpenSSL
import Certificates
import Checks
import PathBuilding
import Reports

/// libcrypto's verdict on one candidate path: exactly its certificates, every error with its depth.
///
/// The chain is forced through `X509_STORE_set_check_issued`; the stage of signatures and times is replaced,
/// because both are checked apart (with the edge cache, and with notAfter inclusive). What remains is
/// libcrypto's: purposes, CA bits, path lengths, key usage, critical extensions, name constraints, policies,
/// security level.
struct LibcryptoJudge {
    /// What `X509_verify_cert` said. Does not depend on the instant or on the reference identifier.
    struct Answer: Sendable, Equatable {
        var errors: [ErrorAt] = []
        var returned: Int32 = 0
        /// The chain it built is the one asked for.
        var followed = false
    }

    struct ErrorAt: Sendable, Equatable, Hashable {
        let code: Int32
        let depth: Int
    }

    /// Handed to the callbacks for the time of one call.
    private struct Run {
        let chain: [OpaquePointer]
        var answer = Answer()
    }

    let purpose: Purpose
    let profile: Profile
    let policies: PolicyInputs

    /// Clients of the web do not process policies unless asked; RFC 5280 §6.1 always does.
    var checksPolicies: Bool { profile == .rfc5280 || !policies.isDefault }

    init(options: Options) {
        (purpose, profile, policies) = (options.purpose, options.profile, options.policies)
    }

    func judge(_ path: CandidatePath, at: Instant) -> Answer {
        // Borrowed for the call; the path keeps the certificates alive.
        let pointers = path.certificates.map { $0.withX509 { $0 } }
        let answer = withExtendedLifetime(path) { verify(pointers, anchored: path.end == .anchor, at: at) }
        guard path.end == .anchor, !answer.followed, let rollovers = Rollovers(path) else { return answer }
        return verify(rollovers.chain, anchored: true, at: at)
    }

    private func verify(_ chain: [OpaquePointer], anchored: Bool, at: Instant) -> Answer {
        guard let context = X509_STORE_CTX_new(), let trusted = catenary_sk_X509_new(),
            let untrusted = catenary_sk_X509_new()
        else { return Answer() }
        defer {
            X509_STORE_CTX_free(context)
            catenary_sk_X509_free(trusted)
            catenary_sk_X509_free(untrusted)
            ERR_clear_error()
        }
        for (depth, x509) in chain.enumerated() {
            if anchored, depth == chain.count - 1 {
                catenary_sk_X509_push(trusted, x509)
            } else if depth > 0 {
                catenary_sk_X509_push(untrusted, x509)
            }
        }
        guard X509_STORE_CTX_init(context, Self.store, chain[0], untrusted) == 1 else { return Answer() }
        X509_STORE_CTX_set0_trusted_stack(context, trusted)
        configure(X509_STORE_CTX_get0_param(context), at: at)
        X509_STORE_CTX_set_verify(context, Self.signaturesElsewhere)
        var run = Run(chain: chain)
        return withUnsafeMutablePointer(to: &run) { pointer in
            X509_STORE_CTX_set_ex_data(context, 0, pointer)
            pointer.pointee.answer.returned = X509_verify_cert(context)
            pointer.pointee.answer.followed = Self.built(context) == chain
            return pointer.pointee.answer
        }
    }

    private func configure(_ parameters: OpaquePointer?, at: Instant) {
        var flags = UInt(X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME)
        if checksPolicies { flags |= setPolicies(parameters) }
        X509_VERIFY_PARAM_set_flags(parameters, flags)
        X509_VERIFY_PARAM_set_time(parameters, time_t(at.seconds))
        X509_VERIFY_PARAM_set_depth(parameters, 1_000)
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        // Else name constraints are applied to a common name that looks like a DNS name.
        X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        let id =
            switch purpose {
            case .server: X509_PURPOSE_SSL_SERVER
            case .client: X509_PURPOSE_SSL_CLIENT
            case .any: X509_PURPOSE_ANY
            }
        X509_VERIFY_PARAM_set_purpose(parameters, id)
    }

    /// anyPolicy is named explicitly: libcrypto takes an empty set for none.
    private func setPolicies(_ parameters: OpaquePointer?) -> UInt {
        let wanted = policies.acceptable ?? ["2.5.29.32.0"]
        let list = catenary_sk_ASN1_OBJECT_new()
        for oid in wanted {
            guard let object = OBJ_txt2obj(oid, 1) else { continue }
            catenary_sk_ASN1_OBJECT_push(list, object)
        }
        X509_VERIFY_PARAM_set1_policies(parameters, list)
        catenary_sk_ASN1_OBJECT_pop_free(list)
        var flags = UInt(X509_V_FLAG_POLICY_CHECK)
        if policies.requireExplicitPolicy { flags |= UInt(X509_V_FLAG_EXPLICIT_POLICY) }
        if policies.inhibitPolicyMapping { flags |= UInt(X509_V_FLAG_INHIBIT_MAP) }
        if policies.inhibitAnyPolicy { flags |= UInt(X509_V_FLAG_INHIBIT_ANY) }
        return flags
    }

    private static func built(_ context: OpaquePointer) -> [OpaquePointer] {
        let chain = X509_STORE_CTX_get0_chain(context)
        return (0..<catenary_sk_X509_num(chain)).compactMap { catenary_sk_X509_value(chain, $0) }
    }

    /// Holds the callbacks, no certificates: each call brings its own trusted stack.
    nonisolated(unsafe) private static let store: OpaquePointer? = {
        let store = X509_STORE_new()
        X509_STORE_set_check_issued(store) { context, child, issuer in
            guard let run = LibcryptoJudge.run(context), let child, let issuer else { return 0 }
            let chain = run.pointee.chain
            guard let at = chain.firstIndex(of: child) else { return 0 }
            // A certificate is asked for as its own issuer to see whether it is self-signed; only an end may
            // be. An end entity that is the anchor is not: libcrypto would put it on top of itself.
            if child == issuer {
                return at == chain.count - 1 && (at > 0 || isSelfIssued(child)) ? 1 : 0
            }
            return at + 1 < chain.count && chain[at + 1] == issuer ? 1 : 0
        }
        X509_STORE_set_verify_cb(store) { ok, context in
            guard ok == 0, let run = LibcryptoJudge.run(context) else { return 1 }
            // Errors of a context with a parent belong to a CRL, not to the path.
            guard X509_STORE_CTX_get0_parent_ctx(context) == nil else { return 1 }
            let error = ErrorAt(
                code: X509_STORE_CTX_get_error(context), depth: Int(X509_STORE_CTX_get_error_depth(context)))
            if !run.pointee.answer.errors.contains(error) { run.pointee.answer.errors.append(error) }
            return 1
        }
        return store
    }()

    private static func isSelfIssued(_ certificate: OpaquePointer) -> Bool {
        X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0
    }

    private static let signaturesElsewhere: @convention(c) (OpaquePointer?) -> Int32 = { _ in 1 }

    private static func run(_ context: OpaquePointer?) -> UnsafeMutablePointer<Run>? {
        X509_STORE_CTX_get_ex_data(context, 0)?.assumingMemoryBound(to: Run.self)
    }
}
