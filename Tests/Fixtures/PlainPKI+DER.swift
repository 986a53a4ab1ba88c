import Certificates

extension PlainPKI {
    /// The certificate of each edge, at its index.
    package func certificates() -> [FixtureCertificate] { edges.map(certificate) }

    /// As a server and its client have them.
    package func chain() -> StandardChain {
        let made = certificates()
        return StandardChain(
            id: "plain \(seed)", presented: presented.map { made[$0] }, anchors: anchors.map { made[$0] },
            names: [name])
    }

    private func certificate(_ edge: Edge) -> FixtureCertificate {
        func key(_ identity: Identity) -> Key { .labelled(.ec256, "plain \(identity.key)") }
        func name(_ identity: Identity) -> Name { Name(commonName: "Plain \(identity.name)") }
        var spec = CertificateSpec(subject: name(edge.subject), key: key(edge.subject))
        spec.issuer = name(edge.issuer)
        spec.notBefore = .instant(edge.notBefore)
        spec.notAfter = .instant(edge.notAfter)
        spec.extensions = [
            .basicConstraints(ca: edge.isCA, pathLen: edge.pathLen),
            edge.isCA ? .keyUsage(.keyCertSign, .cRLSign) : .keyUsage(.digitalSignature),
        ]
        if !edge.permitted.isEmpty || !edge.excluded.isEmpty {
            spec.add(
                .nameConstraints(
                    permitted: edge.permitted.map(GeneralNameSpec.dns),
                    excluded: edge.excluded.map(GeneralNameSpec.dns)))
        }
        if !edge.dnsNames.isEmpty {
            spec.add(.extendedKeyUsage(PurposeOID.serverAuth))
            spec.add(.subjectAltName(edge.dnsNames.map(GeneralNameSpec.dns)))
        }
        if showsIdentifiers {
            spec.add(.subjectKeyIdentifier(key(edge.subject).identifier))
            spec.add(.authorityKeyIdentifier(key(edge.issuer).identifier))
        }
        return spec.signed(by: key(edge.issuer))
    }
}
