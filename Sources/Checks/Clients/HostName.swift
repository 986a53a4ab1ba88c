import Certificates
import Reports

extension ClientRule {
    /// Reference identifiers that the client itself does not like, whatever the certificate says.
    ///
    /// - Intranet names under shipped anchors: Chromium's `IsHostnameNonUnique`: a name below no public
    ///   suffix of the ICANN section, or an address that is not publicly routable.
    /// - Underscores: the JDK ("Illegal given domain name": its names are those of RFC 1123).
    /// - A trailing dot: GnuTLS and `openssl verify` compare it.
    static let hostName = ClientRule(
        .clientHostName, "The name asked for is one that the client accepts", .rfc(9525, "2"),
        .intranetName, .hostUnderscore, .hostTrailingDot
    ) { context in
        .of(
            context.names.flatMap { name -> [Failure] in
                var failures: [Failure] = []
                if context.isPublic, isIntranet(name) {
                    failures.append(
                        Failure(
                            .intranetName, at: 0,
                            expected:
                                "below a public suffix (\(PublicSuffixes.version)), or a public address",
                            presented: name.text))
                }
                guard case .dns(let labels, let given) = name else { return failures }
                if labels.utf8.contains(UInt8(ascii: "_")) {
                    failures.append(
                        Failure(
                            .hostUnderscore, at: 0, expected: "letters, digits and hyphens",
                            presented: labels))
                }
                if given.utf8.last == UInt8(ascii: ".") {
                    failures.append(
                        Failure(.hostTrailingDot, at: 0, expected: labels, presented: given))
                }
                return failures
            })
    }

    private static func isIntranet(_ name: ReferenceIdentifier) -> Bool {
        switch name {
        case .dns(let labels, _): !PublicSuffixes.isAbove(labels)
        case .ip(let octets, _): ReservedAddresses.contain(octets)
        }
    }
}

/// Addresses that nobody routes publicly (IANA's special-purpose registries, RFC 6890, and multicast).
enum ReservedAddresses {
    /// `octets`: four or sixteen.
    static func contain(_ octets: [UInt8]) -> Bool {
        let blocks = octets.count == 4 ? v4 : v6
        return blocks.contains { block in
            block.bits / 8 <= octets.count
                && (0..<block.bits).allSatisfy { bit in
                    let mask: UInt8 = 0x80 >> UInt8(bit % 8)
                    return octets[bit / 8] & mask == block.octet(bit / 8) & mask
                }
        }
    }

    private struct Block: Sendable {
        let prefix: [UInt8]
        let bits: Int
        func octet(_ at: Int) -> UInt8 { at < prefix.count ? prefix[at] : 0 }
    }

    private static let v4: [Block] = [
        Block(prefix: [0], bits: 8), Block(prefix: [10], bits: 8), Block(prefix: [100, 64], bits: 10),
        Block(prefix: [127], bits: 8), Block(prefix: [169, 254], bits: 16),
        Block(prefix: [172, 16], bits: 12), Block(prefix: [192, 0, 0], bits: 24),
        Block(prefix: [192, 0, 2], bits: 24), Block(prefix: [192, 168], bits: 16),
        Block(prefix: [198, 18], bits: 15), Block(prefix: [198, 51, 100], bits: 24),
        Block(prefix: [203, 0, 113], bits: 24), Block(prefix: [224], bits: 4), Block(prefix: [240], bits: 4),
    ]

    private static let v6: [Block] = [
        Block(prefix: [], bits: 128), Block(prefix: [UInt8](repeating: 0, count: 15) + [1], bits: 128),
        Block(prefix: [1, 0], bits: 64), Block(prefix: [0x20, 1, 0x0D, 0xB8], bits: 32),
        Block(prefix: [0xFC], bits: 7), Block(prefix: [0xFE, 0x80], bits: 10), Block(prefix: [0xFF], bits: 8),
    ]
}
