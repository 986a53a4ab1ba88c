import Reports

extension Check {
    /// RFC 6962: the end entity was logged as its client asks. The module Transparency decides it, by the
    /// clients' own policies and on public paths alone.
    package static let transparency = Check(
        id: .ctPolicy, title: "The end entity carries the SCTs that the client requires", kind: .client,
        reference: .rfc(6962, "3.3"))
}
