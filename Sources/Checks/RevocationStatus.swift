import Reports

extension Check {
    /// RFC 5280 §6.3: no certificate of the path is revoked. The module Revocation decides it,
    /// not every path asks.
    package static let revocation = Check(
        id: .revocationStatus, title: "No certificate of the path is revoked", kind: .path,
        reference: .rfc(5280, "6.3.3"))
}
