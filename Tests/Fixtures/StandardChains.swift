import Certificates

/// A presented chain, what is trusted, and the reference identifiers asked for. Judged at `now` with one
/// defect.
package struct StandardChain: Sendable, CustomStringConvertible {
    /// The name of the function that makes it.
    package let id: String
    package let presented: [FixtureCertificate]
    package let anchors: [FixtureCertificate]
    package let names: [String]

    package var description: String { id }
    package var pem: String { presented.pem }
    package var anchorsPEM: String { anchors.pem }
}

/// The chains that most tests want, each with the one thing its comment says.
package enum StandardChains {
    package static let host = "www.example.com"
    package static let root = Authority.root("Catenary Test Root")
    package static let intermediate = root.intermediate("Catenary Test Intermediate")

    /// Every chain of this type's functions without arguments.
    package static var all: [StandardChain] { sound + assembly + dates + authorities + identity + forms }

    static func chain(
        _ presented: [FixtureCertificate], anchors: [Authority] = [root], names: [String] = [host],
        id: String = #function
    ) -> StandardChain {
        StandardChain(
            id: String(id.prefix { $0 != "(" }), presented: presented, anchors: anchors.map(\.certificate),
            names: names)
    }

    /// A leaf below the usual intermediate, with one change.
    static func leaf(
        names: [String] = [host], reference: [String]? = nil, key: Key? = nil, id: String = #function,
        _ change: Authority.Change = { _ in }
    ) -> StandardChain {
        chain(
            [intermediate.leaf(names: names, key: key, change), intermediate.certificate],
            names: reference ?? names, id: id)
    }

    /// A leaf below an intermediate with one change.
    static func below(
        key: Key? = nil, pathLen: Int? = nil, names: [String] = [host], id: String = #function,
        _ change: Authority.Change = { _ in }
    ) -> StandardChain {
        let issuer = root.intermediate("Catenary Odd Intermediate", key: key, pathLen: pathLen, change)
        return chain([issuer.leaf(names: names), issuer.certificate], names: names, id: id)
    }
}

// MARK: Nothing is wrong

extension StandardChains {
    static var sound: [StandardChain] {
        [
            good(), goodRSA(), goodPSS(), goodEd25519(), wildcard(), ipLeaf(), idnLeaf(), partialChain(),
            mustStaple(),
        ]
    }

    /// Leaf, intermediate, anchor; P-256 throughout.
    package static func good() -> StandardChain { leaf() }

    /// RSA 2048 throughout.
    package static func goodRSA() -> StandardChain {
        let root = Authority.root("RSA Root", key: .pool(.rsa(2048), 0))
        let issuer = root.intermediate("RSA Intermediate", key: .pool(.rsa(2048), 1))
        return chain([issuer.leaf(host, key: .pool(.rsa(2048), 2)), issuer.certificate], anchors: [root])
    }

    /// The intermediate signs with RSASSA-PSS.
    package static func goodPSS() -> StandardChain {
        let issuer = root.intermediate("PSS Intermediate", key: .pool(.rsa(2048), 1))
        return chain([issuer.leaf(host) { $0.pss = true }, issuer.certificate])
    }

    /// Ed25519 in the leaf, which no browser accepts though nothing is wrong with it.
    package static func goodEd25519() -> StandardChain { leaf(key: .pool(.ed25519, 0)) }

    /// `*.example.com` for www.example.com.
    package static func wildcard() -> StandardChain { leaf(names: ["*.example.com"], reference: [host]) }

    /// IPv4 and IPv6 addresses as iPAddress.
    package static func ipLeaf() -> StandardChain { leaf(names: ["192.0.2.1", "2001:db8::1"]) }

    /// bücher.example as an A-label.
    package static func idnLeaf() -> StandardChain {
        leaf(names: ["xn--bcher-kva.example"], reference: ["bücher.example"])
    }

    /// The anchor is the intermediate: a path may end at any anchor, self-signed or not.
    package static func partialChain() -> StandardChain {
        chain([intermediate.leaf(host)], anchors: [intermediate])
    }

    /// RFC 7633: the leaf demands a stapled response; path validation does not mind.
    package static func mustStaple() -> StandardChain { leaf { $0.add(.tlsFeature(5)) } }
}

// MARK: How the chain is put together

extension StandardChains {
    static var assembly: [StandardChain] {
        [
            selfSigned(), missingIntermediate(), untrustedRoot(), wrongOrder(), duplicateSent(),
            unrelatedSent(),
            anchorSent(), twoIntermediatesSameNameOtherKey(), keyIdentifierMismatch(), crossSignedExpired(),
            crossSignedLoop(), issuerNameMismatch(),
        ]
    }

    /// One self-signed certificate, trusted by nobody.
    package static func selfSigned() -> StandardChain {
        let key = Key.labelled(.ec256, "self-signed")
        let alone = Authority(
            certificate: CertificateSpec(subject: "www.example.com", key: key).signed(by: key))
        let certificate = alone.leaf(host, key: key) {
            $0.subject = $0.issuer
        }
        return chain([certificate])
    }

    /// Only the leaf is sent; its issuer is not the anchor.
    package static func missingIntermediate() -> StandardChain { chain([intermediate.leaf(host)]) }

    /// Complete to a root that no store holds.
    package static func untrustedRoot() -> StandardChain {
        let stranger = Authority.root("Untrusted Root")
        let issuer = stranger.intermediate("Untrusted Intermediate")
        return chain([issuer.leaf(host), issuer.certificate, stranger.certificate])
    }

    /// Leaf, then the upper intermediate before the lower one.
    package static func wrongOrder() -> StandardChain {
        let lower = intermediate.intermediate("Catenary Lower Intermediate")
        return chain([lower.leaf(host), intermediate.certificate, lower.certificate])
    }

    /// The intermediate is sent twice.
    package static func duplicateSent() -> StandardChain {
        chain([intermediate.leaf(host), intermediate.certificate, intermediate.certificate])
    }

    /// A CA certificate from another hierarchy is sent too.
    package static func unrelatedSent() -> StandardChain {
        let other = Authority.root("Unrelated Root").intermediate("Unrelated Intermediate")
        return chain([intermediate.leaf(host), intermediate.certificate, other.certificate])
    }

    /// The anchor is sent too, for nothing.
    package static func anchorSent() -> StandardChain {
        chain([intermediate.leaf(host), intermediate.certificate, root.certificate])
    }

    /// Two intermediates share a name and a key identifier, which is not a hash of their keys; the first sent
    /// has another key than the one that signed the leaf.
    package static func twoIntermediatesSameNameOtherKey() -> StandardChain {
        let identifier = Array("twins".utf8)
        func twin(_ label: String) -> Authority {
            root.intermediate("Catenary Twin", key: .labelled(.ec256, label)) {
                $0.replace(.subjectKeyIdentifier(identifier))
            }
        }
        let (signer, decoy) = (twin("twin signer"), twin("twin decoy"))
        let certificate = signer.leaf(host) { $0.replace(.authorityKeyIdentifier(identifier)) }
        return chain([certificate, decoy.certificate, signer.certificate])
    }

    /// The leaf's authority key identifier names another key than that of its issuer, whose name and
    /// signature are right.
    package static func keyIdentifierMismatch() -> StandardChain {
        leaf { $0.replace(.authorityKeyIdentifier([UInt8](repeating: 0xAB, count: 20))) }
    }

    /// As in May 2020 (AddTrust): the server sends its root cross-signed by an old anchor that has expired,
    /// while the same name and key is an anchor itself.
    package static func crossSignedExpired() -> StandardChain {
        let old = Authority.root("Catenary Old Root") {
            $0.notBefore = "2000-05-30"
            $0.notAfter = "2026-05-30"
        }
        let cross = root.crossSigned(by: old) {
            $0.notBefore = "2010-01-01"
            $0.notAfter = "2026-05-30"
        }
        return chain(
            [intermediate.leaf(host), intermediate.certificate, cross.certificate], anchors: [old, root])
    }

    /// Two CAs have signed each other and both cross-certificates are sent; one is an anchor as well.
    package static func crossSignedLoop() -> StandardChain {
        let other = Authority.root("Catenary Other Root")
        let there = root.crossSigned(by: other)
        let back = other.crossSigned(by: root)
        return chain([
            intermediate.leaf(host), intermediate.certificate, there.certificate, back.certificate,
        ])
    }

    /// The leaf is signed by the intermediate's key but names another issuer: a forced path must
    /// still compare names.
    package static func issuerNameMismatch() -> StandardChain { leaf { $0.issuer = "Someone Else" } }
}

// MARK: Dates

extension StandardChains {
    static var dates: [StandardChain] {
        [
            expiredLeaf(), notYetValidLeaf(), expiredIntermediate(), notYetValidIntermediate(), expiredRoot(),
            reversedValidity(), longLeaf(),
        ]
    }

    /// notAfter was yesterday.
    package static func expiredLeaf() -> StandardChain { leaf { $0.notAfter = "2026-06-30" } }

    /// notBefore is tomorrow.
    package static func notYetValidLeaf() -> StandardChain { leaf { $0.notBefore = "2026-07-02" } }

    /// The intermediate expired a month ago; the leaf outlives it.
    package static func expiredIntermediate() -> StandardChain { below { $0.notAfter = "2026-06-01" } }

    /// The intermediate begins next month.
    package static func notYetValidIntermediate() -> StandardChain { below { $0.notBefore = "2026-08-01" } }

    /// The anchor itself has expired; some clients look, some do not.
    package static func expiredRoot() -> StandardChain {
        let old = Authority.root("Catenary Expired Root") { $0.notAfter = "2026-06-01" }
        let issuer = old.intermediate("Catenary Intermediate Of Expired")
        return chain([issuer.leaf(host), issuer.certificate], anchors: [old])
    }

    /// notAfter before notBefore.
    package static func reversedValidity() -> StandardChain {
        leaf {
            $0.notBefore = "2026-09-01"
            $0.notAfter = "2026-01-01"
        }
    }

    /// Valid for three years: more than the CA/Browser Forum allows.
    package static func longLeaf() -> StandardChain {
        leaf {
            $0.notBefore = "2026-01-01"
            $0.notAfter = "2029-01-01"
        }
    }

    /// The leaf's notAfter is written in a form that RFC 5280 §4.1.2.5 forbids.
    package static func malformedTime(_ time: EncodedTime) -> StandardChain { leaf { $0.notAfter = time } }

    /// All mean 2026-11-28 or nothing at all.
    package static let malformedTimes: [(what: String, time: EncodedTime)] = [
        ("UTCTime without seconds", .utc("2611280000Z")),
        ("UTCTime with an offset", .utc("261128000000+0000")),
        ("UTCTime without a zone", .utc("261128000000")),
        ("UTCTime in month 13", .utc("261328000000Z")),
        ("UTCTime with four digits of the year", .utc("20261128000000Z")),
        ("GeneralizedTime with a fraction", .generalized("20261128000000.5Z")),
        ("GeneralizedTime with two digits of the year", .generalized("261128000000Z")),
        ("GeneralizedTime without a zone", .generalized("20261128000000")),
        ("an INTEGER", .raw([0x02, 0x01, 0x00])),
        ("empty", .utc("")),
    ]
}
