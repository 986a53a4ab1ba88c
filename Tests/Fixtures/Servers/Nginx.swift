extension ServerRecipe {
    /// - Parameter more: further directives of the server block.
    package static func nginx(_ more: @escaping @Sendable (ServerPlace) -> String = { _ in "" })
        -> ServerRecipe
    {
        nginx { place in
            (block(place, place.chain, place.key, more(place)), [:])
        }
    }

    /// A server of many names, each with a chain of its own, picked by the server name asked for.
    package static func nginx(hosts: [(name: String, presented: [FixtureCertificate])]) -> ServerRecipe {
        nginx { place in
            var (blocks, files) = ("", [String: String]())
            for (name, presented) in hosts {
                let path = place.folder + "/" + name
                blocks += block(place, path + ".pem", path + ".key", "server_name \(name);")
                files[name + ".pem"] = presented.pem
                files[name + ".key"] = presented.first?.keyPEM ?? ""
            }
            return (blocks, files)
        }
    }

    /// Plain http on port 10080: a CA's repository.
    ///
    /// - Parameters:
    ///   - files: by their paths below the root.
    ///   - more: further directives of the server block.
    package static func nginx(serving files: [String: [UInt8]], _ more: String = "") -> ServerRecipe {
        var recipe = nginx { place in
            let block = """
                access_log access.log;
                types { application/pkix-crl crl; application/pkix-cert cer; }
                server {
                    listen \(place.address):10080;
                    root \(place.folder)/www;
                    \(more)
                }
                """
            return (block, [:])
        }
        recipe.listeners = [Listener(10_080)]
        recipe.folders = ["www"]
        recipe.octets = Dictionary(uniqueKeysWithValues: files.map { ("www/" + $0, $1) })
        return recipe
    }

    /// Two chains side by side, of keys of two kinds (nginx 1.11 and later).
    package static func nginx(second: [FixtureCertificate]) -> ServerRecipe {
        nginx { place in
            let path = place.folder + "/second"
            return (
                block(
                    place, place.chain, place.key,
                    "ssl_certificate \(path).pem; ssl_certificate_key \(path).key;"),
                ["second.pem": second.pem, "second.key": second.first?.keyPEM ?? ""]
            )
        }
    }

    private static func nginx(
        _ servers: @escaping @Sendable (ServerPlace) -> (blocks: String, files: [String: String])
    ) -> ServerRecipe {
        ServerRecipe(
            description: "nginx", listeners: [Listener(10_443)],
            files: { place in
                let (blocks, files) = servers(place)
                let configuration = """
                    daemon off;
                    master_process off;
                    pid nginx.pid;
                    error_log stderr;
                    events {}
                    http {
                        client_body_temp_path body;
                        proxy_temp_path proxy;
                        fastcgi_temp_path fastcgi;
                        uwsgi_temp_path uwsgi;
                        scgi_temp_path scgi;
                        \(blocks)
                    }
                    """
                return files.merging(["nginx.conf": configuration]) { $1 }
            },
            command: { ["/usr/sbin/nginx", "-p", $0.folder, "-c", $0.folder + "/nginx.conf"] })
    }

    /// nginx 1.22 has TLS 1.3 only when it is named.
    private static func block(
        _ place: ServerPlace, _ chain: String, _ key: String, _ more: String
    ) -> String {
        """
        server {
            access_log off;
            listen \(place.address):10443 ssl;
            ssl_certificate \(chain);
            ssl_certificate_key \(key);
            ssl_protocols TLSv1.2 TLSv1.3;
            \(more)
        }

        """
    }
}

extension ServerRecipe {
    /// Issuers as CAs publish them, over plain HTTP on port 10080: each certificate as `NAME.der`, `NAME.pem`
    /// and `NAME.p7c`; and files that are what they are.
    package static func nginx(issuers: [String: FixtureCertificate], files: [String: String] = [:])
        -> ServerRecipe
    {
        var recipe = ServerRecipe(
            description: "nginx", listeners: [Listener(10_080)],
            command: { ["/usr/sbin/nginx", "-p", $0.folder, "-c", $0.folder + "/nginx.conf"] })
        recipe.folders = ["www"]
        recipe.files = { place in
            var all = [
                "nginx.conf": """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                events {}
                http {
                    access_log access.log;
                    client_body_temp_path body;
                    proxy_temp_path proxy;
                    fastcgi_temp_path fastcgi;
                    uwsgi_temp_path uwsgi;
                    scgi_temp_path scgi;
                    server {
                        listen \(place.address):10080;
                        root \(place.folder)/www;
                    }
                }
                """
            ]
            for (name, certificate) in issuers { all["www/\(name).pem"] = certificate.pem }
            for (name, text) in files { all["www/\(name)"] = text }
            return all
        }
        recipe.preparation = { place in
            issuers.keys.sorted().flatMap { name -> [[String]] in
                let path = place.folder + "/www/" + name
                return [
                    ["openssl", "x509", "-in", path + ".pem", "-outform", "DER", "-out", path + ".der"],
                    [
                        "openssl", "crl2pkcs7", "-nocrl", "-certfile", path + ".pem", "-outform", "DER",
                        "-out", path + ".p7c",
                    ],
                ]
            }
        }
        return recipe
    }
}
