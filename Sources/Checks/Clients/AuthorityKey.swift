import Certificates
import Reports

extension ClientRule {
    /// `key_identifier_mismatch` in its two halves: the key identifier (GnuTLS refuses it), and issuer with
    /// serial (only the OpenSSL family does; ran).
    static let authorityKey = ClientRule(
        .clientKeyIdentifier, Check.keyIdentifier.title, .rfc(5280, "4.2.1.1"), .authorityKeyMismatch,
        .authorityIssuerMismatch
    ) { context in
        guard case .failed(let failures)? = Check.keyIdentifier.evaluate?(context) else { return .passed }
        return .failed(
            failures.map { failure in
                var half = failure
                half.reason =
                    failure.native == LibcryptoTable.native(30)
                    ? .authorityKeyMismatch : .authorityIssuerMismatch
                return half
            })
    }
}
