import COpenSSL
import Certificates
import Fixtures

/// libcrypto's opinion of fixtures, read with its own decoder.
final class Judge {
    let x509: OpaquePointer?

    init(_ certificate: FixtureCertificate) {
        x509 = certificate.der.withUnsafeBufferPointer { bytes in
            var cursor = bytes.baseAddress
            return d2i_X509(nil, &cursor, bytes.count)
        }
    }

    deinit { X509_free(x509) }

    func signatureVerifies(_ other: FixtureCertificate) -> Bool {
        let judge = Judge(other)
        return withExtendedLifetime((self, judge)) { X509_verify(judge.x509, X509_get0_pubkey(x509)) == 1 }
    }

    /// Every error number that `X509_verify_cert` reports at `at`, in its own order, without repetitions;
    /// `[-1]` when a certificate cannot be decoded. Security level 2, purpose server, partial chains allowed.
    static func errors(
        _ presented: [FixtureCertificate], anchors: [FixtureCertificate], name: String?, at: Instant = now,
        strict: Bool = true
    ) -> [Int32] {
        let judges = presented.map(Judge.init)
        let roots = anchors.map(Judge.init)
        guard (judges + roots).allSatisfy({ $0.x509 != nil }) else { return [-1] }
        let store = X509_STORE_new()
        let context = X509_STORE_CTX_new()
        let untrusted = OPENSSL_sk_new_null()
        defer {
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
            OPENSSL_sk_free(untrusted)
        }
        for root in roots { X509_STORE_add_cert(store, root.x509) }
        for judge in judges.dropFirst() { OPENSSL_sk_push(untrusted, UnsafeRawPointer(judge.x509)) }
        X509_STORE_CTX_init(context, store, judges.first?.x509, untrusted)
        let parameters = X509_STORE_CTX_get0_param(context)
        X509_VERIFY_PARAM_set_flags(
            parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN | (strict ? X509_V_FLAG_X509_STRICT : 0)))
        X509_VERIFY_PARAM_set_time(parameters, Int(at.seconds))
        X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER)
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        if let name, X509_VERIFY_PARAM_set1_ip_asc(parameters, name) != 1 {
            X509_VERIFY_PARAM_set1_host(parameters, name, 0)
            X509_VERIFY_PARAM_set_hostflags(
                parameters,
                UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        }
        let found = Found()
        X509_STORE_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(found).toOpaque())
        X509_STORE_CTX_set_verify_cb(context) { ok, context in
            if ok == 0 { Found.of(context)?.add(X509_STORE_CTX_get_error(context)) }
            return 1
        }
        let result = X509_verify_cert(context)
        ERR_clear_error()
        if result != 1, found.errors.isEmpty { found.add(X509_STORE_CTX_get_error(context)) }
        return withExtendedLifetime((judges, roots, found)) { found.errors }
    }

    /// Handed to the callback through the context.
    private final class Found {
        private(set) var errors: [Int32] = []

        func add(_ error: Int32) {
            if !errors.contains(error) { errors.append(error) }
        }

        static func of(_ context: OpaquePointer?) -> Found? {
            X509_STORE_CTX_get_ex_data(context, 0).map {
                Unmanaged<Found>.fromOpaque($0).takeUnretainedValue()
            }
        }
    }
}
