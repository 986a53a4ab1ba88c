import CPSL

/// The Public Suffix List, ICANN section, as libpsl has it built in. What is not in it, a new top-level
/// domain for one, is no public suffix.
package enum PublicSuffixes {
    /// `domain` in A-labels, lower case: `com` and `co.uk` are, `example.com` and `github.io` are not.
    package static func contains(_ domain: String) -> Bool {
        psl_is_public_suffix2(psl_builtin(), domain, PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) == 1
    }

    /// Some public suffix stands above `domain`, so that it is of the Internet: `example.com`, not `com`,
    /// `printer`, `host.corp`.
    package static func isAbove(_ domain: String) -> Bool {
        guard !contains(domain) else { return false }
        var rest = domain[...]
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            if contains(String(rest)) { return true }
        }
        return false
    }

    /// What the list is: `libpsl 0.21.2`.
    package static let version =
        "libpsl " + (psl_get_version().map { String(cString: $0).prefix { $0 != " " } } ?? "")
}
