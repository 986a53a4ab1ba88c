import Fixtures

/// The facts; each names the part of the chain that it changes.
extension TwoFactsTests {
    static let facts: [Fact] = anchorFacts + issuerFacts + leafFacts

    private static let anchorFacts: [Fact] = [
        Fact(
            "anchor_expired", "root.dates", refusedBy: "firefox chrome go gnutls libcrypto openssl node"
        ) { $0.root.append { $0.notAfter = "2026-01-01" } },
        Fact("anchor_eku_email", "root.eku", refusedBy: "firefox chrome go libcrypto openssl node") {
            $0.root.append { $0.add(.extendedKeyUsage(PurposeOID.emailProtection)) }
        },
        Fact(
            "anchor_pathlen0", "root.ca", refusedBy: "firefox chrome go gnutls libcrypto openssl node"
        ) { $0.root.append { $0.replace(.basicConstraints(ca: true, pathLen: 0)) } },
        Fact("anchor_no_bc", "root.ca", refusedBy: "firefox java go") {
            $0.root.append { $0.remove(ExtensionOID.basicConstraints) }
        },
        Fact(
            "anchor_nc_violated", "root.constraints names",
            refusedBy: "firefox chrome go gnutls rustls libcrypto openssl node"
        ) { $0.root.append { $0.add(.nameConstraints(permitted: [.dns("other.test")])) } },
        Fact(
            "anchor_crit_unknown", "root.unknown",
            refusedBy: "firefox chrome go gnutls libcrypto openssl node"
        ) { $0.root.append { $0.add(.unknown(critical: true)) } },
        Fact("anchor_rsa1024", "root.key", refusedBy: "rustls libcrypto") {
            $0.rootKey = .labelled(.rsa(1024), "two facts root")
        },
        Fact("anchor_serial_neg", "root.serial", refusedBy: "go") { $0.root.append { $0.serial = [0xFE] } },
        Fact("anchor_aki_foreign", "root.aki", refusedBy: "openssl node") {
            $0.root.append { $0.add(.authorityKeyIdentifier(nil, issuer: "Stranger", serial: [7])) }
        },
    ]

    private static let issuerFacts: [Fact] = [
        Fact("aki_keyid_mismatch_anchor", "issuer.aki", refusedBy: "java gnutls libcrypto openssl node") {
            $0.issuer.append { $0.replace(.authorityKeyIdentifier([1, 2, 3])) }
        },
        // The case of letters, towards the anchor.
        Fact("name_case_anchor", "issuer.name", refusedBy: "firefox chrome go gnutls rustls") {
            $0.issuer.append { $0.issuer = "TWO facts root" }
        },
        Fact("pathlen_selfissued", "issuer.ca", refusedBy: "firefox go gnutls rustls") {
            $0.rollsOver = true
            $0.issuer.append { $0.replace(.basicConstraints(ca: true, pathLen: 0)) }
        },
        Fact(
            "int_eku_client", "issuer.eku",
            refusedBy: "firefox chrome go gnutls rustls libcrypto openssl node"
        ) { $0.issuer.append { $0.add(.extendedKeyUsage(PurposeOID.clientAuth)) } },
        Fact("int_eku_any", "issuer.eku", refusedBy: "firefox gnutls rustls libcrypto openssl node") {
            $0.issuer.append { $0.add(.extendedKeyUsage(PurposeOID.any)) }
        },
        Fact("int_eku_nssgc", "issuer.eku", refusedBy: "firefox chrome go rustls") {
            $0.issuer.append { $0.add(.extendedKeyUsage(PurposeOID.netscapeServerGatedCrypto)) }
        },
        Fact("rsa1024_int", "issuer.key", refusedBy: "rustls libcrypto") {
            $0.issuerKey = .labelled(.rsa(1024), "two facts issuer")
        },
        Fact("ed25519_int", "issuer.key leaf.digest", refusedBy: "firefox chrome") {
            $0.issuerKey = .labelled(.ed25519, "two facts issuer")
        },
        Fact("int_serial_neg", "issuer.serial", refusedBy: "go") { $0.issuer.append { $0.serial = [0xFE] } },
        Fact("req_explicit_policy0", "issuer.policy", refusedBy: "chrome java go gnutls rustls") {
            $0.issuer.append { $0.add(.policyConstraints(requireExplicitPolicy: 0)) }
        },
        Fact(
            "int_no_certsign", "issuer.usage",
            refusedBy: "firefox chrome java go gnutls libcrypto openssl node"
        ) { $0.issuer.append { $0.replace(.keyUsage(.cRLSign)) } },
    ]

    private static let leafFacts: [Fact] = [
        Fact("aki_keyid_mismatch", "leaf.aki", refusedBy: "gnutls libcrypto openssl node") {
            $0.leaf.append { $0.replace(.authorityKeyIdentifier([1, 2, 3])) }
        },
        Fact("name_case_int", "leaf.issuer", refusedBy: "firefox go gnutls rustls") {
            $0.leaf.append { $0.issuer = "TWO facts ca" }
        },
        Fact("name_enc_int", "leaf.issuer", refusedBy: "firefox go rustls") {
            $0.leaf.append { $0.issuer = Name([.commonName("Two Facts CA", .printable)]) }
        },
        Fact("name_space_int", "leaf.issuer", refusedBy: "firefox go gnutls rustls") {
            $0.leaf.append { $0.issuer = "Two  Facts CA" }
        },
        Fact("leaf_eku_any", "leaf.eku", refusedBy: "firefox rustls libcrypto openssl node") {
            $0.leaf.append { $0.replace(.extendedKeyUsage(PurposeOID.any)) }
        },
        Fact("leaf_eku_nssgc", "leaf.eku", refusedBy: "firefox chrome go gnutls rustls") {
            $0.leaf.append { $0.replace(.extendedKeyUsage(PurposeOID.netscapeServerGatedCrypto)) }
        },
        Fact("leaf_is_ca", "leaf.ca", refusedBy: "firefox rustls") {
            $0.leaf.append { $0.replace(.basicConstraints(ca: true)) }
        },
        Fact("san_noncrit_empty", "leaf.subject", refusedBy: "chrome java") {
            $0.leaf.append { $0.subject = .empty }
        },
        Fact("wc_psl", "names", refusedBy: "chrome") {
            $0.host = "a.co.uk"
            $0.leaf.append { $0.replace(.subjectAltName([.dns("*.co.uk")])) }
        },
        Fact("underscore_exact", "names", refusedBy: "java") { $0.host = "a_b.example.com" },
        Fact("nc_excl_wildcard", "names issuer.constraints", refusedBy: "firefox chrome go rustls") {
            $0.host = "b.example.com"
            $0.leaf.append { $0.replace(.subjectAltName([.dns("*.example.com")])) }
            $0.issuer.append { $0.add(.nameConstraints(excluded: [.dns("a.example.com")])) }
        },
        Fact("nc_dns_only_ip_leaf", "names issuer.constraints", refusedBy: "gnutls") {
            $0.host = "9.9.9.9"
            $0.issuer.append { $0.add(.nameConstraints(permitted: [.dns("example.com")])) }
        },
        Fact("rsa1024_leaf", "leaf.key", refusedBy: "rustls libcrypto") {
            $0.leafKey = .labelled(.rsa(1024), "two facts leaf")
        },
        Fact("ed25519_leaf", "leaf.key", refusedBy: "firefox chrome") {
            $0.leafKey = .labelled(.ed25519, "two facts leaf")
        },
        Fact("sha1_leaf", "leaf.digest", refusedBy: "firefox chrome go gnutls rustls libcrypto node") {
            $0.leaf.append { $0.digest = .sha1 }
        },
        Fact("serial_neg", "leaf.serial", refusedBy: "go") { $0.leaf.append { $0.serial = [0xFE] } },
        Fact("ku_no_ds_ec", "leaf.usage", refusedBy: "chrome java") {
            $0.leaf.append { $0.replace(.keyUsage(.keyAgreement)) }
        },
    ]
}
