import COpenSSL

/// What libcrypto says of one certificate's signature under one issuer's key.
package enum SignatureOutcome: Sendable, Equatable {
    case valid
    case bad
    /// Inner and outer AlgorithmIdentifier differ (RFC 5280 §4.1.1.2).
    case algorithmMismatch
    /// libcrypto does not know the signature algorithm; says nothing of the signature.
    case algorithmUnknown
    /// The issuer's key cannot be decoded.
    case keyUndecodable
}

extension Certificate {
    /// Checks this certificate's signature with `issuer`'s key (`X509_verify`, RFC 5280 §6.1.3 (a)(1)).
    /// Nothing but the signature is looked at. Without `shortcuts` libcrypto alone is asked.
    package func signature(by issuer: Certificate, shortcuts: Bool = true) -> SignatureOutcome {
        guard innerAlgorithm == outerAlgorithm else { return .algorithmMismatch }
        guard issuer.isKeyDecodable else { return .keyUndecodable }
        if shortcuts, isSignedPlainly(by: issuer) { return .valid }
        return withX509 { child in
            issuer.withX509 { parent in
                ERR_clear_error()
                defer { ERR_clear_error() }
                if X509_verify(child, X509_get0_pubkey(parent)) == 1 { return .valid }
                return isSignatureAlgorithmKnown ? .bad : .algorithmUnknown
            }
        }
    }

    /// libcrypto has the digest and the key type that the signature's OID names.
    package var isSignatureAlgorithmKnown: Bool {
        withKeyless { x509 in
            let nid = X509_get_signature_nid(x509)
            guard nid != NID_undef else { return false }
            var digest: Int32 = 0
            var keyType: Int32 = 0
            return OBJ_find_sigid_algs(nid, &digest, &keyType) == 1
        }
    }

    /// The issuer could be looked up: does its subject equal our issuer name, and if both carry a key
    /// identifier, are they equal (RFC 5280 §4.2.1.1)?
    package func keyIdentifierMatches(_ issuer: Certificate) -> Bool? {
        guard let wanted = extensions.authorityKeyIdentifier?.keyID,
            let offered = issuer.extensions.subjectKeyIdentifier
        else { return nil }
        return wanted == offered
    }
}

extension Certificate {
    /// Issuer and serial of the authority key identifier, where it has them, are those of `issuer`
    /// (`X509_check_akid`). A key identifier mismatch is asked for apart.
    package func authorityMatchesIssuerAndSerial(_ issuer: Certificate) -> Bool {
        withKeyless { child in
            issuer.withKeyless { parent in
                guard let identifier = X509_get_ext_d2i(child, NID_authority_key_identifier, nil, nil) else {
                    return true
                }
                let aki = identifier.assumingMemoryBound(to: AUTHORITY_KEYID.self)
                defer { AUTHORITY_KEYID_free(aki) }
                return X509_check_akid(parent, aki) != X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH
            }
        }
    }
}
