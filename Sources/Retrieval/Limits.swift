import Egress
import Reports

/// What one transfer may cost.
struct TransferLimits: Sendable, Equatable {
    /// Octets of the body.
    var octets: Int
    /// From the first step to the last octet, all redirects and tries included.
    var time: Duration
    /// Such a transfer may need a file of its own.
    var isLarge: Bool

    /// By what is fetched:
    ///
    /// - issuer: 256 kB. A certificate has 2 kB, a bundle (PKCS#7) of cross-certificates some dozens; Chrome
    ///   takes 64 kB.
    /// - OCSP: 64 kB. A response with the responder's certificate has 2 kB; one signed by SLH-DSA,
    ///   certificate included, below 60.
    /// - CRL: 64 MB. The largest in public use are near 50 MB.
    ///
    /// The time is 10 s: who waits has 2 s by default, and a server that needs more than 10 never helps. A
    /// large CRL needs more than any check has, so it may come in 30 s, for whoever asks next.
    init(_ kind: Wanted.Kind) {
        switch kind {
        case .issuer: self.init(octets: 256 << 10, time: .seconds(10))
        case .ocsp: self.init(octets: 64 << 10, time: .seconds(10))
        case .crl: self.init(octets: 64 << 20, time: .seconds(30), isLarge: true)
        }
    }

    init(octets: Int, time: Duration, isLarge: Bool = false) {
        (self.octets, self.time, self.isLarge) = (octets, time, isLarge)
    }

    /// Bodies above it are written to a file: 64 transfers then hold 64 MB at most.
    static let held = 1 << 20
    /// Transfers at once, of all callers: as many as names that the resolver asks for at once. Each is a
    /// descriptor and up to `held` octets.
    static let transfers = 64
    /// Of these, transfers that may become large files at once: eight CRLs of 64 MB are half a gigabyte.
    static let largeTransfers = 8
    /// A slower large transfer is ended after five seconds: 50 MB would take an hour.
    static let leastOctetsPerSecond = 16 << 10
    static let slowSeconds = 5

    /// For one connection: a SYN that was lost is sent again after a second (RFC 6298 §2.1), and there must
    /// be an outcome to remember before those who wait have left.
    static let connect = Duration.milliseconds(1500)
    /// http to the canonical name, that to a CDN, and one more.
    static let redirects = 3
    /// Addresses of one host that are tried, in the resolver's order.
    static let addresses = 4
}

/// A proxy whose own name was resolved.
struct DialledProxy: Sendable {
    var address: IPAddress
    var port: UInt16
    /// The value of `Proxy-Authorization`; never printed.
    var authorization: String?
}
