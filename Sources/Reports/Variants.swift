import Certificates
import JSON

/// One way to ask a server for its certificates.
package enum Variant: String, Sendable, CaseIterable {
    /// As any client.
    case `default`
    /// Without server_name.
    case noSNI = "no_sni"
    /// For RSA keys only.
    case rsa
    /// For ECDSA and EdDSA keys only.
    case ecdsa
    /// The lowest version of TLS that the server takes.
    case lowest
}

/// What a server showed to one variant.
package struct VariantEvidence: Sendable, Equatable {
    package var variant: Variant
    package var evidence: Evidence

    package init(_ variant: Variant, _ evidence: Evidence) {
        (self.variant, self.evidence) = (variant, evidence)
    }
}

/// What is made of it.
package struct VariantAnswer: Sendable, Equatable {
    package var variant: Variant
    package var protocolVersion: String?
    /// As sent, without those that cannot be decoded.
    package var certificates: [SHA256Digest]
    /// Why there is no certificate.
    package var error: Reason?
    /// The alert's name or libssl's words.
    package var presented: String?
    /// Nil without certificates.
    package var verdict: Verdict?

    package init(
        variant: Variant, protocolVersion: String?, certificates: [SHA256Digest], error: Reason?,
        presented: String?, verdict: Verdict?
    ) {
        (self.variant, self.protocolVersion, self.certificates) = (variant, protocolVersion, certificates)
        (self.error, self.presented, self.verdict) = (error, presented, verdict)
    }
}

extension VariantAnswer {
    func write(_ json: inout JSONWriter) {
        json.beginObject()
        json.member("variant", variant.rawValue)
        json.member("protocol", protocolVersion)
        json.member("certificates", certificates)
        json.member("verdict", verdict?.rawValue)
        json.member("error", error?.rawValue)
        json.member("presented", presented)
        json.endObject()
    }
}
