import Egress
import Fixtures
import Logging
import NIOPosix
import Probing
import Reports
import TLS
import Testing

/// A prober and the short ways to use it.
struct ProbeStage {
    let prober: Prober

    init(
        hosts: String = "", servers: String = "127.0.0.1:1", allowsPrivate: Bool = true,
        policy: EgressPolicy? = nil, limits: DestinationLimits = DestinationLimits(),
        clientCertificates: ClientCertificates = ClientCertificates(), proxy: Proxy? = nil,
        proxies: [String: Proxy] = [:]
    ) throws {
        var access = Access()
        (access.clientCertificates, access.proxy, access.proxies) = (clientCertificates, proxy, proxies)
        prober = Prober(
            resolver: Resolver(hosts: HostsFile(contents: hosts), servers: servers),
            policy: policy ?? EgressPolicy(allowsPrivate: allowsPrivate), limits: limits,
            access: CurrentAccess(access), context: try #require(TLSContext()),
            lowest: try #require(TLSContext(securityLevel: .lowest)),
            group: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"))
    }

    func probe(
        _ name: String = "server.test", address: String? = "127.0.0.1", port: UInt16, sni: String? = nil,
        timeout: Duration = .seconds(20)
    ) async -> Evidence {
        let host = ReferenceIdentifier.dns(aLabels: name, given: name)
        return await prober.probe(
            Endpoint(host: host, port: port, address: address, sni: sni), timeout: timeout)
    }
}

/// A root, an intermediate and a leaf for `server.test`.
struct TestChain {
    let root: Authority
    let intermediate: Authority
    let leaf: FixtureCertificate
    var presented: [FixtureCertificate] { [leaf, intermediate.certificate] }

    init(key: KeyKind = .ec256) {
        root = Authority.root("Probe Root")
        intermediate = root.intermediate("Probe Intermediate")
        leaf = intermediate.leaf("server.test", key: .labelled(key, "probe leaf"))
    }
}
