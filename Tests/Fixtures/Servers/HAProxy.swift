extension ServerRecipe {
    /// One port sends the chain to anybody, one answers only those who name the certificate, one picks the
    /// server behind it by the name and else closes.
    ///
    /// - Parameters:
    ///   - options: of the first `bind`.
    ///   - staple: who answers with "good" for the first certificate; the response is the file
    ///     `both.pem.ocsp`.
    package static func haproxy(
        staple: (authority: Authority, leaf: FixtureCertificate)? = nil,
        options: @escaping @Sendable (ServerPlace) -> String = { _ in "" }
    ) -> ServerRecipe {
        ServerRecipe(
            description: "haproxy", listeners: [Listener(10_443), Listener(10_444), Listener(10_445)],
            files: { place in
                var files = ["haproxy.cfg": configuration(place, options(place))]
                if let staple {
                    let serial = staple.leaf.serial.map { byte in
                        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                    }.joined()
                    files["index"] = "V\t491231235959Z\t\t\(serial)\tunknown\t/CN=leaf\n"
                    files["issuer.pem"] = staple.authority.certificate.pem
                    files["issuer.key"] = staple.authority.certificate.keyPEM
                }
                return files
            },
            preparation: { place in
                guard staple != nil else { return [] }
                let response = [
                    "openssl", "ocsp", "-index", "index", "-CA", "issuer.pem", "-issuer", "issuer.pem",
                    "-rsigner", "issuer.pem", "-rkey", "issuer.key", "-cert", place.chain, "-ndays", "30",
                    "-respout", place.keyAndChain + ".ocsp",
                ]
                return [response]
            },
            command: { ["/usr/sbin/haproxy", "-db", "-f", $0.folder + "/haproxy.cfg"] })
    }

    private static func configuration(_ place: ServerPlace, _ options: String) -> String {
        """
        global
          tune.ssl.default-dh-param 2048
        defaults
          mode http
          timeout connect 30s
          timeout client 30s
          timeout server 30s
        frontend open
          bind \(place.address):10443 ssl crt \(place.keyAndChain) \(options)
          http-request return status 200
        frontend strict
          bind \(place.address):10444 ssl crt \(place.keyAndChain) strict-sni
          http-request return status 200
        frontend router
          mode tcp
          bind \(place.address):10445
          tcp-request inspect-delay 30s
          tcp-request content accept if { req.ssl_hello_type 1 }
          use_backend named if { req.ssl_sni -i server.test }
        backend named
          mode tcp
          server strict \(place.address):10444

        """
    }
}
