import Certificates

/// A certification authority: a name, a key, and the certificate that binds them. Valid by default at `now`;
/// each function takes a change to what the new certificate says.
package struct Authority: Sendable {
    package typealias Change = (inout CertificateSpec) -> Void

    package let certificate: FixtureCertificate
    package var key: Key { certificate.key }
    package var name: Name { certificate.spec.subject }

    package init(certificate: FixtureCertificate) { self.certificate = certificate }

    /// Self-signed, 2020 to 2040. The key follows from the name unless given.
    package static func root(_ name: String, key: Key? = nil, _ change: Change = { _ in }) -> Authority {
        let key = key ?? .labelled(.ec256, "CA \(name)")
        var spec = CertificateSpec(subject: Name(commonName: name), key: key)
        spec.extensions = [
            .basicConstraints(ca: true), .keyUsage(.keyCertSign, .cRLSign),
            .subjectKeyIdentifier(key.identifier),
        ]
        change(&spec)
        return Authority(certificate: spec.signed(by: key))
    }

    /// A CA below this one, 2022 to 2032.
    package func intermediate(
        _ name: String, key: Key? = nil, pathLen: Int? = nil, _ change: Change = { _ in }
    ) -> Authority {
        let key = key ?? .labelled(.ec256, "CA \(name)")
        return Authority(
            certificate: issue(subject: Name(commonName: name), key: key) { spec in
                spec.notBefore = "2022-01-01"
                spec.notAfter = "2032-01-01"
                spec.extensions = [
                    .basicConstraints(ca: true, pathLen: pathLen), .keyUsage(.keyCertSign, .cRLSign),
                    .subjectKeyIdentifier(key.identifier), .authorityKeyIdentifier(self.key.identifier),
                ]
                change(&spec)
            })
    }

    /// A server's certificate for DNS names and IP addresses, 180 days from 2026-06-01.
    package func leaf(_ names: String..., key: Key? = nil, _ change: Change = { _ in }) -> FixtureCertificate
    {
        leaf(names: names, key: key, change)
    }

    package func leaf(names: [String], key: Key? = nil, _ change: Change = { _ in }) -> FixtureCertificate {
        let first = names.first ?? "leaf"
        let key = key ?? .labelled(.ec256, "leaf \(first)")
        return issue(subject: Name(commonName: String(first.prefix(64))), key: key) { spec in
            spec.notBefore = "2026-06-01"
            spec.notAfter = "2026-11-28"
            let alternatives = names.map { name -> GeneralNameSpec in
                let isAddress =
                    name.contains(":") || name.allSatisfy { $0 == "." || ("0"..."9").contains($0) }
                return isAddress ? .ip(name) : .dns(name)
            }
            spec.extensions = [
                .basicConstraints(ca: false), .keyUsage(.digitalSignature),
                .extendedKeyUsage(PurposeOID.serverAuth), .subjectKeyIdentifier(key.identifier),
                .authorityKeyIdentifier(self.key.identifier), .subjectAltName(alternatives),
            ]
            change(&spec)
        }
    }

    /// Signs a specification as it is, the issuer's name filled in before the change.
    package func issue(subject: Name, key: Key, _ change: Change = { _ in }) -> FixtureCertificate {
        var spec = CertificateSpec(subject: subject, key: key)
        spec.issuer = name
        change(&spec)
        return spec.signed(by: self.key)
    }

    /// The same name and key certified by another authority.
    package func crossSigned(by other: Authority, _ change: Change = { _ in }) -> Authority {
        var spec = certificate.spec
        spec.issuer = other.name
        spec.serial = nil
        spec.replace(.authorityKeyIdentifier(other.key.identifier))
        change(&spec)
        return Authority(certificate: spec.signed(by: other.key))
    }

    /// The same name, key and issuer in a new certificate.
    package func renewed(_ change: Change = { _ in }) -> Authority {
        Authority(certificate: certificate.reissued(change))
    }

    /// The same name and issuer with another key; a self-signed one signs itself with it.
    package func rekeyed(_ key: Key, _ change: Change = { _ in }) -> Authority {
        let selfSigned = certificate.issuerKey == certificate.key
        var spec = certificate.spec
        spec.key = key
        spec.replace(.subjectKeyIdentifier(key.identifier))
        change(&spec)
        return Authority(certificate: spec.signed(by: selfSigned ? key : certificate.issuerKey))
    }
}
