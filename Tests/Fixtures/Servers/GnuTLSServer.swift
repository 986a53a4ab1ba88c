import Glibc

extension ServerRecipe {
    /// gnutls-serv listens on every interface, so that its port must be free on all of them.
    package static func gnutls(
        _ options: @escaping @Sendable (ServerPlace) -> [String] = { _ in ["--disable-client-cert"] }
    ) -> ServerRecipe {
        let port = freePort()
        return ServerRecipe(
            description: "gnutls-serv", listeners: [Listener(port)],
            command: { place in
                [
                    "/usr/bin/gnutls-serv", "--echo", "--x509certfile", place.chain, "--x509keyfile",
                    place.key, "-p", "\(port)",
                ] + options(place)
            })
    }

    /// Below 32768, where the ports of outgoing connections begin.
    private static func freePort() -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: 20_000..<32_000)
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(socket) }
            var own = sockaddr_in()
            own.sin_family = sa_family_t(AF_INET)
            own.sin_port = port.bigEndian
            let free = withUnsafePointer(to: &own) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if free { return port }
        }
        return 0
    }
}
