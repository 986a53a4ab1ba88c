extension ServerRecipe {
    /// Its SMTP server alone: nothing is queued.
    package static func postfix(tls: Bool = true) -> ServerRecipe {
        let plain = Listener(10_025, "smtp")
        return ServerRecipe(
            description: "postfix", listeners: tls ? [plain, Listener(10_465)] : [plain], needsRoot: true,
            folders: ["data"] + ["pid", "private", "public"].map { "queue/" + $0 },
            files: { place in
                let main = """
                    compatibility_level = 3.6
                    queue_directory = \(place.folder)/queue
                    data_directory = \(place.folder)/data
                    maillog_file = \(place.folder)/queue/log
                    maillog_file_prefixes = \(place.folder)
                    inet_interfaces = loopback-only
                    inet_protocols = ipv4
                    myhostname = mx.test
                    mydestination =
                    alias_maps =
                    local_recipient_maps =
                    smtpd_peername_lookup = no
                    smtpd_tls_chain_files = \(place.keyAndChain)
                    smtpd_tls_security_level = \(tls ? "may" : "none")

                    """
                let master = """
                    \(place.address):10025 inet n - n - - smtpd
                    \(place.address):10465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
                    tlsmgr unix - - n 1000? 1 tlsmgr
                    anvil unix - - n - 1 anvil
                    rewrite unix - - n - - trivial-rewrite
                    postlog unix-dgram n - n - 1 postlogd

                    """
                return ["etc/main.cf": main, "etc/master.cf": master]
            },
            // The queue's sockets belong to its own user, its configuration to root.
            preparation: { place in
                ["private", "public"].map { ["chown", "postfix", "queue/" + $0] }
                    + [["chown", "postfix", "data"]]
            },
            command: { ["/usr/lib/postfix/sbin/master", "-c", $0.folder + "/etc", "-d"] })
    }
}
