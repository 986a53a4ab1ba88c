import COpenSSL

extension Certificate {
    /// libcrypto's comparison of this certificate's names with the name constraints of an issuer above it
    /// (RFC 5280 §6.1.3 (b), (c)). True when `issuer` has none that can be decoded.
    package func isWithinNameConstraints(of issuer: Certificate) -> Bool {
        issuer.withX509 { parent in
            guard let decoded = X509_get_ext_d2i(parent, NID_name_constraints, nil, nil) else { return true }
            let constraints = decoded.assumingMemoryBound(to: NAME_CONSTRAINTS.self)
            defer {
                NAME_CONSTRAINTS_free(constraints)
                ERR_clear_error()
            }
            return withX509 { NAME_CONSTRAINTS_check($0, constraints) == X509_V_OK }
        }
    }
}
