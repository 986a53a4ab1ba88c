extension ServerRecipe {
    /// Debian's slapd takes its TLS from GnuTLS.
    package static func slapd(tls: Bool = true) -> ServerRecipe {
        ServerRecipe(
            description: "slapd",
            listeners: [Listener(10_389, "ldap")] + (tls ? [Listener(10_636)] : []),
            files: { place in
                let security = """
                    TLSCertificateFile \(place.chain)
                    TLSCertificateKeyFile \(place.key)
                    """
                return ["slapd.conf": "pidfile \(place.folder)/pid\n" + (tls ? security : "") + "\n"]
            },
            command: { place in
                let urls = ["ldap://\(place.address):10389"] + (tls ? ["ldaps://\(place.address):10636"] : [])
                return [
                    "/usr/sbin/slapd", "-f", place.folder + "/slapd.conf", "-h", urls.joined(separator: " "),
                    // In the foreground, saying nothing.
                    "-d", "0",
                ]
            })
    }
}
