import COpenSSL

extension Certificate {
    /// libcrypto's comparison of this certificate's names with the name constraints of an issuer above it
    /// (RFC 5280 §6.1.3 (b), (c)). True when `issuer` has none that can be decoded.
    package func isWithinNameConstraints(of issuer: Certificate) -> Bool {
        nameConstraintsError(under: issuer) == X509_V_OK
    }

    /// libcrypto's number for what is wrong with the names under the issuer's constraints; 0 when nothing is.
    package func nameConstraintsError(under issuer: Certificate) -> Int32 {
        issuer.withX509 { parent in
            guard let decoded = X509_get_ext_d2i(parent, NID_name_constraints, nil, nil) else {
                return X509_V_OK
            }
            let constraints = decoded.assumingMemoryBound(to: NAME_CONSTRAINTS.self)
            defer {
                NAME_CONSTRAINTS_free(constraints)
                ERR_clear_error()
            }
            return withX509 { NAME_CONSTRAINTS_check($0, constraints) }
        }
    }
}
