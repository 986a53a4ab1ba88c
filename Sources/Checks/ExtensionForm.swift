import Certificates
import Reports

extension Check {
    /// RFC 5280 §4.2.2.1 (AIA holds at least one description), §4.2 (no extension twice). libcrypto adds the
    /// key usage of a CA (92).
    static let extensionForm = Check(
        id: .profileExtensions, title: "Extensions are formed as RFC 5280 asks", kind: .profile,
        reference: .rfc(5280, "4.2"), severity: .warning
    ) { context in
        .of(context.path.belowAnchor.flatMap { failures(context.path.certificates[$0].extensions, at: $0) })
    }

    private static func failures(_ extensions: Extensions, at depth: Int) -> [Failure] {
        var out: [Failure] = []
        if extensions.malformed.contains(OIDs.authorityInfoAccess) {
            out.append(Failure(.extensionMalformed, at: depth, presented: "authorityInfoAccess"))
        }
        for oid in extensions.repeated {
            out.append(Failure(.extensionMalformed, at: depth, presented: "\(oid) twice"))
        }
        return out
    }
}
