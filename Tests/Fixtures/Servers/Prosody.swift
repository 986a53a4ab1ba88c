extension ServerRecipe {
    /// Serves the domain `server.test`; a stream to another is refused before TLS.
    package static func prosody(tls: Bool = true) -> ServerRecipe {
        let plain = [Listener(10_222, "xmpp"), Listener(10_269, "xmpp-server")]
        return ServerRecipe(
            description: "prosody", listeners: tls ? plain + [Listener(10_223)] : plain,
            files: { place in
                let configuration = """
                    run_as_root = true
                    pidfile = "\(place.folder)/pid"
                    data_path = "\(place.folder)"
                    certificates = "\(place.folder)"
                    log = { warn = "*console" }
                    modules_enabled = { "saslauth"; "dialback"\(tls ? "; \"tls\"" : "") }
                    modules_disabled = { "offline"\(tls ? "" : "; \"tls\"") }
                    c2s_require_encryption = \(tls)
                    allow_unencrypted_plain_auth = \(!tls)
                    c2s_interfaces = { "\(place.address)" }
                    c2s_ports = { 10222 }
                    s2s_interfaces = { "\(place.address)" }
                    s2s_ports = { 10269 }
                    c2s_direct_tls_interfaces = { "\(place.address)" }
                    c2s_direct_tls_ports = { \(tls ? "10223" : "") }
                    s2s_direct_tls_ports = { }
                    http_ports = { }
                    https_ports = { }
                    ssl = { certificate = "\(place.chain)"; key = "\(place.key)" }
                    c2s_direct_tls_ssl = { certificate = "\(place.chain)"; key = "\(place.key)" }
                    VirtualHost "server.test"

                    """
                return ["prosody.cfg.lua": configuration]
            },
            command: { ["/usr/bin/prosody", "--config", $0.folder + "/prosody.cfg.lua", "-F"] })
    }
}
