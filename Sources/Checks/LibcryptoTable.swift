import COpenSSL
import Certificates
import Reports

/// What an error of `X509_verify_cert` means. One number is not one reason: what it says depends on what we
/// know of the certificate, so the table is over (number, certificate, place).
package enum LibcryptoTable {
    package enum Meaning: Sendable, Equatable {
        case finding(CheckID, Reason, Status)
        /// One of our own checks says it, with both sides of the comparison.
        case saidElsewhere
    }

    /// The highest error number of the linked OpenSSL that this table knows; a test walks all of them.
    package static let highest: Int32 = 94

    package static func native(_ code: Int32) -> Native {
        Native(code: code, name: LibcryptoErrors.names[code] ?? "X509_V_ERR_\(code)")
    }

    package static func meaning(
        of code: Int32, certificate: Certificate, place: Place, purpose: Purpose
    ) -> Meaning {
        func failed(_ check: CheckID, _ reason: Reason) -> Meaning { .finding(check, reason, .failed) }
        func open(_ check: CheckID, _ reason: Reason) -> Meaning { .finding(check, reason, .notEstablished) }
        let isKeyKnown = certificate.key.kind != .unknown
        return switch code {
        // Signatures, times, issuers and names are compared by checks of ours, with the same numbers as
        // `native`.
        case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE,
            X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED,
            X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD,
            X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
            X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
            X509_V_ERR_AKID_SKID_MISMATCH, X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH,
            X509_V_ERR_HOSTNAME_MISMATCH,
            X509_V_ERR_EMAIL_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH,
            X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY,
            X509_V_ERR_NO_ISSUER_PUBLIC_KEY, X509_V_ERR_EC_KEY_EXPLICIT_PARAMS,
            X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY, X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM:
            .saidElsewhere
        case X509_V_ERR_CERT_UNTRUSTED, X509_V_ERR_CERT_REJECTED: failed(.anchorFound, .issuerFoundUntrusted)
        case X509_V_ERR_CERT_CHAIN_TOO_LONG: failed(.pathLength, .depthExceeded)
        case X509_V_ERR_PATH_LENGTH_EXCEEDED: failed(.pathLength, .pathLengthExceeded)
        case X509_V_ERR_SUBJECT_ISSUER_MISMATCH: failed(.pathIssuer, .issuerNameMismatch)
        case X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH: failed(.pathSignature, .algorithmMismatch)
        case X509_V_ERR_INVALID_PURPOSE: purposeMeaning(certificate, place, purpose)
        case X509_V_ERR_INVALID_CA: authorityMeaning(certificate, place)
        case X509_V_ERR_INVALID_NON_CA: failed(.pathBasicConstraints, .endEntityIsCA)
        case X509_V_ERR_KEYUSAGE_NO_CERTSIGN: failed(.pathKeyUsage, .keyCertSignAbsent)
        case X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE: failed(.pathKeyUsage, .keyUsageUnsuitable)
        case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
            failed(.pathCriticalExtension, .criticalExtensionUnknown)
        case X509_V_ERR_INVALID_EXTENSION, X509_V_ERR_UNNESTED_RESOURCE,
            X509_V_ERR_UNSUPPORTED_EXTENSION_FEATURE:
            failed(.pathCriticalExtension, .extensionMalformed)
        case X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED, X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED,
            X509_V_ERR_PROXY_SUBJECT_NAME_VIOLATION:
            failed(.pathCriticalExtension, .proxyCertificate)
        case X509_V_ERR_INVALID_POLICY_EXTENSION: failed(.pathPolicy, .policyMalformed)
        case X509_V_ERR_NO_EXPLICIT_POLICY: failed(.pathPolicy, .policyNotSatisfied)
        case X509_V_ERR_PERMITTED_VIOLATION: failed(.pathNameConstraints, .nameNotPermitted)
        case X509_V_ERR_EXCLUDED_VIOLATION: failed(.pathNameConstraints, .nameExcluded)
        case X509_V_ERR_SUBTREE_MINMAX, X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
            X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
            failed(.pathNameConstraints, .nameConstraintsMalformed)
        case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE: failed(.pathNameConstraints, .nameConstraintsUnsupported)
        // 66 and 67 also come for a key that cannot be decoded, 68 for an algorithm that is not known.
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL:
            certificate.isKeyDecodable
                ? failed(.pathAlgorithm, .keyTooSmall)
                : isKeyKnown ? .saidElsewhere : open(.pathAlgorithm, .algorithmUnknown)
        case X509_V_ERR_CA_MD_TOO_WEAK:
            certificate.isSignatureAlgorithmKnown
                ? failed(.pathAlgorithm, .digestTooWeak)
                : open(.pathAlgorithm, .algorithmUnknown)
        // Comes beside 66 for a key that cannot be decoded.
        case X509_V_ERR_UNSPECIFIED where !certificate.isKeyDecodable: .saidElsewhere
        case X509_V_ERR_CERT_REVOKED: failed(.revocationStatus, .revoked)
        case X509_V_ERR_UNABLE_TO_GET_CRL: open(.revocationStatus, .crlAbsent)
        case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, X509_V_ERR_CRL_SIGNATURE_FAILURE,
            X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_CRL_HAS_EXPIRED,
            X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD,
            X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
            X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
            X509_V_ERR_DIFFERENT_CRL_SCOPE, X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
            open(.revocationStatus, .crlUnusable)
        default: strictMeaning(code)
        }
    }

    /// Errors that only X509_V_FLAG_X509_STRICT gives, then those that never come from what we ask for.
    private static func strictMeaning(_ code: Int32) -> Meaning {
        func profile(_ check: CheckID, _ reason: Reason) -> Meaning { .finding(check, reason, .failed) }
        return switch code {
        case X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA, X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN,
            X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA:
            profile(.profileBasicConstraints, .basicConstraintsInvalid)
        case X509_V_ERR_ISSUER_NAME_EMPTY: profile(.profileNames, .issuerEmpty)
        case X509_V_ERR_SUBJECT_NAME_EMPTY: profile(.profileNames, .subjectEmpty)
        case X509_V_ERR_EMPTY_SUBJECT_ALT_NAME: profile(.profileNames, .sanEmpty)
        case X509_V_ERR_EMPTY_SUBJECT_SAN_NOT_CRITICAL: profile(.profileNames, .sanCriticality)
        case X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER:
            profile(.profileKeyIdentifiers, .authorityKeyIdentifierAbsent)
        case X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER:
            profile(.profileKeyIdentifiers, .subjectKeyIdentifierAbsent)
        case X509_V_ERR_CA_BCONS_NOT_CRITICAL, X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL,
            X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL:
            profile(.profileCriticality, .extensionCriticality)
        case X509_V_ERR_CA_CERT_MISSING_KEY_USAGE: profile(.profileExtensions, .keyUsageAbsent)
        case X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3: profile(.profileVersion, .versionTooLow)
        // Out of memory (17 also comes from a policy tree that explodes), unspecified, internal, Suite B,
        // DANE, SCT and OCSP errors, and whatever a later OpenSSL adds: nothing was established.
        default: .finding(.pathBudget, .unspecified, .notEstablished)
        }
    }

    /// 26 says that the purpose check failed, not which part of it.
    private static func purposeMeaning(_ certificate: Certificate, _ place: Place, _ purpose: Purpose)
        -> Meaning
    {
        // path.critical_extension says so: libcrypto refuses any purpose to a certificate that it cannot
        // read.
        if certificate.hasInvalidExtension { return .saidElsewhere }
        let purposes = certificate.extensions.extendedKeyUsage
        let wanted =
            purpose == .client ? [OIDs.clientAuth] : [OIDs.serverAuth, OIDs.serverGatedCryptoNetscape]
        if let purposes, !purposes.contains(where: wanted.contains) {
            return .finding(.pathEKU, .purposeNotAllowed, .failed)
        }
        if place == .leaf { return .finding(.pathKeyUsage, .keyUsageUnsuitable, .failed) }
        // A CA that is none fails the purpose as well; 79 says so better.
        return certificate.withX509({ X509_check_ca($0) }) == 0
            ? .saidElsewhere : .finding(.pathEKU, .purposeNotAllowed, .failed)
    }

    /// 79: no CA at all, or (under STRICT) one by an old form: version 1, key usage alone, Netscape type.
    private static func authorityMeaning(_ certificate: Certificate, _ place: Place) -> Meaning {
        let form = certificate.withX509 { X509_check_ca($0) }
        if form == 0, certificate.extensions.keyUsage?.contains(.keyCertSign) == false, certificate.isCA {
            return .finding(.pathKeyUsage, .keyCertSignAbsent, .failed)
        }
        if place != .intermediate, form != 0 {
            return .finding(.profileBasicConstraints, .notACA, .failed)
        }
        return .finding(.pathBasicConstraints, .notACA, .failed)
    }
}
