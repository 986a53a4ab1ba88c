import Certificates
import Reports

extension ClientRule {
    /// TLS 1.3 and the ephemeral suites of TLS 1.2 need digitalSignature in a key usage (RFC 8446 §4.4.2.2).
    /// Chromium and the JDK insist; libcrypto, Firefox and Go accept keyEncipherment or keyAgreement (ran).
    static let keyUsage = ClientRule(
        .clientKeyUsage, "The end entity's key may sign handshakes", .rfc(8446, "4.4.2.2"),
        .digitalSignatureAbsent
    ) { context in
        guard context.purpose != .any, let usage = context.leaf.extensions.keyUsage,
            !usage.contains(.digitalSignature)
        else { return .passed }
        return .failed(
            .digitalSignatureAbsent, at: 0, expected: "digitalSignature",
            presented: usage.names.joined(separator: ", "))
    }
}
