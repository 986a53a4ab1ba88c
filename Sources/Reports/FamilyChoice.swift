/// Which of a host's addresses are dialled, as modules of blackbox_exporter say it.
package struct FamilyChoice: Sendable, Equatable {
    package enum Family: String, Sendable, CaseIterable { case ip4, ip6 }

    /// `preferred_ip_protocol`: its addresses come first.
    package var preferred = Family.ip6
    /// `ip_protocol_fallback`: whether addresses of the other family may be dialled.
    package var hasFallback = true
    /// Only the first address is dialled, not the next one when it does not answer.
    package var isSingle = false

    package init(_ preferred: Family = .ip6, hasFallback: Bool = true) {
        (self.preferred, self.hasFallback) = (preferred, hasFallback)
    }
}
