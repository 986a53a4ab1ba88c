import Certificates

// MARK: What the issuers may do

extension StandardChains {
    static var authorities: [StandardChain] {
        [
            badSignature(), strangersSignature(), badIntermediateSignature(), caFalseIntermediate(),
            noBasicConstraintsIntermediate(), version1Intermediate(), noKeyCertSign(), pathLenExceeded(),
            clientAuthOnlyIntermediate(), nameConstraintExcluded(), nameConstraintNotPermitted(),
            nameConstraintAddressExcluded(), nameConstraintDirectoryExcluded(),
            nameConstraintWildcardExcluded(),
            sha1Intermediate(), rsa1024Intermediate(), exponentOne(), explicitECParameters(),
            movedGenerator(),
        ]
    }

    /// One bit of the leaf's signature is flipped.
    package static func badSignature() -> StandardChain { leaf { $0.signature = .flippedBit } }

    /// The leaf names the intermediate as its issuer and is signed by somebody else.
    package static func strangersSignature() -> StandardChain {
        leaf { $0.signature = .by(.labelled(.ec256, "stranger")) }
    }

    /// One bit of the intermediate's signature is flipped.
    package static func badIntermediateSignature() -> StandardChain { below { $0.signature = .flippedBit } }

    /// The issuer says cA FALSE.
    package static func caFalseIntermediate() -> StandardChain {
        below { $0.replace(.basicConstraints(ca: false)) }
    }

    /// The issuer has no basicConstraints at all.
    package static func noBasicConstraintsIntermediate() -> StandardChain {
        below { $0.remove(ExtensionOID.basicConstraints) }
    }

    /// The issuer is of version 1, hence without extensions.
    package static func version1Intermediate() -> StandardChain {
        below {
            $0.version = 1
            $0.extensions = []
        }
    }

    /// The issuer's key usage lacks keyCertSign.
    package static func noKeyCertSign() -> StandardChain {
        below { $0.replace(.keyUsage(.digitalSignature, .cRLSign)) }
    }

    /// An issuer with path length 0 has another CA below it.
    package static func pathLenExceeded() -> StandardChain {
        let upper = root.intermediate("Catenary Last Intermediate", pathLen: 0)
        let lower = upper.intermediate("Catenary One Too Many")
        return chain([lower.leaf(host), lower.certificate, upper.certificate])
    }

    /// The issuer's extended key usage allows client authentication only.
    package static func clientAuthOnlyIntermediate() -> StandardChain {
        below { $0.add(.extendedKeyUsage(PurposeOID.clientAuth)) }
    }

    /// The issuer excludes example.com and all below it.
    package static func nameConstraintExcluded() -> StandardChain {
        below { $0.add(.nameConstraints(excluded: [.dns("example.com")])) }
    }

    /// The issuer permits example.org only.
    package static func nameConstraintNotPermitted() -> StandardChain {
        below { $0.add(.nameConstraints(permitted: [.dns("example.org")])) }
    }

    /// The issuer excludes 192.0.2.0/24, where the leaf's address lies.
    package static func nameConstraintAddressExcluded() -> StandardChain {
        below(names: ["192.0.2.7"]) { $0.add(.nameConstraints(excluded: [.ip("192.0.2.0/24")])) }
    }

    /// The issuer excludes the directory name that the leaf has as its subject.
    package static func nameConstraintDirectoryExcluded() -> StandardChain {
        below { $0.add(.nameConstraints(excluded: [.directory("www.example.com")])) }
    }

    /// CVE-2025-61727: the issuer excludes www.example.com and the leaf is for `*.example.com`, so its
    /// wildcard must not serve for the excluded name.
    package static func nameConstraintWildcardExcluded() -> StandardChain {
        let issuer = root.intermediate("Catenary Odd Intermediate") {
            $0.add(.nameConstraints(excluded: [.dns("www.example.com")]))
        }
        return chain([issuer.leaf("*.example.com"), issuer.certificate])
    }

    /// The intermediate is signed with SHA-1.
    package static func sha1Intermediate() -> StandardChain { below { $0.digest = .sha1 } }

    /// The intermediate's key is RSA of 1024 bits.
    package static func rsa1024Intermediate() -> StandardChain { below(key: .pool(.rsa(1024), 0)) }

    /// The intermediate's RSA exponent is 1: the leaf's signature is one that anybody can write.
    package static func exponentOne() -> StandardChain { below(key: .exponentOne("exponent one")) }

    /// The intermediate spells out the parameters of P-256 instead of naming it.
    package static func explicitECParameters() -> StandardChain {
        below(key: ExplicitCurve.key("explicit curve"))
    }

    /// CVE-2020-0601: a forged CA with the anchor's name and public point over explicit parameters whose
    /// generator was moved, so that the forger knows the private key. The forgery is self-signed and sent.
    package static func movedGenerator() -> StandardChain {
        let forged = Authority.root("Catenary Test Root", key: ExplicitCurve.forgery(of: root.key))
        return chain([forged.leaf(host), forged.certificate])
    }
}
