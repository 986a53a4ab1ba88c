/// A block with a special meaning, and why it has it.
package struct SpecialRange: Sendable, Hashable {
    package let range: AddressRange
    /// What the registry or the vendor calls it.
    package let name: String

    /// Nil when `cidr` is malformed; a test counts the rows that survive.
    init?(_ cidr: String, _ name: String) {
        guard let range = AddressRange(cidr: cidr) else { return nil }
        (self.range, self.name) = (range, name)
    }
}

extension SpecialRange {
    /// Where clouds hand out credentials; refused whatever the flags say, and also inside mapped forms.
    package static let metadata: [SpecialRange] = [
        SpecialRange("169.254.169.254/32", "instance metadata (AWS, Azure, Google, OpenStack)"),
        SpecialRange("169.254.170.2/32", "task credentials (AWS ECS)"),
        SpecialRange("169.254.170.23/32", "pod identity (AWS EKS)"),
        SpecialRange("100.100.100.200/32", "instance metadata (Alibaba Cloud)"),
        SpecialRange("168.63.129.16/32", "platform address (Azure)"),
        SpecialRange("192.0.0.192/32", "instance metadata (Oracle Cloud)"),
        SpecialRange("fd00:ec2::254/128", "instance metadata (AWS)"),
        SpecialRange("fd00:ec2::23/128", "pod identity (AWS EKS)"),
        SpecialRange("fd20:ce::254/128", "instance metadata (Google)"),
        SpecialRange("fe80::a9fe:a9fe/128", "instance metadata (OpenStack)"),
    ].compactMap { $0 }

    /// The IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), rows that are not globally
    /// reachable, and multicast. 6to4 and NAT64 are unmapped before anyone looks here.
    package static let notGlobal: [SpecialRange] = [
        SpecialRange("0.0.0.0/8", "this network (RFC 791 §3.2)"),
        SpecialRange("10.0.0.0/8", "private use (RFC 1918)"),
        SpecialRange("100.64.0.0/10", "shared address space (RFC 6598)"),
        SpecialRange("127.0.0.0/8", "loopback (RFC 1122 §3.2.1.3)"),
        SpecialRange("169.254.0.0/16", "link local (RFC 3927)"),
        SpecialRange("172.16.0.0/12", "private use (RFC 1918)"),
        SpecialRange("192.0.0.0/24", "IETF protocol assignments (RFC 6890 §2.1)"),
        SpecialRange("192.0.2.0/24", "documentation (RFC 5737)"),
        SpecialRange("192.88.99.0/24", "6to4 relay anycast, deprecated (RFC 7526)"),
        SpecialRange("192.168.0.0/16", "private use (RFC 1918)"),
        SpecialRange("198.18.0.0/15", "benchmarking (RFC 2544)"),
        SpecialRange("198.51.100.0/24", "documentation (RFC 5737)"),
        SpecialRange("203.0.113.0/24", "documentation (RFC 5737)"),
        SpecialRange("224.0.0.0/4", "multicast (RFC 5771)"),
        SpecialRange("240.0.0.0/4", "reserved (RFC 1112 §4)"),
        SpecialRange("::/128", "unspecified address (RFC 4291)"),
        SpecialRange("::1/128", "loopback (RFC 4291)"),
        SpecialRange("64:ff9b:1::/48", "local translation (RFC 8215)"),
        SpecialRange("100::/64", "discard only (RFC 6666)"),
        SpecialRange("100:0:0:1::/64", "dummy prefix (RFC 9780)"),
        // Teredo, ORCHID and benchmarking are inside; its few reachable assignments serve no TLS.
        SpecialRange("2001::/23", "IETF protocol assignments (RFC 2928)"),
        SpecialRange("2001:db8::/32", "documentation (RFC 3849)"),
        SpecialRange("3fff::/20", "documentation (RFC 9637)"),
        SpecialRange("5f00::/16", "segment routing identifiers (RFC 9602)"),
        SpecialRange("fc00::/7", "unique local (RFC 4193)"),
        SpecialRange("fe80::/10", "link local (RFC 4291)"),
        SpecialRange("fec0::/10", "site local, deprecated (RFC 3879)"),
        SpecialRange("ff00::/8", "multicast (RFC 4291 §2.7)"),
    ].compactMap { $0 }
}
