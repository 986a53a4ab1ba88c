extension ServerRecipe {
    package static func dovecot(tls: Bool = true) -> ServerRecipe {
        let plain = [
            Listener(10_143, "imap"), Listener(10_110, "pop3"), Listener(14_190, "sieve"),
            Listener(10_024, "lmtp"),
        ]
        return ServerRecipe(
            description: "dovecot", listeners: tls ? plain + [Listener(10_993), Listener(10_995)] : plain,
            needsRoot: true,
            files: { place in
                func listener(_ name: String, _ port: Int, atOnce: Bool = false) -> String {
                    "inet_listener \(name) {\n port = \(port)\n ssl = \(atOnce ? "yes" : "no")\n}"
                }
                let configuration = """
                    base_dir = \(place.folder)/run
                    state_dir = \(place.folder)
                    log_path = /dev/stderr
                    protocols = imap pop3 lmtp sieve
                    listen = \(place.address)
                    ssl = \(tls ? "yes" : "no")
                    ssl_cert = <\(place.chain)
                    ssl_key = <\(place.key)
                    mail_location = maildir:\(place.folder)/mail
                    passdb {
                      driver = static
                      args = nopassword=y
                    }
                    userdb {
                      driver = static
                      args = uid=mail gid=mail home=\(place.folder)
                    }
                    service imap-login {
                      \(listener("imap", 10_143))
                      \(listener("imaps", tls ? 10_993 : 0, atOnce: true))
                    }
                    service pop3-login {
                      \(listener("pop3", 10_110))
                      \(listener("pop3s", tls ? 10_995 : 0, atOnce: true))
                    }
                    service managesieve-login {
                      \(listener("sieve", 14_190))
                    }
                    service lmtp {
                      \(listener("lmtp", 10_024))
                    }

                    """
                return ["dovecot.conf": configuration]
            },
            command: { ["/usr/sbin/dovecot", "-F", "-c", $0.folder + "/dovecot.conf"] })
    }
}
